"""Pages of a list, asked for and given as Relay's connections say."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from portico.core.plan import Plan
from portico.errors import FieldError, Invalid
from portico.generate.graphql.schema import pages_of
from portico.ports.paging import MOST, Numbered

PAGE = 20
MARK = "~"
"""Stands in a cursor between how many are skipped and the cursor of the page that they are of; in no such cursor."""


class Window(NamedTuple):
    """Which page of the list is asked for, and which part of it is wanted."""

    members: Mapping[str, object]
    skip: int
    size: int
    base: str
    """What cursors of its rows begin at."""


def window_of(plan: Plan, given: Mapping[str, Any]) -> Window:
    """What is asked of the action; raises Invalid where the arguments make no sense."""
    return _numbered(given) if pages_of(plan, Numbered) else _keyset(given)


def connection(window: Window, data: list[Any], meta: Mapping[str, Any]) -> dict[str, Any]:
    """The rows as a connection."""
    rows = data[window.skip : window.skip + window.size]
    counted, total = meta.get("total") is not None, meta.get("total")
    start = int(window.base or 0) + window.skip if counted else window.skip
    cursors = [_cursor(start + i + 1, "" if counted else window.base) for i in range(len(rows))]
    more = start + len(rows) < total if total is not None else meta.get("after") is not None
    whole = len(data) <= window.skip + window.size
    if not counted and meta.get("after") and whole and cursors:
        cursors[-1] = meta["after"]
    elif not counted:
        more = more or not whole
    return {
        "edges": [{"cursor": c, "node": row} for c, row in zip(cursors, rows, strict=True)],
        "nodes": rows,
        "totalCount": total,
        "pageInfo": {
            "hasNextPage": more,
            "hasPreviousPage": start > 0 or bool(window.base and not counted),
            "startCursor": cursors[0] if cursors else None,
            "endCursor": cursors[-1] if cursors else None,
        },
    }


def _cursor(skipped: int, base: str) -> str:
    return f"{skipped}{MARK}{base}"


def _keyset(given: Mapping[str, Any]) -> Window:
    count, after = _count(given, "first"), given.get("after")
    skip, base = _read(after, "after") if after and MARK in after else (0, after)
    if not base:
        return Window({"limit": min(skip + count, MOST)}, skip, count, "")
    return Window({"limit": min(skip + count, MOST), "after": base}, skip, count, base)


def _numbered(given: Mapping[str, Any]) -> Window:
    start, end = 0, None
    if given.get("after"):
        start = _read(given["after"], "after")[0]
    if given.get("before"):
        end = max(_read(given["before"], "before")[0] - 1, 0)
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
    """A numbered page that holds all that is wanted, where there is one; else the one that begins it."""
    last = start + max(count, 1) - 1
    size = next((n for n in range(max(count, 1), MOST + 1) if start // n == last // n), MOST)
    page = start // size
    return Window({"page": page + 1, "limit": size}, start - page * size, count, str(page * size))


def _count(given: Mapping[str, Any], name: str) -> int:
    count = given.get(name)
    if count is None:
        return PAGE
    if count < 1:
        raise Invalid(errors={name: [FieldError("VAL_TOO_SMALL", {"limit": 1})]})
    return min(int(count), MOST)


def _read(cursor: str, name: str) -> tuple[int, str]:
    skipped, _, base = cursor.partition(MARK)
    if not skipped.isdecimal() or len(skipped) > len("1000000000"):
        raise Invalid(errors={name: [FieldError("VAL_INVALID_CURSOR")]})
    return min(int(skipped), MOST) if base else int(skipped), base
