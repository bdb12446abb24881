"""Applications that are unlike the Salon, and right all the same."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, computed_field

from portico import App, Module, Public, PublicContext, RateLimit, Version
from portico.testing import Client, open_harness
from portico.testing.databases import Databases

pytestmark = pytest.mark.anyio
EVENTS = "text/event-stream"
LIMIT = RateLimit("100/m", by="ip")
shelf = Module("oddments", Public("an example"))


@shelf.mutation("PATCH /oddments/{oddment_id}", LIMIT)
async def label(ctx: PublicContext, oddment_id: int, words: str) -> str:
    """Put a label on one."""
    return f"{oddment_id}: {words}"


@shelf.mutation("DELETE /oddments/{id}", LIMIT)
async def clear(ctx: PublicContext, id: int) -> None:
    """Throw one away."""


counter = Module("countings", Public("an example"))


@counter.query("GET /countings/{step}")
async def count(
    ctx: PublicContext,
    step: Literal[1, 2],
    *,
    upto: Literal[10, 20, "all"] = "all",
    also: list[Literal[1, 2]] | None = None,
    down: Literal[True] | None = None,
) -> str:
    """Count."""
    return repr((step, upto, also, down))


class Seat(BaseModel):
    """One, which says its class by another name."""

    category: str = Field(alias="class")


class Ticket(BaseModel):
    """One, which says so as it was told."""

    model_config = ConfigDict(serialize_by_alias=True)

    category: str = Field(alias="class")
    seat: Seat

    @computed_field(alias="for")  # type: ignore[prop-decorator]  # Pydantic's own
    @property
    def holder(self) -> str:
        """Whom it is for."""
        return "anybody"


seating = Module("seating", Public("an example"))


@seating.mutation("POST /tickets", LIMIT)
async def sell(ctx: PublicContext, data: Ticket) -> Ticket:
    """Sell a ticket."""
    return data


OLD = Version("v1", date(2026, 1, 15), deprecated=date(2026, 11, 1))
forecast = Module("forecast", Public("an example"), versions=(OLD, Version("v2", date(2026, 11, 1))))


@forecast.subscription("GET /weather")
async def live(ctx: PublicContext) -> AsyncIterator[Seat]:
    """Tell of the weather."""
    yield Seat.model_validate({"class": "rain"})


@pytest.fixture
async def client(portico_databases: Databases) -> AsyncIterator[Client]:
    """Somebody who meets an application without a query."""
    async with meeting(portico_databases, shelf) as client:
        yield client


@asynccontextmanager
async def meeting(databases: Databases, module: Module) -> AsyncIterator[Client]:
    """Somebody who meets an application of one module."""
    app = App(module.name, modules=[module])
    async with open_harness(app, await databases.of(app)) as opened:
        yield opened.client()


async def test_actions_at_one_path_may_name_its_places_as_they_like(client: Client) -> None:
    """Each is found by its method, and is given what stands there under its own name."""
    cleared = await client.send("DELETE", "/api/v1/oddments/5")
    labeled = await client.send("PATCH", "/api/v1/oddments/5", json={"words": "odd"})
    other = await client.send("PUT", "/api/v1/oddments/5", json={})

    assert cleared.json == {"data": {"success": True}}
    assert labeled.json == {"data": "5: odd"}
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


@pytest.mark.parametrize(
    ("asked", "taken"),
    [
        ("2?upto=20&also=1&also=2&down=true", (2, 20, [1, 2], True)),
        ("1?upto=all&also=2", (1, "all", [2], None)),
    ],
)
async def test_a_choice_of_numbers_is_taken_as_it_is_spelled(
    portico_databases: Databases, asked: str, taken: tuple[object, ...]
) -> None:
    """As the contract has it: a path and a query string are text, whatever they mean."""
    async with meeting(portico_databases, counter) as client:
        reply = await client.get(f"/api/v1/countings/{asked}")

    assert reply.json == {"data": repr(taken)}


async def test_any_other_spelling_is_none_of_the_choices(portico_databases: Databases) -> None:
    """Each refused under its name."""
    async with meeting(portico_databases, counter) as client:
        reply = await client.get("/api/v1/countings/3?upto=1&also=1&also=x&down=false")

    assert (reply.status, sorted(reply.json["errors"])) == (422, ["also.1", "down", "step", "upto"])


async def test_the_contract_has_the_names_that_answers_have(portico_databases: Databases) -> None:
    """An alias is what is sent; what is answered has it where the model says so."""
    async with meeting(portico_databases, seating) as client:
        reply = await client.post("/api/v1/tickets", {"class": "first", "seat": {"class": "window"}})
        schemas = (await client.get("/api/v1/openapi.json")).json["components"]["schemas"]

    assert reply.json["data"] == {"class": "first", "seat": {"category": "window"}, "for": "anybody"}
    assert {name: [*schema["properties"]] for name, schema in schemas.items() if name[:4] in {"Seat", "Tick"}} == {
        "Seat-Input": ["class"],
        "Seat-Output": ["category"],
        "Ticket-Input": ["class", "seat"],
        "Ticket-Output": ["class", "seat", "for"],
    }


async def test_a_subscription_says_that_its_version_is_deprecated(portico_databases: Databases) -> None:
    """As its contract has it; in the newer one there is nothing to say."""
    async with meeting(portico_databases, forecast) as client:
        old, new = [await client.get(f"/api/{v}/weather", headers={"accept": EVENTS}) for v in ("v1", "v2")]
        told = (await client.get("/api/v1/openapi.json")).json["paths"]["/api/v1/weather"]["get"]

    assert (old.status, old.headers["deprecation"]) == (200, "@1793491200")
    assert (new.status, "deprecation" in new.headers) == (200, False)
    assert told["deprecated"] is True
    assert "Deprecation" in told["responses"]["200"]["headers"]
