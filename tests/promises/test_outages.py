"""The database slow, busy, read-only, out of reach or gone: the right code, and recovery without anybody's help."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from random import Random
from time import monotonic
from urllib.parse import urlsplit

import pytest

from portico.adapters.postgres.servers import Urls
from tests.promises.proxy import Proxy
from tests.promises.shop import NOTHING, ONE, Shop, open_shop, refusal, until
from tests.promises.workshop import waiting

pytestmark = pytest.mark.anyio
DOWN = (503, "EXTERNAL_SERVICE_ERROR")


@pytest.fixture
async def narrow(workshop_urls: Urls) -> AsyncIterator[Shop]:
    """A shop with one connection, for which nobody waits long."""
    async with open_shop(workshop_urls, database_connections=1, database_wait=0.2) as opened:
        yield opened


async def test_a_busy_pool_says_when_to_come_back(narrow: Shop) -> None:
    """Whoever finds every connection busy is told so soon; whoever has one goes on; then there is room again."""
    holder = asyncio.create_task(narrow.client.post("/api/v1/hold", {"body": "held"}))
    await until(waiting.arrived)

    turned_away = await narrow.client.post("/api/v1/notes", {"body": "too many"})
    waiting.go_on.set()
    held = await holder

    assert refusal(turned_away) == DOWN
    assert turned_away.json["retryable"] is True
    assert int(turned_away.headers["retry-after"]) >= 1
    assert held.status == 200
    assert (await narrow.write("after")).status == 201


async def test_a_crowd_passes_through_one_connection(workshop_urls: Urls) -> None:
    """Waiting one's turn is no error: fifty at once share one connection, and none is lost."""
    async with open_shop(workshop_urls, database_connections=1, database_wait=30) as shop:
        replies = await asyncio.gather(*(shop.client.get("/api/v1/notes/number") for _ in range(50)))

    assert {reply.status for reply in replies} == {200}


async def test_those_who_gave_up_leave_no_connection_behind(narrow: Shop) -> None:
    """Callers that are cancelled while they wait, or while they hold it, give the connection back."""
    holder = asyncio.create_task(narrow.client.post("/api/v1/hold", {"body": "held"}))
    await until(waiting.arrived)
    waiters = [asyncio.create_task(narrow.write(f"w{i}")) for i in range(5)]
    await asyncio.sleep(0)

    for task in (*waiters, holder):
        task.cancel()
    await asyncio.gather(holder, *waiters, return_exceptions=True)

    assert (await narrow.write("after", key="k")).status == 201
    assert await narrow.left_behind() == ONE


async def test_however_callers_leave_the_pool_stays_whole(workshop_urls: Urls) -> None:
    """Three hundred callers that give up at any moment, some just as it is their turn: then everybody is served."""
    moments = Random(7)
    async with open_shop(workshop_urls, database_connections=1, database_wait=30) as shop:

        async def impatient() -> None:
            with suppress(TimeoutError):
                async with asyncio.timeout(moments.uniform(0, 0.1)):
                    await shop.client.get("/api/v1/notes/number")

        await asyncio.gather(*(impatient() for _ in range(300)))

        replies = await asyncio.gather(*(shop.client.get("/api/v1/notes/number") for _ in range(20)))
    assert {reply.status for reply in replies} == {200}


async def test_a_statement_past_its_timeout_is_stopped(workshop_urls: Urls) -> None:
    """504 with SYS_TIMEOUT, nothing written, and the connection serves the next."""
    async with open_shop(workshop_urls, database_statement_timeout=0.5, database_connections=1) as shop:
        reply = await shop.client.post("/api/v1/slow", {"body": "slow"})

        assert refusal(reply) == (504, "SYS_TIMEOUT")
        assert reply.json["retryable"] is True
        assert await shop.left_behind() == NOTHING
        assert (await shop.write("after")).status == 201


async def test_a_transaction_left_idle_is_ended(workshop_urls: Urls) -> None:
    """A handler that waits for something else too long loses its transaction, not the pool its connection."""
    quick = {"database_idle_timeout": 0.2, "portico_export_stall": 0.1}
    async with open_shop(workshop_urls, **quick, database_connections=1) as shop:
        holder = asyncio.create_task(shop.client.post("/api/v1/hold", {"body": "held"}))
        await until(waiting.arrived)
        await gone(shop)
        waiting.go_on.set()

        assert refusal(await holder) == DOWN
        assert (await shop.write("after", key="k")).status == 201
        assert await shop.left_behind() == ONE


