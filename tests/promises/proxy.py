"""A wire to PostgreSQL that can be counted, cut, silenced, taken down and brought up again."""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import parse_qs, urlsplit

WAITS = frozenset(b"QSH")
"""Messages after which a client waits for the server: Query, Sync, Flush (PostgreSQL's protocol, section 54.7)."""


class Proxy:
    """Stands between an application and its database; `url` leads to the database by way of it."""

    def __init__(self, url: str) -> None:
        """A proxy before the database of that address, which lies on a Unix socket."""
        parts = urlsplit(url)
        query = parse_qs(parts.query)
        self._socket = f"{query['host'][0]}/.s.PGSQL.{query['port'][0]}"
        self._login = parts.netloc.rpartition("@")[0]
        self._database = parts.path
        self._server: asyncio.Server | None = None
        self._port = 0
        self._wires: set[asyncio.Task[None]] = set()
        self.sent: list[str] = []
        """What the client waited for: each is one round trip."""
        self.cut_before = ""
        """The statement of a simple query that never reaches the server."""
        self.cut_after = ""
        """The statement of a simple query whose answer never reaches the client."""
        self.silent = False
        """Whether answers are lost, and nobody is told."""

    @property
    def url(self) -> str:
        """Where the application should connect."""
        return f"postgresql://{self._login}@127.0.0.1:{self._port}{self._database}?sslmode=disable"

    async def up(self) -> None:
        """Listen, always at the same port."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def down(self) -> None:
        """Refuse connections, and break those there are."""
        if self._server is not None:
            self._server.close()
        wires = list(self._wires)
        for wire in wires:
            wire.cancel()
        await asyncio.gather(*wires, return_exceptions=True)

    async def _accept(self, reader: StreamReader, writer: StreamWriter) -> None:
        wire = asyncio.create_task(self._carry(reader, writer))
        self._wires.add(wire)
        wire.add_done_callback(self._wires.discard)

    async def _carry(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Carry both ways until one of them ends; then break both off."""
        answers, server = await asyncio.open_unix_connection(self._socket)
        cut = asyncio.Event()
        ways = [
            asyncio.create_task(self._forward(reader, server, cut)),
            asyncio.create_task(self._answer(answers, writer, cut)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            server.transport.abort()
            writer.transport.abort()

    async def _forward(self, reader: StreamReader, server: StreamWriter, cut: asyncio.Event) -> None:
        """Message by message: the first has no type, every other one begins with it."""
        size = await reader.readexactly(4)
        server.write(size + await reader.readexactly(int.from_bytes(size) - 4))
        while True:
            head = await reader.readexactly(5)
            body = await reader.readexactly(int.from_bytes(head[1:]) - 4)
            query = body.rstrip(b"\0").decode() if head[:1] == b"Q" else "prepared"
            if head[0] in WAITS:
                self.sent.append(query)
            if self.cut_before in sent(query):
                return
            if self.cut_after in sent(query):
                cut.set()
            server.write(head + body)
            await server.drain()

    async def _answer(self, answers: StreamReader, client: StreamWriter, cut: asyncio.Event) -> None:
        while data := await answers.read(65536):
            if cut.is_set():
                return
            if not self.silent:
                client.write(data)
                await client.drain()


def sent(query: str) -> list[str]:
    """The statements of a simple query; what ends a transaction is among the last two."""
    return query.split("; ")[-2:]


@asynccontextmanager
async def proxy_before(url: str) -> AsyncIterator[Proxy]:
    """A proxy that is up, and down in the end."""
    proxy = Proxy(url)
    await proxy.up()
    try:
        yield proxy
    finally:
        with suppress(OSError):
            await proxy.down()
