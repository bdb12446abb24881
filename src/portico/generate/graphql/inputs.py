"""What comes in: an action's flat input as arguments of a query, as one input object of a mutation."""

from collections.abc import Iterator
from typing import Any, NamedTuple, get_type_hints

from graphql import (
    GraphQLArgument,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLString,
)
from pydantic import BaseModel

from portico.core.inputs import Parameter
from portico.core.plan import Plan
from portico.errors import Misconfigured
from portico.generate.graphql.naming import is_name, pascal
from portico.generate.graphql.reading import Enums, Reader, nullable
from portico.generate.graphql.scalars import JSON
from portico.ports.paging import Keyset, Numbered

KEY = "idempotencyKey"
INPUT = "input"


class Given(NamedTuple):
    """One member of an input."""

    name: str
    kind: Any
    description: str | None = None


class Inputs:
    """Input types by model; each is made once."""

    def __init__(self, names: dict[type[BaseModel], str], enums: Enums) -> None:
        """`names` are those of all models that may come."""
        self._names = names
        self._made: dict[str, GraphQLInputObjectType] = {}
        self._reader = Reader(self.model, lambda _members, _label: JSON, enums)

    def model(self, model: type[BaseModel]) -> GraphQLNamedType:
        """The input object of a nested model; JSON where GraphQL cannot name its members."""
        wires = {_wire(name, field): field for name, field in model.model_fields.items()}
        if not wires or not all(is_name(name) for name in wires):
            return JSON
        name = f"{self._names[model]}Input"
        if name not in self._made:
            self._made[name] = GraphQLInputObjectType(
                name, lambda: {g.name: _field(g) for g in self._members(model, name)}, description=model.__doc__
            )
        return self._made[name]

    def arguments(self, plan: Plan) -> dict[str, GraphQLArgument]:
        """Of a query's field: its members, but for those of paging."""
        return {g.name: GraphQLArgument(g.kind, description=g.description) for g in self._given(plan)}

    def argument(self, plan: Plan) -> dict[str, GraphQLArgument]:
        """Of a mutation's field: `input`, and `idempotencyKey` where the action takes one."""
        found: dict[str, GraphQLArgument] = {}
        given = list(self._given(plan))
        if given:
            name = pascal(plan.action.name.replace(".", "_")) + "Input"
            kind = GraphQLInputObjectType(name, {g.name: _field(g) for g in given})
            needed = any(isinstance(g.kind, GraphQLNonNull) for g in given)
            found[INPUT] = GraphQLArgument(GraphQLNonNull(kind) if needed else kind)
        if plan.ask.key:
            words = "A repeated mutation with the same key is done once, and answered as the first time."
            found[KEY] = GraphQLArgument(GraphQLString, description=words)
        return found

    def _given(self, plan: Plan) -> Iterator[Given]:
        hints = get_type_hints(plan.action.handler, include_extras=True)
        label = pascal(plan.action.name.replace(".", "_"))
        for parameter in plan.binder.parameters:
            for given in self._of(parameter, hints[parameter.name], label):
                if not is_name(given.name):
                    message = f"{plan.action.name} takes {given.name!r}, which GraphQL cannot name; rename the member."
                    raise Misconfigured(message)
                yield given

    def _of(self, parameter: Parameter, hint: Any, label: str) -> Iterator[Given]:
        sent = {member.name for member in parameter.members if member.source != "cookie"}
        if parameter.model is None:
            if parameter.name in sent:
                kind = self._reader.read(hint, f"{label}_{parameter.name}")
                yield Given(parameter.name, kind if parameter.required else nullable(kind))
            return
        paging = next((m.model_fields for m in (Keyset, Numbered) if issubclass(parameter.model, m)), {})
        for given in self._members(parameter.model, self._names[parameter.model]):
            if given.name in sent and given.name not in paging:
                yield given

    def _members(self, model: type[BaseModel], label: str) -> Iterator[Given]:
        for name, field in model.model_fields.items():
            kind = self._reader.read(field.annotation, f"{label}_{name}", field.metadata)
            needed = kind if field.is_required() else nullable(kind)
            yield Given(_wire(name, field), needed, field.description)


def _wire(name: str, field: Any) -> str:
    return field.alias if isinstance(field.alias, str) else name


def _field(given: Given) -> GraphQLInputField:
    return GraphQLInputField(given.kind, description=given.description)
