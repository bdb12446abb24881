"""Counts the round trips to PostgreSQL on the wire: a proxy that notices when the talk turns back to the server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import parse_qs, urlsplit, urlunsplit

from benchmarks.databases import Dsn


class Proxy:
    """Stands between a server under test and PostgreSQL; `trips` is how often something was sent after an answer."""

    def __init__(self, target: Dsn) -> None:
        self._target = urlsplit(target.url)
        self._server: asyncio.Server | None = None
        self._port = 0
        self.trips = 0

    def through(self, dsn: Dsn) -> Dsn:
        """The same database, reached through the proxy."""
        parts = urlsplit(dsn.url)
        who, _, _ = parts.netloc.rpartition("@")
        return Dsn(urlunsplit(parts._replace(netloc=f"{who}@127.0.0.1:{self._port}", query="")))

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[Proxy]:
        """Takes connections until the block ends."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self._port = self._server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            self._server.close()

    async def _dial(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        port = self._target.port or 5432
        folder = parse_qs(self._target.query).get("host", [""])[0]
        if folder.startswith("/"):
            return await asyncio.open_unix_connection(f"{folder}/.s.PGSQL.{port}")
        return await asyncio.open_connection(folder or self._target.hostname, port)

    async def _serve(self, client: asyncio.StreamReader, answer: asyncio.StreamWriter) -> None:
        server, ask = await self._dial()
        answered = True

        async def upward() -> None:
            nonlocal answered
            while data := await client.read(65536):
                self.trips += answered
                answered = False
                ask.write(data)
                await ask.drain()
            ask.close()

        async def downward() -> None:
            nonlocal answered
            while data := await server.read(65536):
                answered = True
                answer.write(data)
                await answer.drain()
            answer.close()

        await asyncio.gather(upward(), downward(), return_exceptions=True)
