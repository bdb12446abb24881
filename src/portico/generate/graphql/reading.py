"""Python annotations as GraphQL types: lists, what may be null, enums, unions, models, scalars."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from graphql import GraphQLEnumType, GraphQLList, GraphQLNamedType, GraphQLNonNull, GraphQLScalarType
from pydantic import BaseModel

from portico.generate.graphql.naming import is_name, pascal
from portico.generate.graphql.scalars import JSON, LARGEST_INT, LONG, scalar_of

LISTS: frozenset[object] = frozenset({list, set, frozenset, tuple, Sequence, Iterable})
MAPS: frozenset[object] = frozenset({dict, Mapping})
NO_NAMES = frozenset({"true", "false", "null"})
Make = Callable[[type[BaseModel]], Any]
Unite = Callable[[tuple[Any, ...], str], Any]


@dataclass(slots=True)
class Reader:
    """Reads annotations; how a model is made, and several of them together, is its user's."""

    make: Make
    unite: Unite
    enums: "Enums"

    def read(self, hint: Any, label: str, metadata: Sequence[object] = ()) -> Any:
        """The type of the annotation; `label` names an enum that has no name of its own."""
        plain, notes = stripped(hint)
        notes = (*metadata, *notes)
        if get_origin(plain) in {Union, UnionType}:
            some = tuple(arg for arg in get_args(plain) if arg is not NoneType)
            inner = self.read(some[0], label, notes) if len(some) == 1 else GraphQLNonNull(self.unite(some, label))
            return inner if len(some) == len(get_args(plain)) else nullable(inner)
        if plain in {Any, object, NoneType}:
            return JSON
        return GraphQLNonNull(self._one(plain, label, notes))

    def _one(self, plain: Any, label: str, notes: Sequence[object]) -> Any:
        origin, args = get_origin(plain), get_args(plain)
        if origin in LISTS and args and (origin is not tuple or args[1:] == (...,)):
            return GraphQLList(self.read(args[0], label))
        if origin is Literal:
            return self.enums.of_values(label, args)
        if isinstance(plain, type) and issubclass(plain, Enum):
            return self.enums.of_class(plain)
        if isinstance(plain, type) and issubclass(plain, BaseModel):
            return self.make(plain)
        return _scalar(plain, origin, notes)


def _scalar(plain: Any, origin: object, notes: Sequence[object]) -> GraphQLScalarType:
    if plain is int and any(_largest(note) > LARGEST_INT for note in notes):
        return LONG
    return JSON if plain in MAPS or origin is not None else scalar_of(plain)


def stripped(hint: Any) -> tuple[Any, tuple[object, ...]]:
    """The type without its aliases and what `Annotated` says of it, and that."""
    if (aliased := getattr(hint, "__value__", None)) is not None and not isinstance(hint, type):
        return stripped(aliased)
    if get_origin(hint) is not Annotated:
        return hint, ()
    inner, *notes = get_args(hint)
    plain, more = stripped(inner)
    return plain, (*more, *notes)


def nullable(kind: Any) -> Any:
    """The type, which may be null."""
    return kind.of_type if isinstance(kind, GraphQLNonNull) else kind


def _largest(note: object) -> float:
    """What a bound lets pass at most, where it is one."""
    bound = getattr(note, "le", None) or getattr(note, "lt", None)
    return bound if isinstance(bound, int | float) else 0


@dataclass(slots=True)
class Enums:
    """Enums by name: each is made once, for what comes in and for what goes out."""

    made: dict[str, GraphQLEnumType] = field(default_factory=dict)

    def of_values(self, label: str, values: Sequence[object]) -> GraphQLNamedType:
        """An enum of words; other values are what they are."""
        words = [value for value in values if isinstance(value, str)]
        if len(words) < len(values):
            kinds: set[Any] = {type(value) for value in values}
            return scalar_of(kinds.pop()) if len(kinds) == 1 else JSON
        if not all(is_name(word) and word not in NO_NAMES for word in words):
            return scalar_of(str)
        return self._enum(pascal(label), words, None)

    def of_class(self, kind: type[Enum]) -> GraphQLNamedType:
        """An enum of the class's values."""
        values = [member.value for member in kind]
        if not all(isinstance(value, str) and is_name(value) and value not in NO_NAMES for value in values):
            return self.of_values(kind.__name__, values)
        return self._enum(kind.__name__, values, kind.__doc__)

    def _enum(self, name: str, words: Sequence[str], description: str | None) -> GraphQLEnumType:
        known = self.made.get(name)
        if known is not None and list(known.values) != list(words):
            return self._enum(f"{name}_", words, description)
        if known is None:
            known = self.made[name] = GraphQLEnumType(name, {word: word for word in words}, description=description)
        return known
