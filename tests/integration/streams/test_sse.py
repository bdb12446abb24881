"""Server-sent events over both servers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

import pytest
from granian._granian import RSGIHTTPProtocol
from granian.rsgi import Scope

from portico import App
from portico.core.bookmark import Bookmark
from portico.core.streams import Streams
from portico.modules import identity
from portico.ports.events import Position
from portico.testing import Harness, open_harness
from portico.testing.databases import Databases
from tests.integration.streams import radio
from tests.integration.streams.conftest import Station, station_of
from tests.integration.streams.lines import PATIENCE, Heard, Line, stream
from tests.integration.wire.servers import Kind, exchanged, request, served

pytestmark = pytest.mark.anyio
LIVE = "/api/v1/songs/live"


@pytest.fixture(params=["rsgi", "asgi"])
def kind(request: pytest.FixtureRequest) -> Kind:
    """Granian and uvicorn."""
    kind: Kind = request.param
    return kind


@asynccontextmanager
async def on_air(app: App, databases: Databases, kind: Kind, **settings: object) -> AsyncIterator[tuple[Station, int]]:
    """A station behind a server."""
    async with open_harness(app, await databases.of(app), **settings) as harness:
        await harness.empty()
        async with served(kind, app) as port:
            yield await station_of(harness, "Alpha"), port


def as_(station: Station) -> tuple[str, str]:
    """The headers of a member."""
    return f"Authorization: Bearer {station.portico.token(station.ann)}", f"X-Org-Id: {station.org.id}"


def streams_of(harness: Harness) -> Streams:
    """Those that are open."""
    streams = harness.app.running.pipeline.streams
    assert streams is not None
    return streams


async def until_none(harness: Harness) -> None:
    """Wait until no stream is open."""
    async with asyncio.timeout(PATIENCE):
        while len(streams_of(harness)):  # noqa: ASYNC110  # nobody tells
            await asyncio.sleep(0.005)


async def test_a_stream_tells_that_it_is_ready_then_what_happens(
    portico_app: App, portico_databases: Databases, kind: Kind
) -> None:
    """Each event under its name, with its id; nothing in between may keep or hold it back."""
    async with (
        on_air(portico_app, portico_databases, kind) as (station, port),
        stream(port, LIVE, *as_(station)) as line,
    ):
        ready = await line.hear()
        await station.play("one\ntwo")
        event = await line.hear()

    assert (line.status, line.headers["content-type"]) == (200, "text/event-stream")
    assert (line.headers["cache-control"], line.headers["x-accel-buffering"]) == ("no-store", "no")
    assert (ready and ready[:2], line.retry) == (("ready", {"resumed": False}), 3000)
    assert event == Heard("song.played", {"title": "one\ntwo"}, line.last)
    assert ready is not None
    assert ready.id != line.last


class Called(App):
    """The application as granian calls it: how many of its calls have returned."""

    returned = 0

    async def __rsgi__(self, scope: Scope, proto: RSGIHTTPProtocol) -> None:
        """Note the return."""
        await super().__rsgi__(scope, proto)
        self.returned += 1


async def test_granian_need_not_keep_the_request_of_a_stream_that_stands(portico_databases: Databases) -> None:
    """What it called has returned, as with any request; the stream goes on, and ends as ever."""
    app = Called("radio", modules=[radio.radio, identity], roles={"member": ("songs:hear",)})
    async with on_air(app, portico_databases, "rsgi") as (station, port):
        async with stream(port, LIVE, *as_(station)) as line:
            await line.hear()
            async with asyncio.timeout(PATIENCE):
                while not app.returned:  # noqa: ASYNC110  # nobody tells
                    await asyncio.sleep(0.001)
            await station.play("one")
            event = await line.hear()
            open_still = len(streams_of(station.portico))
        await until_none(station.portico)

    assert event is not None
    assert (app.returned, event.name, open_still) == (1, "song.played", 1)


async def test_more_may_listen_than_may_wait_to_be_let_in(
    portico_app: App, portico_databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unless told, granian works on as many requests as may wait, and a stream is one for as long as it is open."""
    monkeypatch.setattr("portico.cli.serving.BACKLOG", 128)  # the fewest that it takes
    async with (
        on_air(portico_app, portico_databases, "rsgi", portico_streams_per_user=200) as (station, port),
        AsyncExitStack() as listeners,
    ):
        for _ in range(140):
            line = await listeners.enter_async_context(stream(port, LIVE, *as_(station)))
            assert await line.hear()
        answer = await exchanged(port, request("GET", "/api/health/live"))

    assert answer is not None
    assert answer.status == "200"


async def test_who_comes_back_hears_what_was_missed_and_nothing_twice(
    portico_app: App, portico_databases: Databases, kind: Kind
) -> None:
    """From the id on, by the header or by the query string; the id may be older than the stream itself."""
    async with on_air(portico_app, portico_databases, kind) as (station, port):
        async with stream(port, LIVE, *as_(station)) as line:
            await line.hear()
            await station.play("one")
            await line.hear()
        await until_none(station.portico)
        await station.play("two", "three")

        async with stream(port, LIVE, *as_(station), f"Last-Event-ID: {line.last}") as again:
            ready = await again.hear()
            await station.play("four")
            heard = [event.data["title"] for _ in range(3) if (event := await again.hear())]
        async with stream(port, f"{LIVE}?last_event_id={line.last}&starting=t", *as_(station)) as other:
            await other.hear()
            selected = [event.data["title"] for _ in range(2) if (event := await other.hear())]

    assert ready is not None
    assert (ready.name, ready.data) == ("ready", {"resumed": True})
    assert heard == ["two", "three", "four"]
    assert selected == ["two", "three"]


