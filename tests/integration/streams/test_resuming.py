"""Whoever comes back misses nothing and hears nothing twice, whatever commits meanwhile."""

import asyncio
import random
import struct
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from pydantic_core import to_json

from portico import App
from portico.core import hub
from portico.core.bookmark import Bookmark
from portico.core.inputs import Bound
from portico.core.live import LiveSink
from portico.ports.events import Position
from portico.testing.databases import Databases
from tests.integration.streams import radio
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
            last = again.last
            await station.play("four")
            event = await again.hear()
        async with stream(port, LIVE, *as_(station), f"Last-Event-ID: {last}") as once_more:
            after = [await once_more.hear(), await once_more.hear()]

    assert told == ["ready", "resync"]
    assert [event and event.data for event in after] == [{"resumed": True}, {"title": "four"}]
    assert event is not None
    assert event.data == {"title": "four"}


@pytest.mark.parametrize("place", [(2**40, 0), (2**64 - 1, 2**63 - 1), (2**40, -1)])
async def test_a_place_that_the_outbox_has_not_reached_is_none(
    portico_app: App, portico_databases: Databases, place: tuple[int, int]
) -> None:
    """Such as one of the server that a dump was taken of: who comes back reads again, and hears of what is new."""
    async with on_air(portico_app, portico_databases, "asgi") as (station, port):
        mark = Bookmark(Position(*place), station.portico.clock.now())
        async with stream(port, LIVE, *as_(station), f"Last-Event-ID: {mark}") as line:
            ready, resync = await line.hear(), await line.hear()
            await station.play("one")
            event = await line.hear()

    assert ready is not None
    assert resync is not None
    assert event is not None
    assert (ready.data, resync.name, event.data) == ({"resumed": False}, "resync", {"title": "one"})


async def test_an_id_with_a_number_that_no_row_can_have_is_nobodys_failure(
    portico_app: App, portico_databases: Databases
) -> None:
    """A client may send what it likes: it is told what happens from then on."""
    async with on_air(portico_app, portico_databases, "asgi") as (station, port):
        packed = struct.pack(">QQI", 5, 2**64 - 1, int(station.portico.clock.now().timestamp()))
        mark = urlsafe_b64encode(packed).decode().rstrip("=")
        async with stream(port, LIVE, *as_(station), f"Last-Event-ID: {mark}") as line:
            ready = await line.hear()
            await station.play("one")
            event = await line.hear()

    assert ready is not None
    assert event is not None
    assert event.data == {"title": "one"}


async def test_what_was_missed_of_other_peoples_stays_theirs(portico_app: App, portico_databases: Databases) -> None:
    """Whoever comes back is told what was meanwhile said to them, and not what was said to another member."""
    async with on_air(portico_app, portico_databases, "asgi") as (station, port):
        path = "/api/v1/whispers/live"
        async with stream(port, path, *as_(station)) as line:
            ready = await line.hear()
        assert ready is not None
        for to, word in ((station.ben.id, "for Ben"), (station.ann.id, "for Ann"), (None, "for nobody")):
            (await station.caller(station.ann).call(radio.whisper, to=to, word=word)).unwrap()

        async with stream(port, path, *as_(station), f"Last-Event-ID: {ready.id}") as again:
            assert await again.hear()
            heard = await again.hear()
            (await station.caller(station.ben).call(radio.whisper, to=station.ann.id, word="again")).unwrap()
            last = await again.hear()

    assert heard is not None
    assert last is not None
    assert (heard.data["word"], last.data["word"]) == ("for Ann", "again")
