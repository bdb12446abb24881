"""Pages of a listing: by keyset cursor, or by number with totals."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal, NamedTuple
from uuid import UUID
from weakref import WeakKeyDictionary

import asyncpg
from pydantic_core import from_json, to_json
from sqlalchemy import BigInteger, ColumnElement, Select, bindparam, func, literal_column, select, tuple_

from portico.adapters.postgres.as_json import Cut, json_statement, written_alike
from portico.adapters.postgres.statements import Compiled, compile_statement
from portico.errors import FieldError, Invalid
from portico.ports.paging import Keyset, Listing, Numbered


def _moment(text: str) -> datetime:
    """A moment that UTC has, too; raises OverflowError for another."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo is None else moment.astimezone(UTC)


READERS = {UUID: UUID, datetime: _moment, date: date.fromisoformat, Decimal: Decimal}


class Shape(NamedTuple):
    """Which of a listing's statements: the filters in use, whether it continues or counts, and what its rows become."""

    filters: frozenset[str]
    continued: bool
    counted: bool
    limit: int = 0
    """Written into the statement: PostgreSQL plans a LIMIT that it does not know anew at every call."""
    into: object = None


_compiled: "WeakKeyDictionary[Listing, dict[Shape, Compiled]]" = WeakKeyDictionary()


def statement_of(listing: Listing, at: Keyset | Numbered, values: Mapping[str, object], *, into: type[Any]) -> Compiled:
    """The page's statement, compiled once for each set of filters; as JSON where the model would write the same."""
    filters = frozenset(name for name in listing.where if values.get(name) is not None)
    shape = Shape(filters, isinstance(at, Keyset) and at.after is not None, isinstance(at, Numbered), at.limit, into)
    shapes = _compiled.setdefault(listing, {})
    compiled = shapes.get(shape)
    if compiled is None:
        compiled = compile_statement(_build(listing, shape), {})
        if written_alike(into, listing.select):
            cut = Cut(at.limit, 0 if shape.counted else len(listing.order))
            compiled = json_statement(compiled, listing.select, into, cut=cut)
        shapes[shape] = compiled
    return compiled


def count_of(listing: Listing, values: Mapping[str, object]) -> Compiled:
    """The statement that counts a listing."""
    filters = frozenset(name for name in listing.where if values.get(name) is not None)
    shapes = _compiled.setdefault(listing, {})
    shape = Shape(filters, continued=True, counted=True)
    if shape not in shapes:
        inner = filtered(listing, filters).order_by(None).subquery()
        shapes[shape] = compile_statement(select(func.count()).select_from(inner), {})
    return shapes[shape]


def positions(listing: Listing, at: Keyset | Numbered) -> dict[str, object]:
    """Values for the page's own places; raises Invalid where the cursor is none of ours."""
    if isinstance(at, Numbered):
        return {"_offset": (at.page - 1) * at.limit}
    wanted: dict[str, object] = {}
    if at.after is not None:
        wanted |= places_of(listing, "after", at.after)
    return wanted


def places_of(listing: Listing, name: Literal["after", "before"], cursor: str) -> dict[str, object]:
    """The cursor's values, for the places that it has in a statement; raises Invalid where it is none of ours."""
    return {f"_{name}{i}": value for i, value in enumerate(_read_cursor(cursor, listing, name))}


def cursor_after(row: asyncpg.Record, listing: Listing) -> str:
    """The cursor that continues after the row."""
    return urlsafe_b64encode(to_json([row[f"_order{i}"] for i in range(len(listing.order))])).decode().rstrip("=")


def _build(listing: Listing, shape: Shape) -> Select[Any]:
    built = filtered(listing, shape.filters).order_by(None).order_by(*listing.order)
    if shape.counted:
        return built.limit(literal_column(str(shape.limit))).offset(bindparam("_offset"))
    built = built.limit(literal_column(str(shape.limit + 1)))
    built = built.add_columns(*(plain(c).label(f"_order{i}") for i, c in enumerate(listing.order)))
    if shape.continued:
        built = built.where(beyond(listing.order, "after"))
    return built


def filtered(listing: Listing, filters: frozenset[str]) -> Select[Any]:
    """The listing's rows under those filters."""
    return listing.select.where(*(listing.where[name] for name in sorted(filters)))


def beyond(order: Sequence[ColumnElement[Any]], cursor: Literal["after", "before"]) -> ColumnElement[bool]:
    """The rows behind the cursor, or those before it; all columns run one way, so that one index serves them.

    Each value stands in a sub-select of its own: a plan that knew them would look cheaper than it is, and PostgreSQL
    would make a new one for every page, at twice the page's cost.
    """
    columns = [plain(c) for c in order]
    places = [select(bindparam(f"_{cursor}{i}", type_=c.type)).scalar_subquery() for i, c in enumerate(columns)]
    one, other = tuple_(*columns), tuple_(*places)
    return one < other if descends(order[0]) is (cursor == "after") else one > other


def descends(column: ColumnElement[Any]) -> bool:
    """Whether a list in this order runs down."""
    return getattr(getattr(column, "modifier", None), "__name__", "") == "desc_op"


def plain(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The column without its direction."""
    inner: ColumnElement[Any] = getattr(column, "element", column) if hasattr(column, "modifier") else column
    return inner


def _read_cursor(text: str, listing: Listing, name: str) -> list[object]:
    try:
        values = from_json(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        columns = [plain(c) for c in listing.order]
        return [_typed(value, column) for value, column in zip(values, columns, strict=True)]
    except (ValueError, TypeError, ArithmeticError, NotImplementedError):
        raise Invalid(errors={name: [FieldError("VAL_INVALID_CURSOR")]}) from None


def _typed(value: object, column: ColumnElement[Any]) -> object:
    kind = column.type.python_type
    if kind in READERS:
        return READERS[kind](str(value))  # type: ignore[operator]  # each reads a string
    if not isinstance(value, kind):
        raise TypeError
    if isinstance(value, int) and value.bit_length() > (63 if isinstance(column.type, BigInteger) else 31):
        raise OverflowError
    if isinstance(value, str) and "\0" in value:
        raise ValueError
    return value
