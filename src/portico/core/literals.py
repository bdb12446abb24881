"""Values of a `Literal` that are no texts, as a path, a query string or a header spells them: `2`, `true`."""

from collections.abc import Iterator, Mapping
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

AROUND = frozenset({Union, UnionType, list, set, frozenset, tuple})


def spelled_of(hint: Any) -> tuple[tuple[str, object], ...]:
    """Each value with its spelling; none where the type takes more than such values, for that may read texts itself."""
    values = list(_literals(hint))
    if any(isinstance(value, type) or get_origin(value) is not None for value in values):
        return ()
    texts = {value for value in values if isinstance(value, str)}
    return tuple((text, v) for v in values if v is not None and (text := _spelled(v)) not in texts)


def read_spelled(value: object, spelled: Mapping[str, object]) -> object:
    """What a text, or each of a list of them, stands for; itself, where it is no spelling."""
    if isinstance(value, list):
        return [read_spelled(each, spelled) for each in value]
    return spelled.get(value, value) if isinstance(value, str) else value


def _literals(hint: Any) -> Iterator[object]:
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Literal:
        yield from inner
    elif origin is Annotated:
        yield from _literals(inner[0])
    elif origin in AROUND:
        for one in inner:
            if one is not NoneType and one is not Ellipsis:
                yield from _literals(one)
    else:
        yield hint


def _spelled(value: object) -> str:
    value = value.value if isinstance(value, Enum) else value
    return str(value).lower() if isinstance(value, bool) else str(value)
