"""What the fields of the schema do: run an action, listen to one, follow a relation."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from graphql import GraphQLField, GraphQLResolveInfo, GraphQLSchema

from portico.core.plan import Plan
from portico.core.relation import Relation
from portico.generate.graphql.outputs import RELATION
from portico.generate.graphql.schema import NAMES, PLAN, plan_of
from portico.transports.graphql.operations import root_of
from portico.transports.graphql.picking import Picker


class Source(AsyncIterator[Any]):
    """What a subscription's field listens to. Its values are told to a sink: nobody draws them from here."""

    def __init__(self, plan: Plan, picker: Picker, *, key: object, given: Mapping[str, Any]) -> None:
        """`key` is the field's name in the answer, `given` are its arguments."""
        self.plan, self.picker = plan, picker
        self.key, self.given = key, given

    async def __anext__(self) -> Any:
        """Nothing, ever."""
        raise StopAsyncIteration


def attach(schema: GraphQLSchema) -> None:
    """Give each field that runs an action, or follows a relation, what does so."""
    for root in (schema.query_type, schema.mutation_type):
        for field in root.fields.values() if root else ():
            if PLAN in field.extensions:
                _run_by(field, plan_of(field.extensions))
    for field in schema.subscription_type.fields.values() if schema.subscription_type else ():
        _listen_by(field, plan_of(field.extensions))
    for kind in schema.type_map.values():
        for field in getattr(kind, "fields", {}).values():
            if RELATION in (field.extensions or {}):
                _follow_by(field, field.extensions[RELATION])


def _run_by(field: GraphQLField, plan: Plan) -> None:
    async def resolve(_source: object, info: GraphQLResolveInfo[Any], **given: Any) -> Any:
        return await info.context.call(plan, info.path.key, given)

    field.resolve = resolve


def _listen_by(field: GraphQLField, plan: Plan) -> None:
    picker = Picker(plan.codec.returns, field.extensions[NAMES])

    def subscribe(_source: object, info: GraphQLResolveInfo[Any], **given: Any) -> Source:
        return Source(plan, picker, key=info.path.key, given=given)

    def resolve(value: object, _info: GraphQLResolveInfo[Any], **_given: Any) -> object:
        return value

    field.subscribe, field.resolve = subscribe, resolve


def _follow_by(field: GraphQLField, relation: Relation) -> None:
    async def resolve(source: Any, info: GraphQLResolveInfo[Any]) -> Any:
        return await info.context.follow(relation, source, root_of(info.path))

    field.resolve = resolve
