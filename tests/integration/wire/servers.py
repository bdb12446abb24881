"""Real servers on this machine, each with its own way to the application, and clients that send bytes as they are."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal

import uvicorn

from portico import App
from portico.cli.addresses import Address, free_address, until_open
from portico.cli.serving import Host, by_granian, uvicorn_options
from portico.cli.stopping import Stop

Kind = Literal["rsgi", "asgi"]
PATIENCE = 10.0
OWN = {"date", "server", "connection"}
"""Headers that a server adds of itself."""
IDS = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|\b[0-9a-f]{24}\b"  # of rows and requests
    r"|(?<=\"ms\":)[0-9.]+|(?<=\"at\":)\"[^\"]+\""
    r"|(?<=csrf-token=)[\w-]+|(?<=value=\")[\w-]{20,}"  # a form's own
)


@dataclass(frozen=True)
class Seen:
    """An answer as it came, without what differs from one run to the next."""

    status: str
    headers: list[tuple[str, str]]
    body: str


@asynccontextmanager
async def served(kind: Kind, app: App) -> AsyncIterator[int]:
    """The running application behind a server; gives the port."""
    address = free_address("127.0.0.1", 0)
    work, end = _server(kind, app, address)
    serving = asyncio.create_task(work)
    try:
        async with asyncio.timeout(PATIENCE):
            await until_open(address)
        yield address.port
    finally:
        end()
        async with asyncio.timeout(PATIENCE):
            await serving


def _server(kind: Kind, app: App, address: Address) -> tuple[Coroutine[Any, Any, None], Callable[[], object]]:
    host = Host(address, "")
    if kind == "asgi":
        server = uvicorn.Server(uvicorn.Config(app, lifespan="off", **uvicorn_options(host)))
        return server.serve(), lambda: setattr(server, "should_exit", True)
    stop = Stop()
    return by_granian(app, host, stop), lambda: stop.gently and stop.gently()


async def exchanged(port: int, raw: bytes, *, cut: bool = False) -> Seen | None:
    """What is answered to these bytes; a client that is `cut` off leaves after them."""
    async with asyncio.timeout(PATIENCE):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(raw)
            await writer.drain()
            return None if cut else await _answer(reader, headless=raw.startswith(b"HEAD"))
        finally:
            writer.close()


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[Callable[[bytes], Coroutine[Any, Any, Seen]]]:
    """A client that sends one request after another over the same connection; gives what asks."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)

    async def ask(raw: bytes) -> Seen:
        writer.write(raw)
        async with asyncio.timeout(PATIENCE):
            return await _answer(reader, headless=False)

    try:
        yield ask
    finally:
        writer.close()


async def _answer(reader: asyncio.StreamReader, *, headless: bool) -> Seen:
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").strip().split("\r\n")
    pairs = [(name.lower(), value) for name, _, value in (line.partition(": ") for line in lines)]
    length = 0 if headless else int(dict(pairs).get("content-length", 0))
    body = (await reader.readexactly(length)).decode("latin-1")
    headers = sorted((name, IDS.sub("*", value)) for name, value in pairs if name not in OWN)
    return Seen(first.split(" ")[1], headers, IDS.sub("*", body))


def request(method: str, path: str, *lines: str, body: bytes | str = b"") -> bytes:
    """The bytes of a request; a body says how long it is."""
    content = body.encode() if isinstance(body, str) else body
    said = (f"Content-Length: {len(content)}",) if content else ()
    head = "\r\n".join([f"{method} {path} HTTP/1.1", "Host: testserver", *said, *lines])
    return f"{head}\r\n\r\n".encode("latin-1") + content


def chunked(method: str, path: str, *lines: str, chunks: list[bytes], whole: bool = True) -> bytes:
    """The bytes of a request that does not say how long its body is; it may end before its time."""
    pieces = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks)
    return request(method, path, "Transfer-Encoding: chunked", *lines) + pieces + (b"0\r\n\r\n" if whole else b"")
