"""Lines to a server on which a stream is read, byte by byte as it comes."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from tests.integration.wire.servers import request

PATIENCE = 10.0
ACCEPT = "Accept: text/event-stream"
JSON = "Content-Type: application/json"


class Heard(NamedTuple):
    """One server-sent event."""

    name: str
    data: Any
    id: str


class Line:
    """The client's end of one stream."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Nothing is read yet."""
        self._reader = reader
        self.writer = writer
        self.status = 0
        self.headers: dict[str, str] = {}
        self.retry = 0
        self.last = ""
        """The id that a browser would send when it comes back."""
        self._rest = ""

    async def head(self) -> None:
        """Read status and headers."""
        first, *lines = (await self._reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
        self.status = int(first.split(" ")[1])
        self.headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}

    async def hear(self) -> Heard | None:
        """The next event as a browser dispatches it; None at the end."""
        while (block := await self._block()) is not None:
            fields = self._note(block)
            if "data" in fields:
                return Heard(fields.get("event", "message"), json.loads(fields["data"] or "null"), self.last)
        return None

    async def comment(self) -> str:
        """The next comment; events on the way to it are skipped."""
        while (block := await self._block()) is not None:
            if block.startswith(":"):
                self._note(block)
                return block
        return ""

    def _note(self, block: str) -> dict[str, str]:
        """The fields of a block; id and retry hold from now on."""
        fields = dict(line.partition(": ")[::2] for line in block.split("\n"))
        self.last = fields.get("id", self.last)
        self.retry = int(fields.get("retry", self.retry))
        return fields

    async def _block(self) -> str | None:
        """What stands before the next blank line."""
        async with asyncio.timeout(PATIENCE):
            while "\n\n" not in self._rest:
                piece = await self._piece()
                if not piece:
                    return None
                self._rest += piece.decode()
        block, _, self._rest = self._rest.partition("\n\n")
        return block

    async def _piece(self) -> bytes:
        """The next chunk (RFC 9112, section 7.1)."""
        try:
            size = int(await self._reader.readuntil(b"\r\n"), 16)
            piece = await self._reader.readexactly(size + 2)
        except (asyncio.IncompleteReadError, ConnectionError):
            return b""
        return piece[:-2]


@asynccontextmanager
async def stream(port: int, path: str, *lines: str, accept: str = ACCEPT, sent: object = None) -> AsyncIterator[Line]:
    """A stream that was asked for, by POST where JSON is sent; its head has been read."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 24)
    line = Line(reader, writer)
    try:
        if sent is None:
            writer.write(request("GET", path, accept, *lines))
        else:
            writer.write(request("POST", path, accept, JSON, *lines, body=json.dumps(sent)))
        async with asyncio.timeout(PATIENCE):
            await line.head()
        yield line
    finally:
        writer.close()
