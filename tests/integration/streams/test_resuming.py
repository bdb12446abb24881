"""Whoever comes back misses nothing and hears nothing twice, whatever commits meanwhile."""

import asyncio
import random
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from pydantic_core import to_json

from portico import App
from portico.core import hub
from portico.core.inputs import Bound
from portico.core.live import LiveSink
from portico.testing.databases import Databases
from tests.integration.streams.conftest import PATIENCE, Station
from tests.integration.streams.lines import stream
from tests.integration.streams.test_sse import LIVE, as_, on_air, streams_of, until_none

pytestmark = pytest.mark.anyio
EMIT = "insert into portico.outbox (org_id, name, data) values ($1, 'song.played', $2)"


async def commit_late(station: Station, number: int, lag: float) -> None:
    """Write an event, and commit it later: others that were written after it are committed before."""
    owner = await asyncpg.connect(station.portico.urls.owner)
    try:
        async with owner.transaction():
            await owner.execute(EMIT, station.org.id, to_json({"title": str(number)}).decode())
            await asyncio.sleep(lag)
    finally:
        await owner.close()


async def test_nothing_is_lost_or_repeated_under_commits_out_of_order(
    portico_app: App, portico_databases: Databases
) -> None:
    """A client that is cut off again and again, while events are numbered early and committed late."""
    async with on_air(portico_app, portico_databases, "asgi") as (station, port):
        chance, last = random.Random(7), ""
        heard: list[str] = []
        async with stream(port, LIVE, *as_(station)) as line:
            await line.hear()
            last = line.last
        writing = [asyncio.create_task(commit_late(station, n, chance.uniform(0, 0.3))) for n in range(30)]
        async with asyncio.timeout(PATIENCE):
            while len(heard) < 30:
                async with stream(port, LIVE, *as_(station), f"Last-Event-ID: {last}") as line:
                    ready = await line.hear()
                    assert ready is not None
                    assert ready.data == {"resumed": True}
                    for _ in range(min(chance.randint(1, 4), 30 - len(heard))):
                        event = await line.hear()
                        assert event is not None
                        heard.append(event.data["title"])
                    last = line.last
        await asyncio.gather(*writing)
        await until_none(station.portico)

    assert sorted(heard, key=int) == [str(n) for n in range(30)]


async def test_an_event_that_commits_between_opening_and_listening_is_heard(alpha: Station) -> None:
    """What happens after `ready` is told, be the function never so slow to ask for events."""
    opened, go_on = asyncio.Event(), asyncio.Event()

    class Late(LiveSink):
        heard: asyncio.Queue[Any] = asyncio.Queue()

        async def open(self, *, resumed: bool) -> None:
            opened.set()
            await go_on.wait()

        async def drain(self, rows: AsyncIterator[object]) -> None:
            async for row in rows:
                self.heard.put_nowait(row)

        async def keep_alive(self) -> None:
            """Nobody is told."""

        async def resync(self) -> None:
            """Nobody is told."""

    streams, sink = streams_of(alpha.portico), Late()
    pipeline, plan, call = alpha.caller(alpha.ben)._begin(alpha.portico.app.actions["radio.live"])
    call.sink = sink

    async def receive() -> Bound:
        return plan.binder.values((), {})

    task = asyncio.create_task(pipeline.run(plan, call, receive))
    async with asyncio.timeout(PATIENCE):
        await opened.wait()
        await alpha.play("in between")
        while sink.live is None or streams.hub.place <= sink.live.place:  # noqa: ASYNC110  # nobody tells
            await asyncio.sleep(0.005)
        go_on.set()
        assert (await sink.heard.get()).title == "in between"
    task.cancel()
    await asyncio.wait([task])


async def test_too_much_to_look_through_is_told(
    portico_app: App, portico_databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has missed more than is looked through reads again, and goes on from now."""
    monkeypatch.setattr(hub, "MISSED", 2)
    async with (
        on_air(portico_app, portico_databases, "asgi") as (station, port),
        stream(port, LIVE, *as_(station)) as stayed,
    ):
        ready = await stayed.hear()
        assert ready is not None
        await station.play("one", "two", "three")
        for _ in range(3):  # by then they are of the past, whatever other transactions of the server are open
            await stayed.hear()

        async with stream(port, LIVE, *as_(station), f"Last-Event-ID: {ready.id}") as again:
            told = [event and event.name for event in (await again.hear(), await again.hear())]
            await station.play("four")
            event = await again.hear()

    assert told == ["ready", "resync"]
    assert event is not None
    assert event.data == {"title": "four"}
