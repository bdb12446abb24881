"""The schema: queries, mutations, subscriptions, and what they take and give."""

from collections.abc import Iterable, Mapping, Sequence
from inspect import cleandoc
from typing import Any, get_type_hints

from graphql import (
    GraphQLBoolean,
    GraphQLField,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
)
from pydantic import BaseModel

from portico.core.plan import Plan
from portico.core.relation import Relation
from portico.errors import Misconfigured
from portico.generate.graphql.connections import BACKWARD, FORWARD, connection_of
from portico.generate.graphql.inputs import Inputs
from portico.generate.graphql.naming import KINDS, field_name, is_served, pascal, type_names
from portico.generate.graphql.outputs import Outputs, models_in
from portico.generate.graphql.reading import Enums, nullable
from portico.ports.paging import Keyset, Numbered

PLAN = "plan"
"""The extension of a root field that names the plan which it runs."""
NAMES = "names"
"""The extension of a subscription's field: the models that it tells of, and what their types are called."""
DONE = GraphQLObjectType(
    "Done", {"success": GraphQLField(GraphQLNonNull(GraphQLBoolean))}, description="What gives nothing else back."
)
NOTHING = {
    "_nothing": GraphQLField(
        GraphQLBoolean,
        resolve=lambda _source, _info: None,
        description="Null: no action of this application is a query.",
    )
}
"""The root of queries where there is none: a schema cannot do without one."""


def build_schema(plans: Iterable[Plan], relations: Sequence[Relation] = ()) -> GraphQLSchema:
    """The schema of the actions; pages, redirects, links, exports and jobs are none of it.

    Raises Misconfigured where two would have one name, or GraphQL cannot name a member.
    """
    served = [plan for plan in plans if is_served(plan)]
    maker = Fields(served, relations)
    kinds = {
        kind: {field_name(p.action): maker.field(p) for p in _once(p for p in served if p.action.kind == kind)}
        for kind in KINDS
    }
    kinds["query"] = kinds["query"] or NOTHING
    query, mutation, subscription = (
        GraphQLObjectType(kind.capitalize(), fields) if fields else None for kind, fields in kinds.items()
    )
    return GraphQLSchema(query, mutation, subscription)


class Fields:
    """Makes root fields of plans."""

    def __init__(self, plans: Sequence[Plan], relations: Sequence[Relation]) -> None:
        """Name all that may come in or go out."""
        out: set[type[BaseModel]] = set()
        into: set[type[BaseModel]] = set()
        for hint in [*(p.codec.returns for p in plans), *(r.gives for r in relations), *(r.model for r in relations)]:
            models_in(hint, out)
        for plan in plans:
            hints = get_type_hints(plan.action.handler, include_extras=True)
            for parameter in plan.binder.parameters:
                models_in(parameter.model or hints[parameter.name], into)
        names, enums = type_names([*out, *into]), Enums()
        self._outputs = Outputs(names, enums, relations)
        self._inputs = Inputs(names, enums)
        self._connections: dict[str, GraphQLObjectType] = {}

    def field(self, plan: Plan) -> GraphQLField:
        """The root field of an action; null where the action refuses, so that the others still answer."""
        arguments = self._inputs.argument(plan) if plan.action.kind == "mutation" else self._inputs.arguments(plan)
        if is_paged(plan):
            paging = {**FORWARD, **BACKWARD}
            if both := arguments.keys() & paging.keys():
                message = f"{plan.action.name} takes {min(both)!r}, which is what a list's page is asked by; rename it."
                raise Misconfigured(message)
            arguments |= paging
        words = cleandoc(plan.action.handler.__doc__ or "") or None
        extensions = {PLAN: plan, NAMES: self._outputs.names} if plan.action.kind == "subscription" else {PLAN: plan}
        return GraphQLField(self._gives(plan), arguments, description=words, extensions=extensions)

    def _gives(self, plan: Plan) -> Any:
        codec = plan.codec
        if codec.bare:
            return DONE
        label = pascal(plan.action.name.replace(".", "_"))
        if not codec.sliced:
            return nullable(self._outputs.reader.read(codec.returns, label))
        return self._connection(get_named_type(self._outputs.reader.read(codec.row, label)))

    def _connection(self, row: GraphQLNamedType) -> GraphQLObjectType:
        if row.name not in self._connections:
            self._connections[row.name] = connection_of(row, row.name)
        return self._connections[row.name]


def is_paged(plan: Plan) -> bool:
    """Whether the action gives a list page by page."""
    return plan.codec.sliced and (pages_of(plan, Keyset) or pages_of(plan, Numbered))


def pages_of(plan: Plan, kind: type[BaseModel]) -> bool:
    """Whether the action's input says the page in this way."""
    return any(p.model is not None and issubclass(p.model, kind) for p in plan.binder.parameters)


def _once(plans: Iterable[Plan]) -> Iterable[Plan]:
    seen: dict[str, Plan] = {}
    for plan in plans:
        name = field_name(plan.action)
        if (other := seen.setdefault(name, plan)) is not plan:
            raise Misconfigured(f"{plan.action.name} and {other.action.name} are both {name} in GraphQL; rename one.")
    return seen.values()


def plan_of(extensions: Mapping[str, Any]) -> Plan:
    """The plan of a root field."""
    plan: Plan = extensions[PLAN]
    return plan
