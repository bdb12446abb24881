"""Pages as connections ask for them: between two cursors, from either end, a cursor for each row."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import asyncpg
from sqlalchemy import Select, literal_column

from portico.adapters.postgres.listings import beyond, cursor_after, descends, filtered, places_of, plain
from portico.adapters.postgres.statements import Compiled, compile_statement
from portico.ports.paging import Edged, Edges, Keyset, Listing


class Span(NamedTuple):
    """Which of a listing's statements."""

    filters: frozenset[str]
    after: bool
    before: bool
    backward: bool
    limit: int


_compiled: "WeakKeyDictionary[Listing, dict[Span, Compiled]]" = WeakKeyDictionary()


def edges_statement(listing: Listing, at: Keyset, edges: Edges, *, values: Mapping[str, object]) -> Compiled:
    """The page's statement, for one row more than wanted; compiled once for each set of filters."""
    filters = frozenset(name for name in listing.where if values.get(name) is not None)
    span = Span(filters, at.after is not None, edges.before is not None, edges.backward, at.limit)
    known = _compiled.setdefault(listing, {})
    if span not in known:
        known[span] = compile_statement(_build(listing, span), {})
    return known[span]


def edges_positions(listing: Listing, at: Keyset, edges: Edges) -> dict[str, object]:
    """Values for the places of both cursors; raises Invalid where one is none of ours."""
    after = {} if at.after is None else places_of(listing, "after", at.after)
    return after if edges.before is None else {**after, **places_of(listing, "before", edges.before)}


def in_order(rows: list[asyncpg.Record], at: Keyset, edges: Edges) -> list[asyncpg.Record]:
    """The rows that are wanted, as the list has them."""
    kept = rows[: at.limit]
    return kept[::-1] if edges.backward else kept


def edged(rows: list[asyncpg.Record], listing: Listing, *, at: Keyset, edges: Edges) -> Edged:
    """Where each of the wanted rows stands, and whether there are others about them."""
    cursors = [cursor_after(row, listing) for row in in_order(rows, at, edges)]
    more, after, before = len(rows) > at.limit, at.after is not None, edges.before is not None
    return Edged(cursors, more or after, before) if edges.backward else Edged(cursors, after, more or before)


def _build(listing: Listing, span: Span) -> Select[Any]:
    columns = [plain(column) for column in listing.order]
    down = descends(listing.order[0]) is not span.backward
    built = filtered(listing, span.filters).order_by(None)
    built = built.order_by(*(column.desc() if down else column.asc() for column in columns))
    built = built.add_columns(*(column.label(f"_order{i}") for i, column in enumerate(columns)))
    if span.after:
        built = built.where(beyond(listing.order, "after"))
    if span.before:
        built = built.where(beyond(listing.order, "before"))
    return built.limit(literal_column(str(span.limit + 1)))
