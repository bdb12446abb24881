"""What an action can refuse with, as a union that is told apart by its code."""

from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import Any, get_type_hints

from pydantic import TypeAdapter

from portico.errors import Error, Invalid, MethodNotAllowed, RateLimited
from portico.generate.openapi.schemas import Plain
from portico.generate.typescript.names import member_name, quoted
from portico.generate.typescript.types import type_of

OWN = frozenset(field.name for error in (Error, Invalid, RateLimited, MethodNotAllowed) for field in fields(error))
"""Data that the shape of every refusal has a place for."""


def refusal_types(errors: Iterable[type[Error]]) -> Iterator[str]:
    """One type for each code, by code; classes that share a code are one."""
    by_code: dict[str, list[type[Error]]] = {}
    for error in errors:
        by_code.setdefault(error.code, []).append(error)
    for code, kinds in sorted(by_code.items()):
        data = " | ".join(dict.fromkeys(_data(kind) for kind in kinds))
        yield f"Refusal<{quoted(code)}, {data}>"


def _data(error: type[Error]) -> str:
    """What this code adds, as the wire's `data` has it."""
    hints = get_type_hints(error)
    added = [field.name for field in fields(error) if field.name not in OWN]
    members = [f"{member_name(name)}: {_plain(hints[name])}" for name in added]
    return f"{{ {'; '.join(members)} }}" if members else "undefined"


def _plain(hint: Any) -> str:
    """The type of a member, with nothing but itself to refer to."""
    schema = TypeAdapter(hint).json_schema(schema_generator=Plain, mode="serialization")
    return "unknown" if "$defs" in schema else type_of(schema)
