"""Clients that leave before their answer, over both servers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from portico import App
from portico.adapters.postgres.servers import Urls
from portico.testing import Harness, open_harness
from portico.testing.databases import Databases
from tests.integration.office.papers import NewPaper, create
from tests.integration.office.people import Office, open_office
from tests.integration.wire.servers import Kind, exchanged, request, served

pytestmark = pytest.mark.anyio
KINDS: tuple[Kind, ...] = ("rsgi", "asgi")
BUSY = """
select count(*) filter (where l.locktype = 'virtualxid') > 0, count(*) filter (where not l.granted) > 0
  from pg_stat_activity a join pg_locks l using (pid)
 where a.usename = 'portico_app' and a.datname = current_database()
"""
"""Whether the application has a transaction open, and whether it waits for a lock: others see no more of it."""
FREE, OPEN, HELD_UP = (False, False), (True, False), (True, True)
WAIT = """
create function wait() returns trigger language plpgsql
as $$ begin perform pg_advisory_xact_lock(42); return null; end $$
"""
WAITING = """
create constraint trigger wait after insert on papers deferrable initially deferred
for each row execute function wait()
"""
WAITS_NO_MORE = ("drop trigger wait on papers", "drop function wait()")


@pytest.fixture
async def urls(portico_app: App, portico_databases: Databases) -> Urls:
    """The office's database."""
    return await portico_databases.of(portico_app)


@asynccontextmanager
async def opened(app: App, urls: Urls) -> AsyncIterator[tuple[Harness, Office, str]]:
    """An office whose application has one connection alone, and its member's header."""
    async with open_harness(app, urls, database_connections=1) as harness:
        await harness.empty()
        office = await open_office(harness, "Alpha")
        yield harness, office, f"Authorization: Bearer {harness.token(office.member)}"


async def until(harness: Harness, state: tuple[bool, bool], *, within: float = 5.0) -> None:
    """Wait until the application's connection is in that state."""
    async with asyncio.timeout(within):
        while tuple((await harness.rows(BUSY))[0]) != state:  # noqa: ASYNC110  # another process has no event for us
            await asyncio.sleep(0.01)


async def leave_amid(harness: Harness, port: int, raw: bytes, *, state: tuple[bool, bool]) -> None:
    """Send a request, and leave while the application's connection is in that state."""
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(raw)
    await until(harness, state)
    writer.close()
    await writer.wait_closed()


@asynccontextmanager
async def held_up(harness: Harness) -> AsyncIterator[None]:
    """Commits of new papers wait until this ends."""
    for statement in (WAIT, WAITING, "select pg_advisory_lock(42)"):
        await harness.rows(statement)
    try:
        yield
    finally:
        await harness.rows("select pg_advisory_unlock(42)")
        await until(harness, FREE)
        for statement in WAITS_NO_MORE:
            await harness.rows(statement)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("doing", ["sleep?seconds=30", "think"])
async def test_a_client_that_leaves_frees_its_connection(
    portico_app: App, urls: Urls, kind: Kind, *, doing: str
) -> None:
    """Within a second, be it a statement or the handler that takes so long; the next caller gets the connection."""
    async with opened(portico_app, urls) as (harness, _, who), served(kind, portico_app) as port:
        await leave_amid(harness, port, request("GET", f"/api/v1/{doing}", who), state=OPEN)
        await until(harness, FREE, within=1.0)

        after = await exchanged(port, request("GET", "/api/v1/crowd?size=1", who))

    assert after is not None
    assert after.status == "200"


@pytest.mark.parametrize("kind", KINDS)
async def test_who_leaves_during_the_commit_leaves_it_whole(portico_app: App, urls: Urls, kind: Kind) -> None:
    """The row, its audit row and its stored answer; a repeated request is told the first one's answer."""
    async with opened(portico_app, urls) as (harness, office, who), served(kind, portico_app) as port:
        json, key = "Content-Type: application/json", "Idempotency-Key: k"
        filing = request("POST", "/api/v1/papers", who, json, key, body='{"title": "One"}')
        async with held_up(harness):
            await leave_amid(harness, port, filing, state=HELD_UP)
        again = await exchanged(port, filing)

        assert again is not None
        assert ("idempotent-replayed", "true") in again.headers
        assert await office.titles() == ["One"]
        assert [outcome for _, outcome, _ in await office.audit()] == ["done"]


async def test_a_host_that_cancels_during_the_commit_cancels_too_late(portico_app: App, urls: Urls) -> None:
    """What was being committed is committed, and the connection free; then the task is cancelled."""
    async with opened(portico_app, urls) as (harness, office, _):
        async with held_up(harness):
            caller = portico_app.as_(office.member, org=office.org.id)
            call = asyncio.create_task(caller.call(create, NewPaper(title="One")))
            await until(harness, HELD_UP)
            call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call

        assert await office.titles() == ["One"]
        assert (await office.wire(office.member).get("/api/v1/crowd?size=1")).status == 200


async def test_a_caller_whose_time_is_over_during_the_commit_is_told_of_that(portico_app: App, urls: Urls) -> None:
    """By its own TimeoutError, once what was being committed is; no cancellation strays into what it does next."""
    async with opened(portico_app, urls) as (harness, office, _):
        patience = asyncio.timeout(None)

        async def file() -> None:
            async with patience:
                await portico_app.as_(office.member, org=office.org.id).call(create, NewPaper(title="One"))

        async with held_up(harness):
            call = asyncio.create_task(file())
            await until(harness, HELD_UP)
            patience.reschedule(asyncio.get_running_loop().time())
        with pytest.raises(TimeoutError):
            await call

        assert await office.titles() == ["One"]


async def test_a_host_that_cancels_before_undoes_it_all(portico_app: App, urls: Urls) -> None:
    """Nothing of the call remains, and its connection is free."""
    async with opened(portico_app, urls) as (harness, office, _):
        call = asyncio.create_task(office.wire(office.member).get("/api/v1/sleep?seconds=30"))
        await until(harness, OPEN)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call

        await until(harness, FREE, within=1.0)
