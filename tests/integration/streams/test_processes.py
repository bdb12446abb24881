"""Streams of one process hear what is committed in another."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from portico import Anyone, App, Misconfigured, Module, OrgContext, TimedOut, Timeout
from portico.app.running import open_application
from portico.core import hub
from portico.testing import open_harness
from portico.testing.databases import Databases
from portico.testing.harness import settings_for
from tests.integration.streams import radio
from tests.integration.streams.conftest import PATIENCE, Station, station_of
from tests.integration.streams.test_sse import streams_of

pytestmark = pytest.mark.anyio
NEVER = 3600.0


@asynccontextmanager
async def two_processes(app: App, databases: Databases, **settings: object) -> AsyncIterator[tuple[Station, App]]:
    """A station in one process, and the same application in another, as it were: they share the database alone."""
    urls = await databases.of(app)
    async with AsyncExitStack() as stack:
        harness = await stack.enter_async_context(open_harness(app, urls, portico_wake_seconds=0.01, **settings))
        await harness.empty()
        other = App("radio", modules=[radio.radio], roles={"member": ("songs:hear",)})
        running = await stack.enter_async_context(
            open_application(other, settings_for(urls, portico_wake_seconds=0.01, **settings), harness.clock)
        )
        other.attach(running)
        stack.callback(other.attach, None)
        yield await station_of(harness, "Alpha"), other


async def test_a_commit_elsewhere_is_told_though_nobody_looks(
    portico_app: App, portico_databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the NOTIFY that follows it; all streams of the process hear of it by one reader."""
    monkeypatch.setattr(hub, "SOON", NEVER)
    monkeypatch.setattr(hub, "LOOK", NEVER)
    async with (
        two_processes(portico_app, portico_databases) as (station, other),
        station.listening(station.ben) as ben,
        station.listening(station.ann) as ann,
    ):
        player = other.as_(station.ann, org=station.org.id)
        heard: list[asyncio.Task[list[object]]] = [asyncio.create_task(who.hear(1)) for who in (ben, ann)]
        async with asyncio.timeout(PATIENCE):
            while not all(task.done() for task in heard):
                # Once more, as another transaction of the server may have held the event back when it was told of.
                (await player.call(radio.play, title="from afar")).unwrap()
                await asyncio.sleep(0.1)

    assert [task.result() for task in heard] == [[radio.Played(title="from afar")]] * 2


async def test_through_a_pooler_streams_look_by_themselves(portico_app: App, portico_databases: Databases) -> None:
    """Nothing can be heard there; it is looked twice a second."""
    async with (
        two_processes(portico_app, portico_databases, database_pooler=True) as (station, other),
        station.listening(station.ben) as ben,
    ):
        player = other.as_(station.ann, org=station.org.id)
        (await player.call(radio.play, title="from afar")).unwrap()

        assert await ben.hear(1) == [radio.Played(title="from afar")]


async def test_where_nobody_listens_nobody_reads(alpha: Station) -> None:
    """The reader begins with the first stream, and ends with the last."""
    hub_of = streams_of(alpha.portico).hub

    before = hub_of.place
    await alpha.play("unheard")
    async with alpha.listening(alpha.ben):
        during = hub_of.place

    assert before <= during
    assert hub_of.listened == 0
    assert len(streams_of(alpha.portico)) == 0


async def test_a_stream_with_a_time_ends_when_it_is_over(portico_app: App, portico_databases: Databases) -> None:
    """`Timeout` says how long; without one a stream is open for as long as it likes."""
    brief = Module("brief")
    stream = brief.subscription("GET /brief", Anyone("a test"), Timeout(0.1))(radio.idle.handler)
    app = App("radio", modules=[brief])
    async with open_harness(app, await portico_databases.of(portico_app)) as harness:
        await harness.empty()
        station = await station_of(harness, "Alpha")

        with pytest.raises(TimedOut):
            await anext(app.as_(station.ann, org=station.org.id).stream(stream))


async def test_events_are_asked_for_once(portico_app: App, portico_databases: Databases) -> None:
    """Two askings would have two places; the log says what to write."""
    double = Module("double")

    async def twice(ctx: OrgContext) -> AsyncIterator[radio.Played]:
        ctx.events(radio.Played)
        with pytest.raises(Misconfigured, match="once, with all kinds of events that it wants"):
            ctx.events(radio.Played)
        raise TimedOut

    stream = double.subscription("GET /twice", Anyone("a test"))(twice)
    app = App("radio", modules=[double])
    async with open_harness(app, await portico_databases.of(portico_app)) as harness:
        await harness.empty()
        station = await station_of(harness, "Alpha")

        with pytest.raises(TimedOut):
            await anext(app.as_(station.ann, org=station.org.id).stream(stream))
