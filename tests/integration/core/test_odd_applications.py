"""Applications that are unlike the Salon, and right all the same."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from portico import App, Module, Public, PublicContext, RateLimit
from portico.testing import Client, open_harness
from portico.testing.databases import Databases

pytestmark = pytest.mark.anyio
LIMIT = RateLimit("100/m", by="ip")
shelf = Module("oddments", Public("an example"))


@shelf.mutation("PATCH /oddments/{oddment_id}", LIMIT)
async def label(ctx: PublicContext, oddment_id: int, words: str) -> str:
    """Put a label on one."""
    return f"{oddment_id}: {words}"


@shelf.mutation("DELETE /oddments/{id}", LIMIT)
async def clear(ctx: PublicContext, id: int) -> None:
    """Throw one away."""


@pytest.fixture
async def client(portico_databases: Databases) -> AsyncIterator[Client]:
    """Somebody who meets the application of this file."""
    app = App("oddments", modules=[shelf])
    async with open_harness(app, await portico_databases.of(app)) as opened:
        yield opened.client()


async def test_actions_at_one_path_may_name_its_places_as_they_like(client: Client) -> None:
    """Each is found by its method, and is given what stands there under its own name."""
    cleared = await client.send("DELETE", "/api/v1/oddments/5")
    labelled = await client.send("PATCH", "/api/v1/oddments/5", json={"words": "odd"})
    other = await client.send("PUT", "/api/v1/oddments/5", json={})

    assert cleared.json == {"data": {"success": True}}
    assert labelled.json == {"data": "5: odd"}
    assert (other.status, other.headers["allow"]) == (405, "DELETE, OPTIONS, PATCH")


@pytest.mark.parametrize(
    ("query", "data"),
    [
        ('mutation { oddmentsLabel(input: { oddment_id: 5, words: "odd" }) }', {"oddmentsLabel": "5: odd"}),
        ("{ __typename _nothing }", {"__typename": "Query", "_nothing": None}),
    ],
)
async def test_an_application_without_a_query_answers_by_graphql(client: Client, query: str, data: Any) -> None:
    """Its mutations are there; its root of queries has nothing to tell."""
    reply = await client.post("/api/graphql", {"query": query})

    assert (reply.status, reply.json) == (200, {"data": data})