async def test_a_lock_is_not_waited_for_too_long(workshop_urls: Urls) -> None:
    """A row that somebody else holds: 503, to be tried again."""
    async with open_shop(workshop_urls, database_lock_timeout=0.2) as shop:
        note = (await shop.write("wanted")).json["data"]
        await shop.portico.rows("begin")
        await shop.portico.rows("select 1 from notes for update")
        reply = await shop.client.send("PATCH", f"/api/v1/notes/{note['id']}", json={"body": "x", "version": 1})
        await shop.portico.rows("rollback")

        assert refusal(reply) == DOWN
        assert reply.json["retryable"] is True


async def test_a_connection_ended_in_the_middle_is_replaced(shop: Shop) -> None:
    """An administrator ends it between two statements of a handler: 503, nothing written, the retry is the first."""
    holder = asyncio.create_task(shop.client.post("/api/v1/hold", {"body": "held"}, headers={"idempotency-key": "k"}))
    await until(waiting.arrived)
    await shop.terminate()
    waiting.go_on.set()
    lost = await holder

    again = await shop.client.post("/api/v1/hold", {"body": "held"}, headers={"idempotency-key": "k"})

    assert refusal(lost) == DOWN
    assert lost.json["retryable"] is True
    assert again.status == 200
    assert await shop.left_behind() == {**ONE, "events": 0}


async def test_connections_that_died_while_idle_cost_nobody_an_answer(shop: Shop) -> None:
    """After a restart of the server the pool holds dead connections only: the next calls open new ones."""
    await asyncio.gather(*(shop.client.get("/api/v1/notes") for _ in range(5)))
    await shop.terminate()

    replies = await asyncio.gather(*(shop.client.get("/api/v1/notes") for _ in range(10)))

    assert {reply.status for reply in replies} == {200}


async def test_a_server_that_is_down_comes_back(wired: Shop, proxy: Proxy) -> None:
    """While it is away every call is told soon; when it is back the very next one is served."""
    await wired.write("before")
    await proxy.down()
    away = [await wired.write("away", key="k"), await wired.client.get("/api/v1/notes")]
    await proxy.up()

    back = await wired.write("away", key="k")

    assert [refusal(reply) for reply in away] == [DOWN, DOWN]
    assert all(reply.json["retryable"] and "retry-after" in reply.headers for reply in away)
    assert "127.0.0.1" not in away[0].text
    assert back.status == 201
    assert "idempotent-replayed" not in back.headers


async def test_a_server_that_falls_silent_is_not_waited_for_for_ever(workshop_urls: Urls, proxy: Proxy) -> None:
    """A network that swallows every answer: the call ends all the same, and so does the next."""
    urls = Urls(proxy.url, workshop_urls.owner, workshop_urls.worker, workshop_urls.reader)
    async with open_shop(urls, database_statement_timeout=0.3, database_wait=0.5) as shop:
        proxy.silent = True
        async with asyncio.timeout(15):
            reply = await shop.write("silence", key="k")
        proxy.silent = False
        back = await shop.write("silence", key="k")

        assert refusal(reply) in {DOWN, (504, "SYS_TIMEOUT")}
        assert back.status in {201, 409}


@pytest.fixture
async def read_only(workshop_urls: Urls) -> AsyncIterator[Shop]:
    """A shop with a note in it, whose server takes no writes any more, as a replica or a full one does."""
    name = urlsplit(workshop_urls.owner).path.removeprefix("/")
    async with open_shop(workshop_urls) as shop:
        await shop.write("before")
        await shop.portico.rows(f"alter database {name} set default_transaction_read_only = on")
        await shop.terminate()
        yield shop
        await shop.portico.rows(f"alter database {name} reset default_transaction_read_only")
        await shop.terminate()


async def test_a_server_that_takes_no_writes_still_reads(read_only: Shop) -> None:
    """Mutations are told to come back, queries are served."""
    reply = await read_only.write("never")

    assert refusal(reply) == DOWN
    assert reply.json["retryable"] is True
    assert "read-only" not in reply.text
    notes = (await read_only.client.get("/api/v1/notes")).json["data"]
    assert [note["body"] for note in notes] == ["before"]


async def gone(shop: Shop) -> None:
    """Wait until the application has no connection left."""
    deadline = monotonic() + 10
    while (await shop.portico.rows(SESSIONS))[0][0]:
        assert monotonic() < deadline


SESSIONS = "select count(*) from pg_stat_activity where usename = 'portico_app' and datname = current_database()"
