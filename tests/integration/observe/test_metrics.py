"""The metrics page of a running application: what it says of calls, and that it costs nothing where it is off."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from httpx2 import AsyncClient
from prometheus_client.parser import text_string_to_metric_families

from portico import Misconfigured
from portico.adapters.postgres.servers import Urls
from portico.cli.addresses import free_address
from portico.ports.metrics import ALL
from portico.testing import Harness
from tests.integration.observe.conftest import Logged, opened

pytestmark = pytest.mark.anyio
Page = dict[tuple[str, frozenset[tuple[str, str]]], float]


@pytest.fixture
def port() -> int:
    """One that is free."""
    return free_address("127.0.0.1", 0).port


@pytest.fixture
async def counted(urls: Urls, port: int, tmp_path: Path) -> AsyncIterator[Harness]:
    """The harbor with its metrics at the port."""
    breakers = {"pilots": "2/60s reset 60s"}
    async with opened(urls, portico_admin_port=port, portico_folder=tmp_path, portico_breakers=breakers) as portico:
        yield portico


async def page_at(port: int) -> Page:
    """The page as a scraper reads it."""
    async with AsyncClient(trust_env=False) as client:
        reply = await client.get(f"http://127.0.0.1:{port}/metrics")
    assert reply.headers["content-type"].startswith("text/plain; version=")
    families = text_string_to_metric_families(reply.text)
    return {(s.name, frozenset(s.labels.items())): s.value for family in families for s in family.samples}


def value(page: Page, name: str, **labels: str) -> float:
    """One number; those whose labels hold at least these, together."""
    return sum(v for (found, its), v in page.items() if found == name and labels.items() <= dict(its).items())


async def test_calls_are_counted_by_what_came_of_them(counted: Harness, port: int) -> None:
    """Well, refused with its code, failed; and how long they took."""
    client = counted.client()
    for _ in range(3):
        await client.get("/api/v1/soundings")
    await client.get("/api/v1/crew")
    await client.post("/api/v1/ships", {"name": "M", "password": "x", "access_token": "y", "number": "z"})

    page = await page_at(port)

    calls = "portico_calls_total"
    assert value(page, calls, action="harbor.sound", kind="query", outcome="ok", code="") == 3
    assert value(page, calls, action="harbor.crew", outcome="refused", code="UNAUTHORIZED") == 1
    assert value(page, calls, action="harbor.register", outcome="failed", code="INTERNAL_ERROR") == 1
    assert value(page, "portico_call_seconds_count", action="harbor.sound") == 3
    assert value(page, "portico_call_seconds_bucket", action="harbor.sound", le="+Inf") == 3
    assert 0 < value(page, "portico_call_seconds_sum", action="harbor.sound") < 30


async def test_a_lost_audit_row_is_counted_from_nought(counted: Harness, port: int) -> None:
    """Shown before there is any: an alert sees a counter grow, and not one that begins at 1."""
    assert (await page_at(port))["portico_audit_failures_total", frozenset()] == 0


async def test_limits_caches_and_breakers_are_counted(counted: Harness, port: int) -> None:
    """Which limit refused; hits and misses; a breaker that has opened."""
    client = counted.client()
    for _ in range(3):
        await client.post("/api/v1/pilots")
    for _ in range(2):
        await client.get("/api/v1/tides")

    page = await page_at(port)

    assert value(page, "portico_limits_refused_total", action="harbor.call_pilot") == 1
    assert [value(page, "portico_cache_looks_total", outcome=outcome) for outcome in ("miss", "hit")] == [1, 1]
    assert value(page, "portico_breaker_state", service="pilots") == 2
    assert value(page, "portico_logged_total", severity="error", category="internal") == 0


async def test_the_page_says_how_the_database_and_the_queue_stand(counted: Harness, port: int) -> None:
    """Connections, jobs that wait and for how long, and what runs."""
    await counted.client().post("/api/v1/lights")

    page = await page_at(port)

    assert value(page, "portico_jobs", state="waiting") == 1
    assert value(page, "portico_jobs_overdue_seconds") >= 0
    assert value(page, "portico_outbox_lag_seconds") == 0
    assert value(page, "portico_pool_connections") == 20
    assert value(page, "portico_pool_in_use") == value(page, "portico_pool_waiting") == 0
    assert [value(page, f"portico_{one}") for one in ("database_up", "processes", "release")] == [1, 1, 1]


async def test_a_job_is_counted_as_a_call(counted: Harness, port: int) -> None:
    """With its failures, whoever runs it."""
    await counted.client().post("/api/v1/lights")
    await counted.run_jobs()

    page = await page_at(port)

    assert value(page, "portico_calls_total", action="harbor.light", kind="job", outcome="failed") == 1


async def test_a_lost_audit_row_is_counted(counted: Harness, port: int) -> None:
    """Somebody must be woken for it."""
    org = await counted.organization("Alpha")
    sailor = await counted.member("sailor@alpha.test", org=org.id)
    await counted.rows("revoke execute on function portico.refusal_v1 from portico_app")
    try:
        refused = await counted.client(sailor, org=org.id).post("/api/v1/treasure")
    finally:
        await counted.rows("grant execute on function portico.refusal_v1 to portico_app")

    page = await page_at(port)

    assert refused.status == 403
    assert value(page, "portico_audit_failures_total") == 1
    assert value(page, "portico_logged_total", severity="error", category="audit") == 1


async def test_every_metric_is_on_the_page_from_the_beginning(counted: Harness, port: int) -> None:
    """So that an alert can tell a quiet application from a wrong name."""
    async with AsyncClient(trust_env=False) as client:
        text = (await client.get(f"http://127.0.0.1:{port}/metrics")).text

    assert [metric.name for metric in ALL if f"# HELP {metric.name}" not in text] == []


async def test_the_page_is_told_when_the_database_is_away(urls: Urls, port: int, tmp_path: Path) -> None:
    """Metrics are most wanted just then."""
    async with opened(urls, portico_admin_port=port, portico_folder=tmp_path) as portico:
        await portico.app.running.database.close()

        page = await page_at(port)

    assert value(page, "portico_database_up") == 0


async def test_a_port_of_the_systems_choice_is_told(
    urls: Urls, logged: Logged, caplog: pytest.LogCaptureFixture
) -> None:
    """In the log; such a process counts for itself, and leaves no file."""
    caplog.set_level(logging.INFO, "portico")
    async with opened(urls, portico_admin_port=0) as portico:
        await portico.client().get("/api/v1/soundings")
        (place,) = [line["message"] for line in logged() if line["message"].startswith("metrics is shown at")]
        page = await page_at(int(place.removesuffix("/metrics").rpartition(":")[2]))

    assert value(page, "portico_calls_total", action="harbor.sound") == 1
    assert not Path(".portico/metrics-0").exists()


async def test_a_port_that_another_program_has_refuses_the_start(urls: Urls, port: int, tmp_path: Path) -> None:
    """With the setting that is to be mended."""
    taken = await asyncio.start_server(_never, "127.0.0.1", port)

    with pytest.raises(Misconfigured, match=rf"PORTICO_ADMIN_PORT: another program listens at 127\.0\.0\.1:{port}"):
        async with opened(urls, portico_admin_port=port, portico_folder=tmp_path):
            pass

    taken.close()


async def test_a_folder_that_cannot_be_written_refuses_the_start(urls: Urls, port: int, tmp_path: Path) -> None:
    """With the folder, and what to set."""
    (tmp_path / "file").touch()

    with pytest.raises(Misconfigured, match=r"count in .*file.metrics-\d+, which cannot be written .* PORTICO_FOLDER"):
        async with opened(urls, portico_admin_port=port, portico_folder=tmp_path / "file"):
            pass


async def _never(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()
