"""The admin port: what those who run an application ask its processes, apart from what callers reach."""

import asyncio
import errno
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import NamedTuple, TypeAlias

from portico.app.beside import beside
from portico.errors import Misconfigured

LONGEST = 16 * 1024
"""Bytes of a request's head."""
PATIENCE = 5.0
"""Seconds that a client may take to ask, and to take the answer."""
AGAIN = 1.0
"""Seconds until a process tries again for a port that a sibling holds."""
log = logging.getLogger("portico")


class Page(NamedTuple):
    """An answer."""

    body: bytes
    media_type: str
    status: str = "200 OK"


Show: TypeAlias = Callable[[str], Awaitable[Page]]
"""Draws a page for what the client accepts."""


class Admin:
    """Answers GET for the pages of one process: HTTP/1.1, one request a connection, no more than a scraper needs."""

    def __init__(self, pages: dict[str, Show], *, host: str, port: int) -> None:
        """Nothing listens yet."""
        self._pages, self._host, self.port = pages, host, port
        self._server: asyncio.Server | None = None

    @asynccontextmanager
    async def open(self, *, alone: bool) -> AsyncIterator[None]:
        """Listen as long as the block runs; of several processes one does, and when it ends, the next.

        Raises Misconfigured where the port is somebody else's: `alone` says that no sibling can have it.
        """
        try:
            taken = not await self._listen()
        except OSError as problem:
            raise Misconfigured(f"PORTICO_ADMIN_HOST: cannot listen at {self._host}: {problem}.") from None
        if taken and alone:
            raise Misconfigured(f"PORTICO_ADMIN_PORT: another program listens at {self._host}:{self.port}.")
        try:
            async with beside(self._take_over()):
                yield
        finally:
            if self._server is not None:
                self._server.close()

    async def _listen(self) -> bool:
        """Whether the port is ours now."""
        try:
            self._server = await asyncio.start_server(self._serve, self._host, self.port, limit=LONGEST)
        except OSError as problem:
            if problem.errno == errno.EADDRINUSE:
                return False
            raise
        self.port = self._server.sockets[0].getsockname()[1]
        host = f"[{self._host}]" if ":" in self._host else self._host
        for path in self._pages:
            log.info("%s is shown at http://%s:%s%s", path.strip("/"), host, self.port, path)
        return True

    async def _take_over(self) -> None:
        """Listen when the sibling that did has ended."""
        while self._server is None:
            await asyncio.sleep(AGAIN)
            with suppress(OSError):
                await self._listen()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                await _send(writer, await self._answer(head), bare=head[0].startswith("HEAD "))
        except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # who asks for a page so slowly, or so strangely, gets none
        finally:
            writer.close()

    async def _answer(self, head: list[str]) -> Page:
        method, _, rest = head[0].partition(" ")
        show = self._pages.get(rest.partition(" ")[0].partition("?")[0])
        if show is None:
            return Page(f"There is {', '.join(self._pages)}.\n".encode(), "text/plain", "404 Not Found")
        if method not in {"GET", "HEAD"}:
            return Page(b"Ask by GET.\n", "text/plain", "405 Method Not Allowed")
        accept = [line.partition(":")[2].strip() for line in head[1:] if line.lower().startswith("accept:")]
        try:
            return await show(", ".join(accept))
        except Exception:
            log.exception("a page of the admin port failed")
            return Page(b"The log says why.\n", "text/plain", "500 Internal Server Error")


async def _send(writer: asyncio.StreamWriter, page: Page, *, bare: bool) -> None:
    """The answer; `bare` leaves out its body."""
    lines = [
        f"HTTP/1.1 {page.status}",
        f"Content-Type: {page.media_type}",
        f"Content-Length: {len(page.body)}",
        *(["Allow: GET, HEAD"] if page.status.startswith("405") else []),
        "Cache-Control: no-store",
        "Connection: close",
    ]
    writer.write("\r\n".join([*lines, "", ""]).encode() + (b"" if bare else page.body))
    await writer.drain()
