"""Pages of a list, asked for and given as Relay's connections say."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from portico.core.plan import Plan
from portico.errors import FieldError, Invalid
from portico.generate.graphql.schema import pages_of
from portico.ports.paging import MOST, Edged, Edges, Numbered

PAGE = 20
MARK = "~"
"""Stands in a cursor between how many are skipped and the cursor of the page that they are of; in no such cursor."""


class Window(NamedTuple):
    """Which page of the list is asked for, and which part of it is wanted."""

    members: Mapping[str, object]
    skip: int
    size: int
    base: str
    """What cursors of its rows begin at, where the list has none of its own."""
    edges: Edges | None = None
    """How a list by cursor is asked besides."""
    rest: Mapping[str, object] | None = None
    """The page of a numbered list that has the others, where no page has all that are wanted."""


def window_of(plan: Plan, given: Mapping[str, Any]) -> Window:
    """What is asked of the action; raises Invalid where the arguments make no sense."""
    return _numbered(given) if pages_of(plan, Numbered) else _keyset(given)


def connection(window: Window, data: list[Any], meta: Mapping[str, Any]) -> dict[str, Any]:
    """The rows as a connection.

    Raises Invalid where they were wanted backward, and the list has no way to do that; and where they were wanted after
    a cursor that counts rows, of a list whose rows have their own.
    """
    if "edged" in meta:
        if window.skip:
            raise _foreign("after")
        return _connection(data, Edged(*meta["edged"]), None)
    if window.edges is not None and window.edges != Edges():
        name = "last" if window.edges.backward else "before"
        raise Invalid(errors={name: [FieldError("VAL_INVALID_VALUE", message="This list is read forward alone.")]})
    rows = data[window.skip : window.skip + window.size]
    whole = len(data) <= window.skip + window.size
    return _connection(rows, _counted_off(window, len(rows), meta, whole=whole), meta.get("total"))


def _connection(rows: list[Any], edged: Edged, total: int | None) -> dict[str, Any]:
    cursors = edged.cursors
    return {
        "edges": [{"cursor": c, "node": row} for c, row in zip(cursors, rows, strict=True)],
        "nodes": rows,
        "totalCount": total,
        "pageInfo": {
            "hasNextPage": edged.later,
            "hasPreviousPage": edged.earlier,
            "startCursor": cursors[0] if cursors else None,
            "endCursor": cursors[-1] if cursors else None,
        },
    }


def _counted_off(window: Window, many: int, meta: Mapping[str, Any], *, whole: bool) -> Edged:
    """Cursors that count rows from where the page begins, for lists that give none."""
    counted, total = meta.get("total") is not None, meta.get("total")
    start = int(window.base or 0) + window.skip if counted else window.skip
    cursors = [_cursor(start + i + 1, "" if counted else window.base) for i in range(many)]
    more = start + many < total if total is not None else meta.get("after") is not None
    if not counted and meta.get("after") and whole and cursors:
        cursors[-1] = meta["after"]
    elif not counted:
        more = more or not whole
    return Edged(cursors, earlier=start > 0 or bool(window.base and not counted), later=more)


def _cursor(skipped: int, base: str) -> str:
    return f"{skipped}{MARK}{base}"


def _keyset(given: Mapping[str, Any]) -> Window:
    first, last, after, before = (given.get(name) for name in ("first", "last", "after", "before"))
    if first is not None and last is not None:
        words = "Please ask for the first or for the last, not for both."
        raise Invalid(errors={"last": [FieldError("VAL_INVALID_VALUE", message=words)]})
    count = _count(given, "first" if last is None else "last")
    if before is not None and MARK in before:
        raise _foreign("before")
    skip, base = _read(after, "after") if after and MARK in after else (0, after or "")
    members = {"limit": min(skip + count, MOST)} | ({"after": base} if base else {})
    return Window(members, skip, count, base, Edges(before or None, backward=last is not None))


def _numbered(given: Mapping[str, Any]) -> Window:
    start, end = 0, None
    if given.get("after"):
        start = _counted(given["after"], "after")
    if given.get("before"):
        end = _counted(given["before"], "before") - 1
    count = _count(given, "first")
    if given.get("last") is not None:
        count = _count(given, "last")
        if end is None:
            words = "Please write before, or read the list forward."
            raise Invalid(errors={"last": [FieldError("VAL_REQUIRED_FIELD", message=words)]})
        start = max(end - count, start)
    if end is not None:
        count = max(min(count, end - start), 0)
    return _page(start, count)


def _page(start: int, count: int) -> Window:
    """A numbered page that holds all that is wanted, where there is one; else the largest two beside each other."""
    last = start + max(count, 1) - 1
    size = next((n for n in range(max(count, 1), MOST + 1) if start // n == last // n), MOST)
    page = start // size
    rest = {"page": page + 2, "limit": size} if last // size > page else None
    return Window({"page": page + 1, "limit": size}, start - page * size, count, str(page * size), rest=rest)


def _count(given: Mapping[str, Any], name: str) -> int:
    count = given.get(name)
    if count is None:
        return PAGE
    if count < 1:
        raise Invalid(errors={name: [FieldError("VAL_TOO_SMALL", {"limit": 1})]})
    return min(int(count), MOST)


def _counted(cursor: str, name: str) -> int:
    """How many rows of a numbered list are skipped: its cursors stand on nothing else."""
    skipped, base = _read(cursor, name)
    if base or not cursor.endswith(MARK):
        raise _foreign(name)
    return skipped


def _read(cursor: str, name: str) -> tuple[int, str]:
    skipped, _, base = cursor.partition(MARK)
    if not skipped.isdecimal() or len(skipped) > len("1000000000") or not int(skipped):
        raise _foreign(name)
    return min(int(skipped), MOST) if base else int(skipped), base


def _foreign(name: str) -> Invalid:
    """What is said of a cursor that the list has not given."""
    return Invalid(errors={name: [FieldError("VAL_INVALID_CURSOR")]})
