"""Numbers that Python has and JSON has not: an answer could not say them again (RFC 8259, section 6)."""

from collections.abc import Iterator, Mapping
from itertools import islice
from math import isfinite

from pydantic import BaseModel

from portico.core.field_errors import MOST, path_of
from portico.errors import FieldError

LOOSE = ("float", "any", "function-plain")
"""What Pydantic calls a type that a NaN may come through."""


def strange_numbers(value: object, prefix: tuple[object, ...] = ()) -> dict[str, list[FieldError]]:
    """The members that are NaN or infinite, each under its dotted path."""
    return {path_of(place): [FieldError("VAL_INVALID_FORMAT")] for place in islice(_beyond(value, prefix), MOST)}


def lets_them_through(schema: object) -> bool:
    """Whether a value of this schema of Pydantic's may hold one."""
    if isinstance(schema, Mapping):
        return schema.get("type") in LOOSE or any(map(lets_them_through, schema.values()))
    return isinstance(schema, list | tuple) and any(map(lets_them_through, schema))


def _beyond(node: object, place: tuple[object, ...]) -> Iterator[tuple[object, ...]]:
    if isinstance(node, float):
        if not isfinite(node):
            yield place
        return
    for part, inner in _parts(node):
        yield from _beyond(inner, (*place, part))


def _parts(node: object) -> Iterator[tuple[object, object]]:
    if isinstance(node, BaseModel):
        fields = type(node).model_fields  # a default is the author's own
        yield from ((fields[name].alias or name, getattr(node, name)) for name in node.model_fields_set & fields.keys())
        yield from (node.model_extra or {}).items()
    elif isinstance(node, Mapping):
        yield from node.items()
    elif isinstance(node, list | tuple | set | frozenset):
        yield from enumerate(node)
