"""GraphQL lets in whom REST lets in: every action of accounts and organizations, asked by everybody."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLList, GraphQLNonNull, is_leaf_type

from portico.app.graphql import graphql_schema
from portico.core.plan import Plan
from portico.generate.graphql.naming import field_name, is_served
from portico.testing import Client, Harness
from tests.promises.registry import app, gather
from tests.promises.test_who_may_what import MAY, ORDER, SEEN

pytestmark = pytest.mark.anyio
SCHEMA = graphql_schema(app)
BEYOND = {"identity.unlink_identity": "1144334434"}
"""Who is let in sends what REST's request leaves out, and finds nothing."""


async def test_graphql_answers_nothing_that_rest_refuses(registry: Harness) -> None:
    """For each caller and each action the same: 401, 403, 404, or let in."""
    found, callers = {}, await gather(registry)
    for name, plan in app.plans.items():
        if not is_served(plan):
            continue
        statuses = [await ask(callers.of[who], plan, callers.org) for who in ORDER]
        found[name] = "".join(SEEN.get(status, ".") for status in statuses)
        assert {status for status in statuses if status == 429 or status >= 500} == set(), name
        if not plan.read_only and min(statuses) < 300:  # something was done
            await registry.empty()
            callers = await gather(registry)

    assert found == {name: BEYOND.get(name, MAY[name]) for name in found}
    assert len(found) > len(MAY) - 5


async def ask(client: Client, plan: Plan, org: object) -> int:
    """The status that the field's error names; 200 where there is none."""
    root = SCHEMA.query_type if plan.read_only else SCHEMA.mutation_type
    assert root is not None
    name = field_name(plan.action)
    field = root.fields[name]
    known = {member.name: str(uuid4()) for member in plan.binder.members if member.source == "path"}
    known |= {"id": str(org)} if plan.action.name.startswith("organizations.") else {}
    inputs = getattr(getattr(field.args.get("input"), "type", None), "of_type", None)
    takes = needed(inputs.fields if inputs is not None else field.args)
    given = ", ".join(f"{n}: {written(a.type, known.get(n))}" for n, a in takes.items() if n != "input")
    arguments = f"(input: {{{given}}})" if inputs is not None else f"({given})" if given else ""
    inner = "" if is_leaf_type(named(field.type)) else " { __typename }"
    document = f"{'query' if plan.read_only else 'mutation'} {{ {name}{arguments}{inner} }}"
    reply = await client.post("/api/graphql", {"query": document})
    assert reply.status == 200, reply.text
    errors = reply.json.get("errors")
    assert errors is None or "status" in errors[0]["extensions"], (document, reply.text)
    return int(errors[0]["extensions"]["status"]) if errors else 200


def needed(takes: Mapping[str, Any]) -> dict[str, Any]:
    """What must be given."""
    return {name: given for name, given in takes.items() if isinstance(given.type, GraphQLNonNull)}


def named(kind: Any) -> Any:
    """The type without lists and non-nulls around it."""
    while hasattr(kind, "of_type"):
        kind = kind.of_type
    return kind


def written(kind: Any, known: object = None) -> str:
    """A value of the type that means nothing."""
    if known is not None:
        return f'"{known}"'
    if isinstance(kind, GraphQLNonNull):
        return written(kind.of_type)
    if isinstance(kind, GraphQLInputObjectType):
        return "{" + ", ".join(f"{name}: {written(member.type)}" for name, member in needed(kind.fields).items()) + "}"
    if isinstance(kind, GraphQLEnumType):
        return str(next(iter(kind.values)))
    return (
        {"Int": "1", "Boolean": "true", "JSON": "{}", "UUID": f'"{uuid4()}"'}.get(getattr(kind, "name", ""), '""')
        if not isinstance(kind, GraphQLList)
        else "[]"
    )
