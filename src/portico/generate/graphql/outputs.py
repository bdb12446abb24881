"""What goes out: models as object types, the same members that REST answers."""

from collections.abc import Iterator, Sequence
from typing import Any, Literal, get_args, get_origin

from graphql import (
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLUnionType,
)
from pydantic import BaseModel, PlainSerializer, WrapSerializer

from portico.core.relation import Relation
from portico.generate.graphql.naming import is_name, pascal
from portico.generate.graphql.reading import Enums, Reader, nullable, stripped
from portico.generate.graphql.scalars import JSON

RELATION = "relation"
"""The extension of a field that names the relation it follows."""
TYPE = "__typename"
"""The member of a value that says of which type it is, where that is known."""


class Outputs:
    """Object types by model; each is made once."""

    def __init__(self, names: dict[type[BaseModel], str], enums: Enums, relations: Sequence[Relation]) -> None:
        """`names` are those of all models that may come."""
        self.names = names
        self.made: dict[str, GraphQLNamedType] = {}
        self.reader = Reader(self.model, self.unite, enums)
        self._relations = relations

    def model(self, model: type[BaseModel]) -> GraphQLNamedType:
        """The object type of a model; JSON where GraphQL cannot name its members."""
        if not all(is_name(name) for name, _ in _members(model)) or not any(_members(model)):
            return JSON
        name = self.names[model]
        if name not in self.made:
            self.made[name] = GraphQLObjectType(name, lambda: self._fields(model), description=_said(model))
        return self.made[name]

    def unite(self, members: tuple[Any, ...], label: str) -> GraphQLNamedType:
        """A union of models; JSON where something else is among them."""
        models = [stripped(member)[0] for member in members]
        if not all(isinstance(model, type) and issubclass(model, BaseModel) for model in models):
            return JSON
        kinds = [kind for kind in map(self.model, models) if isinstance(kind, GraphQLObjectType)]
        if len(kinds) < len(models):
            return JSON
        name, tests = pascal(label), [(kind.name, _telling(m)) for kind, m in zip(kinds, models, strict=True)]

        def choose(value: Any, _info: GraphQLResolveInfo[Any], _kind: object) -> str | None:
            if TYPE in value:
                return str(value[TYPE])
            fits = (name for name, (needed, said) in tests if needed <= value.keys() and _says(value, said))
            return next(fits, None)

        if name not in self.made:
            self.made[name] = GraphQLUnionType(name, kinds, resolve_type=choose)
        return self.made[name]

    def _fields(self, model: type[BaseModel]) -> dict[str, GraphQLField]:
        fields = {name: self._field(model, name, about) for name, about in _members(model)}
        for relation in self._relations:
            if relation.model is model:
                fields[relation.name] = self._related(relation)
        return fields

    def _field(self, model: type[BaseModel], name: str, about: Any) -> GraphQLField:
        hint = getattr(about, "annotation", None) or getattr(about, "return_type", Any)
        notes = getattr(about, "metadata", ())
        label = f"{self.names[model]}_{name}"
        odd = any(isinstance(note, PlainSerializer | WrapSerializer) for note in (*notes, *stripped(hint)[1]))
        kind = JSON if odd else self.reader.read(hint, label, notes)
        reason = about.deprecated
        gone = reason if isinstance(reason, str) else "No longer supported" if reason else None
        return GraphQLField(kind, description=about.description, deprecation_reason=gone)

    def _related(self, relation: Relation) -> GraphQLField:
        kind = self.reader.read(relation.gives, f"{self.names[relation.model]}_{relation.name}")
        return GraphQLField(nullable(kind), description=relation.purpose or None, extensions={RELATION: relation})


def models_in(hint: Any, seen: set[type[BaseModel]]) -> None:
    """Add all models that the annotation holds, at any depth."""
    plain, _ = stripped(hint)
    if isinstance(plain, type) and issubclass(plain, BaseModel) and get_origin(plain) is None:
        if plain in seen:
            return
        seen.add(plain)
        for _, about in _members(plain):
            models_in(getattr(about, "annotation", None) or getattr(about, "return_type", Any), seen)
        return
    for arg in get_args(plain):
        models_in(arg, seen)


def _members(model: type[BaseModel]) -> Iterator[tuple[str, Any]]:
    """Members as REST spells them."""
    by_alias = model.model_config.get("serialize_by_alias", False)
    for name, about in model.model_fields.items():
        if about.exclude is not True:
            yield (about.serialization_alias or name) if by_alias else name, about
    for name, computed in model.model_computed_fields.items():
        yield (computed.alias or name) if by_alias else name, computed


def _said(model: type[BaseModel]) -> str | None:
    return model.__doc__ if model.__dict__.get("__doc__") else None


def _telling(model: type[BaseModel]) -> tuple[set[str], dict[str, tuple[object, ...]]]:
    """What tells a value of the model from another's: its members, and what the literal ones may say."""
    members = dict(_members(model))
    hints = {name: stripped(getattr(about, "annotation", None))[0] for name, about in members.items()}
    return set(members), {name: get_args(hint) for name, hint in hints.items() if get_origin(hint) is Literal}


def _says(value: Any, said: dict[str, tuple[object, ...]]) -> bool:
    return all(value[name] in words for name, words in said.items())
