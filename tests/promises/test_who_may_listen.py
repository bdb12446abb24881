"""GraphQL lets listen whom REST lets listen: subscriptions of every kind of decision, asked by everybody."""

import json
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from websockets.asyncio.client import connect

from portico import Allow, Anyone, App, In, Module, Operator, OrgContext, Public, PublicContext, Sudo, UserContext
from portico.core.plan import Plan
from portico.core.refusals import served_at
from portico.generate.graphql.naming import field_name
from portico.modules import identity, organizations
from portico.testing import Client, Harness, open_harness
from portico.testing.databases import Databases
from portico.transports.graphql.talking import PROTOCOL
from tests.integration.wire.servers import served
from tests.promises.registry import Callers, gather
from tests.promises.test_who_may_what import ORDER, SEEN

pytestmark = pytest.mark.anyio
wires = Module("wires")
EVENTS = {"accept": "text/event-stream"}


@wires.subscription("GET /anybody", Public("a test"))
async def anybody(ctx: PublicContext) -> AsyncIterator[int]:
    """Tell anybody."""
    yield 1


@wires.subscription("GET /users", Anyone("a test"))
async def users(ctx: UserContext) -> AsyncIterator[int]:
    """Tell who is signed in."""
    yield 1


@wires.subscription("GET /recent", Anyone("a test"), Sudo())
async def recent(ctx: UserContext) -> AsyncIterator[int]:
    """Tell who has shown a password lately."""
    yield 1


@wires.subscription("GET /operators", Operator())
async def operators(ctx: UserContext) -> AsyncIterator[int]:
    """Tell who runs it all."""
    yield 1


@wires.subscription("GET /members", Anyone("a test"))
async def members(ctx: OrgContext) -> AsyncIterator[int]:
    """Tell the members of the organization that a header names."""
    yield 1


@wires.subscription("GET /readers", Allow("members:read"))
async def readers(ctx: OrgContext) -> AsyncIterator[int]:
    """Tell those who hold a permission."""
    yield 1


@wires.subscription("GET /orgs/{id}/members", In(id="{id}"), Allow("members:read"))
async def named(ctx: OrgContext, id: UUID) -> AsyncIterator[int]:
    """Tell those who hold it in the organization that the path names."""
    yield 1


app = App("wires", modules=[identity, organizations, wires])
LISTENED = [plan for plan in app.plans.values() if plan.action.kind == "subscription"]


@pytest.fixture
async def harness(portico_databases: Databases) -> AsyncIterator[Harness]:
    """The application on an empty database."""
    async with open_harness(app, await portico_databases.of(app), portico_rate_limit_factor=1000) as opened:
        await opened.empty()
        yield opened


async def test_graphql_tells_nobody_whom_rest_tells_nothing(harness: Harness) -> None:
    """For each caller and each subscription the same, by each protocol: 401, 403, 404, or told."""
    callers = await gather(harness)
    async with served("asgi", app) as port:
        found = {
            plan.action.name: [
                "".join([SEEN.get(await way(callers.of[who], plan, callers, port=port), ".") for who in ORDER])
                for way in (by_rest, by_events, by_socket)
            ]
            for plan in LISTENED
        }

    assert [name for name, seen in found.items() if len(set(seen)) > 1] == [], found
    assert {seen[0] for seen in found.values()} > {"..........", "113.3333.3"}


def headers_of(plan: Plan, callers: Callers) -> dict[str, str]:
    """The organization, where no path names it."""
    return {} if plan.ask.org else {"x-org-id": str(callers.org)}


def document(plan: Plan, callers: Callers) -> str:
    """A subscription to the action."""
    given = f'(id: "{callers.org}")' if plan.ask.org else ""
    return f"subscription {{ {field_name(plan.action)}{given} }}"


async def by_rest(client: Client, plan: Plan, callers: Callers, *, port: int) -> int:
    """The status over server-sent events of its own address."""
    path = served_at(plan.action, page=False).replace("{id}", str(callers.org))
    return (await client.get(path, {**EVENTS, **headers_of(plan, callers)})).status


async def by_events(client: Client, plan: Plan, callers: Callers, *, port: int) -> int:
    """The status that the first result's error names; 200 where there is none."""
    sent = {"query": document(plan, callers)}
    reply = await client.post("/api/graphql", sent, headers={**EVENTS, **headers_of(plan, callers)})
    data = next(line for line in reply.text.splitlines() if line.startswith("data: "))
    return status_of(json.loads(data[6:]).get("errors"))


async def by_socket(client: Client, plan: Plan, callers: Callers, *, port: int) -> int:
    """The status that the operation's error names; 200 where there is none."""
    known = {**client._always, **headers_of(plan, callers)}
    subscribe = {"id": "1", "type": "subscribe", "payload": {"query": document(plan, callers)}}
    async with connect(f"ws://127.0.0.1:{port}/api/graphql", subprotocols=[PROTOCOL]) as line:  # type: ignore[list-item]  # a plain text will do
        for message in ({"type": "connection_init", "payload": known}, subscribe):
            await line.send(json.dumps(message))
        await line.recv()
        said = json.loads(await line.recv())
    return status_of(said["payload"] if said["type"] == "error" else None)


def status_of(errors: object) -> int:
    """What the first of the errors says."""
    return int(errors[0]["extensions"]["status"]) if isinstance(errors, list) else 200
