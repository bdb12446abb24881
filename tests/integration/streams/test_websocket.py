"""The same subscriptions over a WebSocket, on both servers."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from portico import App
from portico.testing.databases import Databases
from tests.integration.streams import radio
from tests.integration.streams.conftest import Station
from tests.integration.streams.lines import PATIENCE
from tests.integration.streams.test_sse import LIVE, on_air, streams_of, until_none
from tests.integration.wire.servers import Kind

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["rsgi", "asgi"])
def kind(request: pytest.FixtureRequest) -> Kind:
    """Granian and uvicorn."""
    kind: Kind = request.param
    return kind


@asynccontextmanager
async def talking(
    station: Station, port: int, path: str = LIVE, *, token: str | None = None, origin: str | None = None
) -> AsyncIterator[ClientConnection]:
    """A WebSocket as a member."""
    shown = station.portico.token(station.ann) if token is None else token
    headers = {"Authorization": f"Bearer {shown}", "X-Org-Id": str(station.org.id)} if shown else {}
    uri = f"ws://127.0.0.1:{port}{path}"
    quick = {"max_size": None, "close_timeout": 1}  # granian keeps the connection of who was refused
    async with connect(uri, additional_headers=headers, origin=origin, **quick) as line:  # type: ignore[arg-type]  # a plain text will do
        yield line


async def heard(line: ClientConnection) -> dict[str, Any]:
    """The next message."""
    async with asyncio.timeout(PATIENCE):
        message: dict[str, Any] = json.loads(await line.recv())
    return message


async def closed(line: ClientConnection) -> int:
    """The code that it is closed with, after whatever else is said."""
    with suppress(ConnectionClosed):
        while True:
            await heard(line)
    return line.close_code or 0


def code(kind: Kind, number: int) -> int:
    """The code that arrives: granian closes without one."""
    return number if kind == "asgi" else 1005


async def refused(station: Station, port: int, kind: Kind, *, token: str) -> tuple[str, int]:
    """How a socket is refused: by a code after a message that says why, or by a status."""
    if kind == "rsgi":
        with pytest.raises(InvalidStatus) as answer:
            async with talking(station, port, token=token):
                pass
        return "", answer.value.response.status_code + 4000
    async with talking(station, port, token=token) as line:
        problem = await heard(line)
        return problem["problem"]["code"], await closed(line)


async def test_a_socket_tells_the_same_as_server_sent_events(
    portico_app: App, portico_databases: Databases, kind: Kind
) -> None:
    """Ready, events with their ids, and from an id on after coming back."""
    async with on_air(portico_app, portico_databases, kind) as (station, port):
        async with talking(station, port) as line:
            ready = await heard(line)
            await station.play("one")
            event = await heard(line)
        await until_none(station.portico)
        await station.play("two")
        async with talking(station, port, f"{LIVE}?last_event_id={event['id']}") as line:
            again = await heard(line)
            missed = await heard(line)

    assert ready == {"type": "ready", "id": ready["id"], "resumed": False}
    assert event == {"type": "event", "id": event["id"], "event": "song.played", "data": {"title": "one"}}
    assert again["resumed"] is True
    assert missed["data"] == {"title": "two"}


async def test_refusals_are_codes(portico_app: App, portico_databases: Databases, kind: Kind) -> None:
    """4000 and the status, after a message that says why: a browser learns no status of a socket that is refused."""
    async with on_air(portico_app, portico_databases, kind, portico_streams_per_user=1) as (station, port):
        deaf = await station.portico.member("deaf@alpha.test", org=station.org.id, role="deaf")
        tokens = ("", "junk", station.portico.token(deaf))
        refusals = [await refused(station, port, kind, token=token) for token in tokens]
        async with talking(station, port) as first:
            await heard(first)
            refusals.append(await refused(station, port, kind, token=station.portico.token(station.ann)))

    assert [number for _, number in refusals] == [4401, 4401, 4403, 4429]
    if kind == "asgi":
        assert [why for why, _ in refusals] == ["UNAUTHORIZED", "UNAUTHORIZED", "FORBIDDEN", "RATE_LIMIT_STREAMS"]


async def test_no_other_site_opens_a_socket(portico_app: App, portico_databases: Databases, kind: Kind) -> None:
    """Its page would speak with our visitor's cookies; our own pages may, and those that the settings name."""
    friend = "https://friend.example"
    async with on_air(portico_app, portico_databases, kind, portico_origins=(friend,)) as (station, port):
        for origin in ("https://evil.example", "null"):
            with pytest.raises(InvalidStatus) as answer:
                async with talking(station, port, origin=origin):
                    pass
            assert answer.value.response.status_code == 403
        for origin in (f"http://127.0.0.1:{port}", friend):
            async with talking(station, port, origin=origin) as line:
                assert (await heard(line))["type"] == "ready"


