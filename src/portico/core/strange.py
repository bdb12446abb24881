"""Values that Python has, and JSON or PostgreSQL has not: no answer could say them again, no row could hold them.

Numbers that are NaN or infinite (RFC 8259, section 6); the character NUL (PostgreSQL, section 8.3); moments that are in
no year from 1 to 9999 once they are told in UTC.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from math import isfinite

from pydantic import BaseModel

from portico.core.field_errors import MOST, path_of
from portico.errors import FieldError

LOOSE = ("float", "any", "function-plain")
"""What Pydantic calls a type that a NaN may come through."""
DATED = ("datetime",)
"""What it calls a type that such a moment may come through."""
FIRST, LAST = 1, 9999


def strange_values(value: object, prefix: tuple[object, ...] = ()) -> dict[str, list[FieldError]]:
    """The members that are strange, each under its dotted path."""
    return {path_of(place): [FieldError("VAL_INVALID_FORMAT")] for place in islice(_found(value, prefix), MOST)}


def holds(schema: object, kinds: tuple[str, ...]) -> bool:
    """Whether a value of this schema of Pydantic's may hold one of these kinds."""
    if isinstance(schema, Mapping):
        return schema.get("type") in kinds or any(holds(inner, kinds) for inner in schema.values())
    return isinstance(schema, list | tuple) and any(holds(inner, kinds) for inner in schema)


def _found(node: object, place: tuple[object, ...]) -> Iterator[tuple[object, ...]]:
    if isinstance(node, float | str | datetime):
        if _is_strange(node):
            yield place
        return
    for part, inner in _parts(node):
        if isinstance(part, str) and _is_strange(part):
            yield place
        else:
            yield from _found(inner, (*place, part))


def _is_strange(leaf: float | str | datetime) -> bool:
    if isinstance(leaf, str):
        return "\0" in leaf
    if isinstance(leaf, float):
        return not isfinite(leaf)
    if leaf.tzinfo is None or FIRST < leaf.year < LAST:
        return False
    try:
        leaf.astimezone(UTC)
    except OverflowError:
        return True
    return False


def _parts(node: object) -> Iterator[tuple[object, object]]:
    if isinstance(node, BaseModel):
        fields = type(node).model_fields  # a default is the author's own
        yield from ((fields[name].alias or name, getattr(node, name)) for name in node.model_fields_set & fields.keys())
        yield from (node.model_extra or {}).items()
    elif isinstance(node, Mapping):
        yield from node.items()
    elif isinstance(node, list | tuple | set | frozenset):
        yield from enumerate(node)
