"""Each part that health looks at, ill and well: what is shared, what waits, what is called."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from socket import AF_INET, SOCK_STREAM, socket
from typing import Any

import pytest
from pydantic import SecretStr

from portico.adapters.postgres.servers import Urls
from portico.ports.backlog import Backlog
from portico.testing import Harness, open_harness
from tests.integration.health.clinic import app

pytestmark = pytest.mark.anyio
PATH = "/api/health"


@pytest.fixture
def nobody() -> Iterator[str]:
    """An address of this machine at which nobody answers, for as long as the test runs."""
    with socket(AF_INET, SOCK_STREAM) as reserved:
        reserved.bind(("127.0.0.1", 0))
        yield f"valkey://127.0.0.1:{reserved.getsockname()[1]}"


@asynccontextmanager
async def sharing(urls: Urls, valkey: str) -> AsyncIterator[Harness]:
    """The clinic with a Valkey at that address, emptied."""
    async with open_harness(app, urls, valkey_url=SecretStr(valkey)) as portico:
        await portico.empty()
        yield portico


async def part(portico: Harness, name: str) -> Any:
    """What the operator's sight has of one part, looked at anew."""
    portico.clock.advance(timedelta(seconds=2))
    report = await portico.app.running.health.overall.report()
    return next(checked.finding for checked in report.checks if checked.name == name)


async def backlog(portico: Harness) -> Backlog:
    """What waits."""
    running = portico.app.running
    return await running.database.pulse.backlog(portico.clock.now(), running.pipeline.services.prove(b"backlog"))


async def test_a_valkey_that_answers_is_healthy(urls: Urls, portico_valkey: str) -> None:
    """It was asked, over the wire."""
    async with sharing(urls, portico_valkey) as portico:
        assert (await part(portico, "valkey")).status == "healthy"


async def test_a_valkey_that_is_gone_degrades_and_hides_where_it_was(urls: Urls, nobody: str) -> None:
    """The application stays ready; its address is told to nobody."""
    async with sharing(urls, nobody) as portico:
        reply, ready = await portico.client().get(PATH), await portico.client().get(f"{PATH}/ready")

    assert (reply.status, reply.json["status"], reply.json["checks"]["valkey"]["status"]) == (
        200,
        "degraded",
        "degraded",
    )
    assert ready.status == 200
    assert "127.0.0.1" not in reply.text


async def test_breakers_that_are_shared_are_looked_at_there(urls: Urls, portico_valkey: str) -> None:
    """What is open for all processes is told by each that has called the service."""
    async with sharing(urls, portico_valkey) as portico:
        for _ in range(5):
            await portico.client().post("/api/v1/laboratory")

        found = await part(portico, "external_services")

    assert (found.status, found.detail) == ("degraded", {"breakers": {"laboratory": "open"}})


async def test_without_the_shared_breakers_a_process_tells_its_own(urls: Urls, nobody: str) -> None:
    """Valkey gone, five failures have opened this process's breaker."""
    async with sharing(urls, nobody) as portico:
        for _ in range(5):
            await portico.client().post("/api/v1/laboratory")

        found = await part(portico, "external_services")

    assert found.detail == {"breakers": {"laboratory": "open"}}


async def test_a_service_that_is_well_again_degrades_nothing(portico: Harness) -> None:
    """Half-open still does: nobody knows yet."""
    for _ in range(5):
        await portico.client().post("/api/v1/laboratory")
    opened = await part(portico, "external_services")

    portico.clock.advance(timedelta(seconds=40))
    tried = await part(portico, "external_services")

    assert (opened.status, opened.detail["breakers"]) == ("degraded", {"laboratory": "open"})
    assert (tried.status, tried.detail["breakers"]) == ("degraded", {"laboratory": "half-open"})


async def test_jobs_that_are_done_wait_no_more(portico: Harness) -> None:
    """One that waits is overdue by as long as it has been due; done, nothing is."""
    await portico.client().post("/api/v1/letters")
    portico.clock.advance(timedelta(seconds=30))
    before = await backlog(portico)

    await portico.run_jobs()
    after = await backlog(portico)

    assert (before.waiting, round(before.overdue)) == (1, 30)
    assert (after.waiting, after.overdue) == (0, 0)


async def test_jobs_that_failed_for_good_are_counted_apart(portico: Harness) -> None:
    """They wait for a person, and no worker is to blame."""
    await portico.client().post("/api/v1/letters")
    await portico.rows("update portico.jobs set state = 'dead', ended_at = now()")
    portico.clock.advance(timedelta(minutes=5))

    found = await part(portico, "workers")

    assert (found.status, found.detail["dead"], found.detail["waiting"]) == ("healthy", 1, 0)


async def test_a_job_for_later_is_not_overdue(portico: Harness) -> None:
    """It waits, and nobody is late."""
    await portico.client().post("/api/v1/letters")
    await portico.rows("update portico.jobs set due_at = $1", portico.clock.now() + timedelta(hours=1))

    found = await backlog(portico)

    assert (found.waiting, found.overdue) == (1, 0)


@pytest.mark.parametrize("path", [PATH, f"{PATH}/live", f"{PATH}/ready"])
async def test_health_is_never_kept_and_has_its_request_id(portico: Harness, path: str) -> None:
    """A proxy that kept it would tell of a moment that is over; nobody is limited."""
    reply = await portico.client().get(path, {"x-request-id": "watcher-0001"})

    assert reply.status == 200
    assert reply.headers["x-request-id"] == "watcher-0001"
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["content-type"] == "application/json"
    assert not [name for name in reply.headers if "ratelimit" in name]


async def test_a_failed_health_is_no_failure_of_an_action(portico: Harness) -> None:
    """503 of readiness is counted against nobody."""
    portico.app.running.health.stopping = True
    for _ in range(30):
        await portico.client().get(f"{PATH}/ready")

    found = await part(portico, "actions")

    assert (found.status, found.detail["failures"]) == ("healthy", {})
