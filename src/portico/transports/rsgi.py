"""A wire as RSGI brings it: granian's own interface, where an answer is one call."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from typing import TYPE_CHECKING

from portico.transports.line import Disconnected, Headers, Torn, length_of
from portico.transports.pipe import THERE, Pipe
from portico.transports.wire import Wire, joined

if TYPE_CHECKING:
    from granian._granian import RSGIHTTPProtocol, RSGIHTTPStreamTransport
    from granian.rsgi import Scope

_STREAMS = set[asyncio.Task[None]]()
"""What runs by itself: the event loop alone would let go of it."""
UNREADABLE = "\ufffd"
"""Stands for a value that is not ASCII, which granian keeps back: what is there, but means nothing, is refused."""


class RsgiWire(Wire):
    """A request of granian."""

    __slots__ = ("_pieces", "_pipe", "_proto", "_standing", "_stream")
    waits = False

    def __init__(self, scope: "Scope", proto: "RSGIHTTPProtocol") -> None:
        """Read what the scope says; the body is left where it is."""
        super().__init__()
        self._proto = proto
        self._pieces: AsyncIterator[bytes] | None = None
        self._stream: RSGIHTTPStreamTransport | None = None
        self._standing: asyncio.Future[None] | None = None
        self._pipe: Pipe | None = None
        self.method = scope.method
        self.path = scope.path
        headers = scope.headers
        self.headers = joined(headers.items())
        if len(headers) != len(self.headers):  # type: ignore[arg-type]  # its stub knows no length
            self.headers = dict.fromkeys(headers.keys(), UNREADABLE) | self.headers
        self.length = length_of(self.headers)
        self.query_string = scope.query_string
        self.peer = scope.client.rpartition(":")[0].strip("[]") or None

    async def body(self, limit: int) -> bytes:
        """The whole body: at once where HTTP itself keeps it to a length that is within the limit."""
        if self.length is None or self.length > limit or self._pieces is not None:
            return await super().body(limit)
        self.ended = True
        try:
            return await self._proto()
        except RuntimeError:  # granian's ProtocolClosed: it ended before its length
            raise Disconnected from None

    async def read(self) -> bytes:
        """The next piece; granian ends with an empty one, and says by a second one that the body was cut off."""
        if self._pieces is None:
            self._pieces = aiter(self._proto)
        piece = await self._next()
        if not piece:
            self.ended = True
            if piece is not None and await self._next() is not None:
                raise Torn
        return piece or b""

    async def _next(self) -> bytes | None:
        """Without the default of `anext`, which granian's awaitables do not survive."""
        if self._pieces is None:
            return None
        try:
            return await self._pieces.__anext__()
        except StopAsyncIteration:
            return None

    async def left(self) -> BaseException:
        """Wait until granian says so."""
        await self._proto.client_disconnect()
        return Disconnected()

    async def respond(self, status: int, headers: Headers, body: bytes) -> None:
        """Answer in one call."""
        self._proto.response_bytes(status, headers, body)

    async def begin(self, status: int, headers: Headers, *, stays: bool = False) -> None:
        """Answer with a pipe for a file, which granian reads as the client takes it.

        To read a pipe takes a thread for as long as it is open: what stays is a stream of granian's own.
        """
        if stays or not THERE:
            self._stream = self._proto.response_stream(status, headers)
            if self._standing is not None and not self._standing.done():
                self._standing.set_result(None)
            return
        self._pipe = Pipe()
        self._proto.response_file(status, headers, str(self._pipe.path))
        try:
            await self._pipe.open()
        except TimeoutError:
            raise Disconnected from None

    def drop(self, last: bytes | None = None) -> None:
        """Let granian find the end of the pipe, or of its stream; it ends every answer in good order."""
        self._stream = None
        if self._pipe is not None:
            self._pipe.close(last)

    async def send(self, piece: bytes, *, more: bool) -> None:
        """Send a piece of the body."""
        if self._pipe is not None:
            await self._write(self._pipe, piece)
        if self._stream is not None and piece:
            try:
                await self._stream.send_bytes(piece)
            except RuntimeError:  # granian's ProtocolClosed: nobody is there
                raise Disconnected from None

    async def let_stand(self, serving: Coroutine[object, object, None]) -> None:
        """Run what may answer with a stream as a task, to its end or until the stream stands.

        Until the coroutine that granian has called returns, granian keeps the head of the request, 8 KiB of it.
        """
        task = asyncio.create_task(serving)
        self._standing = asyncio.get_running_loop().create_future()
        _STREAMS.add(task)
        task.add_done_callback(_STREAMS.discard)
        try:
            await asyncio.wait((task, self._standing), return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            task.cancel()
            raise
        if task.done():
            await task

    @staticmethod
    async def _write(pipe: Pipe, piece: bytes) -> None:
        try:
            await pipe.write(piece)
        except OSError:  # granian reads no more: nobody is there
            raise Disconnected from None