async def test_an_id_that_is_too_old_or_none_is_told_to_read_again(
    portico_app: App, portico_databases: Databases
) -> None:
    """The stream goes on from now; the client knows that it has missed something."""
    async with on_air(portico_app, portico_databases, "asgi") as (station, port):
        old = Bookmark(Position(1, 1), station.portico.clock.now() - timedelta(hours=2))
        for id in (str(old), "nonsense", "ü"):
            async with stream(port, LIVE, *as_(station), f"Last-Event-ID: {id}") as line:
                told = [event and event[:2] for event in (await line.hear(), await line.hear())]

            assert told == [("ready", {"resumed": False}), ("resync", {})]


async def test_a_silent_stream_says_that_it_is_alive(
    portico_app: App, portico_databases: Databases, kind: Kind
) -> None:
    """A comment, by which nobody is woken; the id moves on past what is not for this stream."""
    async with (
        on_air(portico_app, portico_databases, kind, portico_stream_keep_alive=0.2) as (station, port),
        stream(port, f"{LIVE}?starting=x", *as_(station)) as line,
    ):
        await line.hear()
        before = place_of(line)
        await station.play("not for us")
        async with asyncio.timeout(PATIENCE):
            while await line.comment() and place_of(line) == before:
                pass

    assert place_of(line) > before


async def test_the_id_moves_on_past_what_happens_elsewhere(portico_app: App, portico_databases: Databases) -> None:
    """Who comes back has missed no more than was for them, however busy others were."""
    async with (
        on_air(portico_app, portico_databases, "asgi", portico_stream_keep_alive=0.05) as (station, port),
        stream(port, LIVE, *as_(station)) as line,
    ):
        await line.hear()
        before = place_of(line)
        await (await station_of(station.portico, "Beta")).play("elsewhere")
        async with asyncio.timeout(PATIENCE):
            while await line.comment() and place_of(line) == before:
                pass

    assert place_of(line) > before


def place_of(line: Line) -> Position:
    """The place that the line's last id says."""
    bookmark = Bookmark.read(line.last)
    assert bookmark is not None
    return bookmark.place


async def test_plain_requests_are_told_to_upgrade(portico_app: App, portico_databases: Databases, kind: Kind) -> None:
    """426, with what to upgrade to; HEAD and OPTIONS are answered as ever, and leave no stream."""
    async with on_air(portico_app, portico_databases, kind) as (station, port):
        plain = await exchanged(port, request("GET", LIVE, *as_(station)))
        head = await exchanged(port, request("HEAD", LIVE, "Accept: text/event-stream", *as_(station)))
        options = await exchanged(port, request("OPTIONS", LIVE))
        await until_none(station.portico)

    assert plain is not None
    assert (plain.status, dict(plain.headers)["upgrade"]) == ("426", "websocket")
    assert head is not None
    assert (head.status, dict(head.headers)["content-type"], head.body) == ("200", "text/event-stream", "")
    assert options is not None
    assert (options.status, dict(options.headers)["allow"]) == ("204", "GET, HEAD, OPTIONS")


async def test_a_refusal_that_passes_is_an_event(portico_app: App, portico_databases: Databases) -> None:
    """A browser would never come back after a 429: it is told by an event, and when to come; the others are final."""
    limits = {"portico_streams_per_user": 1}
    async with on_air(portico_app, portico_databases, "asgi", **limits) as (station, port):
        async with stream(port, LIVE, *as_(station)) as first:
            await first.hear()
            async with stream(port, LIVE, *as_(station)) as second:
                told = await second.hear()
                end = await second.hear()
            async with stream(port, LIVE) as nobody:
                assert nobody.status == 401
        await until_none(station.portico)
        async with stream(port, LIVE, *as_(station)) as third:
            ready = await third.hear()

    assert (second.status, second.headers["content-type"], end) == (200, "text/event-stream", None)
    assert told is not None
    assert (told.name, told.data["status"], told.data["code"]) == ("problem", 429, "RATE_LIMIT_STREAMS")
    assert second.retry >= 30_000
    assert ready is not None


async def test_who_leaves_is_forgotten_at_once(portico_app: App, portico_databases: Databases, kind: Kind) -> None:
    """The function is ended, its stream gone."""
    async with on_air(portico_app, portico_databases, kind) as (station, port):
        radio.OPEN.clear()
        radio.LEFT.clear()
        async with stream(port, "/api/v1/idle", *as_(station)), asyncio.timeout(PATIENCE):
            await radio.OPEN.wait()
        async with asyncio.timeout(2):
            await radio.LEFT.wait()
            await until_none(station.portico)


async def test_a_stream_of_a_function_that_is_done_ends(
    portico_app: App, portico_databases: Databases, kind: Kind
) -> None:
    """With an event that says so, as a browser would come back otherwise."""
    async with on_air(portico_app, portico_databases, kind) as (_, port), stream(port, "/api/v1/numbers") as line:
        heard = []
        while (event := await line.hear()) is not None:
            heard.append(event[:2])

    assert heard == [("ready", {"resumed": False}), ("message", 0), ("message", 1), ("message", 2), ("end", {})]
