"""What an open stream tells, onto the line to its client."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from typing import Any, Protocol

from pydantic import TypeAdapter

from portico.core.event import Event
from portico.core.live import LiveSink
from portico.errors import SlowClient
from portico.transports.frames import Frames
from portico.transports.line import Disconnected

LAST = 1.0
"""Seconds that the last word may take."""


class Renewed(BaseException):
    """The stream is to go on over another line."""


class Outlet(Protocol):
    """Where frames go."""

    most: int | None
    """Bytes after which it must be made anew, because nobody knows how many of them the client has taken."""

    async def begin(self) -> None:
        """Open it."""
        ...

    async def send(self, frame: bytes) -> None:
        """Send a frame, no sooner than the client has taken most of what came before."""
        ...


class Writer:
    """Writes values of one subscription; a value that goes to many streams is written once."""

    def __init__(self, row: Any, frames: Frames) -> None:
        """Values of that type, in that way."""
        self.frames = frames
        self._adapter: TypeAdapter[Any] = TypeAdapter(row)
        self._last: tuple[object, str, bytes] = (None, "", b"")

    def frame(self, value: object, mark: str) -> bytes:
        """The frame of a value."""
        known, known_mark, frame = self._last
        if known is value and known_mark == mark:
            return frame
        name = value.event_name if isinstance(value, Event) else ""
        frame = self.frames.value(name, mark, self.written(value))
        self._last = value, mark, frame
        return frame

    def written(self, value: object) -> bytes:
        """The value as JSON."""
        return self._adapter.dump_json(value, warnings="error")


class Telling(LiveSink):
    """Tells over an outlet; a client that takes nothing for so many seconds is too slow."""

    __slots__ = ("_bytes", "_outlet", "_stall", "_writer", "frames")

    def __init__(self, outlet: Outlet, writer: Writer, *, stall: float, bookmark: str | None) -> None:
        """Nothing is told yet."""
        super().__init__(bookmark)
        self.frames = writer.frames
        self._outlet = outlet
        self._writer = writer
        self._stall = stall
        self._bytes = 0

    async def open(self, *, resumed: bool) -> None:
        """Begin, and say `ready`."""
        self.begun = True
        await self._in_time(self._outlet.begin(), self._stall)
        await self._send(self.frames.ready(self._mark(), resumed=resumed))

    async def drain(self, rows: AsyncIterator[Any]) -> None:
        """Tell each value."""
        async for row in rows:
            await self._send(self._writer.frame(row, self._mark()))
            self.sent += 1
            self._renew()

    async def keep_alive(self) -> None:
        """Say that the stream is alive; who cannot be told has left, or is too slow."""
        try:
            await self._send(self.frames.alive(self._mark()))
        except (SlowClient, Disconnected) as why:
            if self.live is not None:
                self.live.end(why)

    async def resync(self) -> None:
        """Say `resync`."""
        await self._send(self.frames.resync(self._mark()))

    async def last(self, frame: bytes) -> None:
        """Say the last word, if the client takes it."""
        await self._in_time(self._outlet.send(frame), LAST)

    def _mark(self) -> str:
        return str(self.live.bookmark) if self.live else ""

    def _renew(self) -> None:
        """End a stream of which nobody knows how much is under way."""
        if self._outlet.most is not None and self._bytes > self._outlet.most and self.live is not None:
            self.live.end(Renewed())

    async def _send(self, frame: bytes) -> None:
        self.wrote = asyncio.get_running_loop().time()
        self._bytes += len(frame)
        await self._in_time(self._outlet.send(frame), self._stall)

    @staticmethod
    async def _in_time(sending: Awaitable[None], seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await sending
        except TimeoutError:
            raise SlowClient from None