async def test_what_is_no_stream_opens_no_socket(portico_app: App, portico_databases: Databases, kind: Kind) -> None:
    """An unknown path, and one that is something else."""
    async with on_air(portico_app, portico_databases, kind) as (station, port):
        for path, status in (("/api/v1/nothing", 404), ("/api/v1/songs", 405), ("/api/health/live", 404)):
            with pytest.raises(InvalidStatus) as answer:
                async with talking(station, port, path):
                    pass
            assert answer.value.response.status_code == status


async def test_pings_are_answered(portico_app: App, portico_databases: Databases, kind: Kind) -> None:
    """The client's at once; the server's by the client, or it is cut off: nobody is there."""
    async with (
        on_air(portico_app, portico_databases, kind, portico_stream_keep_alive=0.4) as (station, port),
        talking(station, port) as line,
    ):
        await heard(line)
        await line.send('{"type":"ping"}')
        answers = [(await heard(line))["type"] for _ in range(2)]
        for _ in range(4):
            await line.send('{"type":"pong"}')
            assert (await heard(line))["type"] == "ping"
        ended = await closed(line)

    assert "pong" in answers
    assert ended == code(kind, 4408)


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("nonsense", 4422),
        ('{"type":"shout"}', 4422),
        ('{"type":["ping"]}', 4422),
        ('{"type":{}}', 4422),
        ("[]", 4422),
        (b"bytes", 4415),
        ("x" * 5000, 1009),
    ],
    ids=["text", "unknown", "types", "object", "list", "bytes", "long"],
)
async def test_what_nobody_understands_closes_the_socket(
    portico_app: App, portico_databases: Databases, *, kind: Kind, said: str | bytes, number: int
) -> None:
    """A client says ping and pong; everything else is a mistake, and told as one."""
    async with on_air(portico_app, portico_databases, kind) as (station, port), talking(station, port) as line:
        await heard(line)
        await line.send(said)

        told = await heard(line)
        assert (told["type"], await closed(line)) == ("problem", code(kind, number))


async def test_who_leaves_or_may_no_longer_is_forgotten(
    portico_app: App, portico_databases: Databases, kind: Kind
) -> None:
    """A client that goes, with or without a word, and one whose session ends."""
    async with on_air(portico_app, portico_databases, kind, portico_stream_check=0.1) as (station, port):
        radio.OPEN.clear()
        radio.LEFT.clear()
        async with talking(station, port, "/api/v1/idle") as line, asyncio.timeout(PATIENCE):
            await radio.OPEN.wait()
            line.transport.abort()
            await radio.LEFT.wait()
        await until_none(station.portico)
        async with talking(station, port) as line:
            await heard(line)
            await station.portico.rows("delete from portico.sessions")
            ended = await closed(line)
        async with talking(station, port, "/api/v1/numbers?upto=1", token="") as line:
            done = await closed(line)

    assert (ended, done) == (code(kind, 4401), code(kind, 1000))


async def test_a_server_that_ends_says_so(portico_app: App, portico_databases: Databases, kind: Kind) -> None:
    """Try again later: there is another one."""
    async with on_air(portico_app, portico_databases, kind) as (station, port), talking(station, port) as line:
        await heard(line)
        streams_of(station.portico).stop()

        assert await closed(line) == code(kind, 1013)
