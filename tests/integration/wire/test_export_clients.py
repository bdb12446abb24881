"""Clients of exports over both servers: slow ones, vanished ones, and those that get what is not whole."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from pydantic_core import from_json

from portico import App
from portico.adapters.postgres.servers import Urls
from portico.testing import Harness, open_harness
from portico.testing.databases import Databases
from tests.integration.office.people import open_office
from tests.integration.wire.servers import Kind, exchanged, request, served
from tests.integration.wire.test_leaving import FREE, OPEN, until

pytestmark = pytest.mark.anyio
KINDS: tuple[Kind, ...] = ("rsgi", "asgi")
LONG = "/api/v1/many-export?rows=1000000&width=1000"
STALL = 0.5
RECORD = "select metadata::text from portico.audit where action = 'exports.exported'"


@pytest.fixture
async def urls(portico_app: App, portico_databases: Databases) -> Urls:
    """The office's database."""
    return await portico_databases.of(portico_app)


@asynccontextmanager
async def opened(app: App, urls: Urls, kind: Kind) -> AsyncIterator[tuple[Harness, int, str]]:
    """An office with one connection and little patience, behind a server: its port, and a member's header."""
    async with open_harness(app, urls, database_connections=1, portico_export_stall=STALL) as harness:
        await harness.empty()
        office = await open_office(harness, "Alpha")
        async with served(kind, app) as port:
            yield harness, port, f"Authorization: Bearer {harness.token(office.member)}"


async def begun(port: int, raw: bytes) -> socket.socket:
    """Send a request and read the first bytes of its answer; the system keeps little for us."""
    loop, client = asyncio.get_running_loop(), socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 * 1024)
    client.setblocking(False)
    await loop.sock_connect(client, ("127.0.0.1", port))
    await loop.sock_sendall(client, raw)
    assert (await loop.sock_recv(client, 15)).startswith(b"HTTP/1.1 200")
    return client


async def whole(port: int, raw: bytes) -> tuple[bytes, bool]:
    """All that comes until the server is done, and whether it said that this was all."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(raw)
    async with asyncio.timeout(20):
        answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer, answer.endswith(b"0\r\n\r\n")


async def left(harness: Harness) -> tuple[int, bool]:
    """How many rows the audit says have left, and whether those were all; it is written once the connection is free."""
    async with asyncio.timeout(5):
        while not (rows := await harness.rows(RECORD)):  # noqa: ASYNC110  # another process has no event for us
            await asyncio.sleep(0.01)
    metadata = from_json(rows[0][0])
    return metadata["rows"], metadata.get("complete", True)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_client_that_leaves_frees_its_connection(portico_app: App, urls: Urls, kind: Kind) -> None:
    """Within a second; what it has got is on record."""
    async with opened(portico_app, urls, kind) as (harness, port, who):
        with await begun(port, request("GET", LONG, who)):
            await until(harness, OPEN)
        await until(harness, FREE, within=1.0)

        after = await exchanged(port, request("GET", "/api/v1/crowd?size=1", who))
        rows, complete = await left(harness)

    assert after is not None
    assert (after.status, complete) == ("200", False)
    assert 0 < rows < 200_000


@pytest.mark.parametrize("kind", KINDS)
async def test_a_client_that_takes_nothing_is_cut_off(portico_app: App, urls: Urls, kind: Kind) -> None:
    """It is read for no faster than it takes, and waited for no longer than the settings say."""
    async with opened(portico_app, urls, kind) as (harness, port, who):
        with await begun(port, request("GET", LONG, who)):
            rows, complete = await left(harness)
            await until(harness, FREE, within=1.0)

    assert complete is False
    assert rows < 50_000  # of a kilobyte: what sockets and pipes hold


@pytest.mark.parametrize("kind", KINDS)
async def test_a_client_sees_what_is_not_whole(portico_app: App, urls: Urls, kind: Kind) -> None:
    """NDJSON ends with the error; CSV with a line that is no row, and is cut off where the server can."""
    async with opened(portico_app, urls, kind) as (_, port, who):
        close, broken = "Connection: close", "/api/v1/broken-export?after=40000"
        ndjson, ended = await whole(port, request("GET", broken, who, close))
        csv, csv_ended = await whole(port, request("GET", f"{broken}&format=csv", who, close))
        good, good_ended = await whole(port, request("GET", "/api/v1/many-export?rows=3&width=1", who, close))

    assert (b'{"error":{' in ndjson, ended) == (True, True)
    assert (b'"#error {' in csv, csv_ended) == (True, kind == "rsgi")
    assert (b'{"n":3,"text":"x"}' in good, good_ended) == (True, True)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_client_that_was_too_slow_sees_that_it_has_not_all(portico_app: App, urls: Urls, kind: Kind) -> None:
    """It takes what was left for it later, long after its rows were given up: the end is an error, or there is none."""
    async with opened(portico_app, urls, kind) as (harness, port, who):
        with await begun(port, request("GET", LONG, who, "Connection: close")) as client:
            rows, _ = await left(harness)
            answer = await rest(client)

    assert rows < 50_000
    assert (b'{"error":{' in answer, answer.endswith(b"0\r\n\r\n")) == (kind == "rsgi", kind == "rsgi")


async def rest(client: socket.socket) -> bytes:
    """All that still comes until the server is done."""
    loop, found = asyncio.get_running_loop(), bytearray()
    async with asyncio.timeout(20):
        while piece := await loop.sock_recv(client, 64 * 1024):
            found += piece
    return bytes(found)
