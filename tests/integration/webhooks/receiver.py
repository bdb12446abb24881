"""A receiver of webhooks: a real server on this machine, which answers what a test wants and keeps what it got."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any, NamedTuple, TypeAlias

from pydantic_core import from_json


class Received(NamedTuple):
    """One request."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        """The body, read."""
        found: dict[str, Any] = from_json(self.body)
        return found

    @property
    def id(self) -> str:
        """Its webhook-id."""
        return self.headers["webhook-id"]


class Said(NamedTuple):
    """An answer."""

    status: int = 200
    headers: Mapping[str, str] = {}
    body: bytes = b""


Answer: TypeAlias = Callable[[Received], Awaitable[Said]]


async def _fine(_request: Received) -> Said:
    return Said()


class Receiver:
    """What a test sees of it."""

    def __init__(self) -> None:
        """Answer 200 to everything."""
        self.answer: Answer = _fine
        self.got: list[Received] = []
        self.connections = self.left = 0
        self.port = 0

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}/hook"

    def says(self, *answers: Said) -> None:
        """Answer one after another, then the last one for ever."""
        left = list(answers)

        async def answer(_request: Received) -> Said:
            return left.pop(0) if len(left) > 1 else left[0]

        self.answer = answer

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, kept as long as the client wants."""
        self.connections += 1
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                request = await read_request(reader)
                self.got.append(request)
                said = await self.answer(request)
                writer.write(written(said))
                await writer.drain()
        self.left += 1
        writer.close()


async def read_request(reader: asyncio.StreamReader) -> Received:
    """The next request of a connection."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Received(head[0].split(" ")[1], headers, body)


def written(said: Said) -> bytes:
    """An answer as bytes."""
    headers = {"content-length": str(len(said.body)), **said.headers}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {said.status} X\r\n{lines}\r\n".encode() + said.body


@asynccontextmanager
async def receiving(**options: Any) -> AsyncIterator[Receiver]:
    """A receiver that listens; `options` as asyncio takes them, such as `ssl`."""
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0, **options)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
