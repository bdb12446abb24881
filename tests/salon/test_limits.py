"""The Salon's limits: presets, whose numbers an operator may set, told in every answer."""

from collections.abc import AsyncIterator

import pytest

from portico.policies.rate_limit import RateLimit
from portico.testing import Harness, open_harness
from salon.app import app
from tests.salon.desk import open_desk

pytestmark = pytest.mark.anyio


@pytest.fixture
async def strict(portico: Harness, portico_valkey: str) -> AsyncIterator[Harness]:
    """A process of the Salon that shares its counts, with few writes a minute."""
    settings = {"portico_rate_limits": {"writes": "4/m"}, "valkey_url": portico_valkey}
    async with open_harness(app, portico.urls, **settings) as harness:
        yield harness


async def test_every_answer_tells_what_is_left(strict: Harness) -> None:
    """Of the application's limit over all actions, and of the write's own; one customer comes with the desk."""
    desk = await open_desk(strict, "Salon Linde", timezone="Europe/Vienna")
    replies = [await desk.client.post("/api/v1/customers", {"name": f"Guest {n}"}) for n in range(4)]
    read = await desk.client.get("/api/v1/customers")

    assert [reply.status for reply in replies] == [201, 201, 201, 429]
    assert [reply.headers["x-ratelimit-remaining"] for reply in replies] == ["2", "1", "0", "0"]
    assert replies[0].headers["ratelimit-policy"] == '"app";q=100;w=60, "customers.create";q=4;w=60'
    assert replies[3].json["violated-policies"] == ["customers.create"]
    assert (read.status, read.headers["x-ratelimit-limit"]) == (200, "100")


def test_every_write_of_the_salon_has_a_limit_that_an_operator_may_set() -> None:
    """By preset, never a number that only a release could change."""
    own = {name: plan for name, plan in app.plans.items() if plan.action.handler.__module__.startswith("salon.")}
    limits = {
        name: [limit.rate for limit in (*plan.caller_limits, *plan.limits) if isinstance(limit, RateLimit)]
        for name, plan in own.items()
        if plan.action.kind == "mutation"
    }

    assert [name for name, rates in limits.items() if set(rates) <= {"api"}] == []
    assert [name for name, rates in limits.items() if any("/" in rate for rate in rates)] == []
