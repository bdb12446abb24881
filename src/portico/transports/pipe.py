"""A pipe with a name: for a server that reads a file no faster than its client takes it.

Granian queues without bound what is sent to its own streams, whatever the client takes; a file it reads as the client
does. So an answer in pieces is given to it as a file: one that holds no more than the system keeps of a pipe.
"""

import asyncio
import os
import sys
import tempfile
from contextlib import suppress
from errno import ENXIO
from pathlib import Path

if sys.platform == "linux":
    import fcntl

THERE = hasattr(os, "mkfifo")
"""Whether the system has such pipes; Windows has none."""
SOON = 5.0
"""Seconds within which a server reads that has a client to read for."""
WIDE = 256 * 1024
"""Bytes that it holds where the system lets us say so: fewer turns between us and the server."""
PAUSE = 0.001
"""Seconds between two looks whether the server reads; there is no event for that."""


class Pipe:
    """A pipe that the server opens by its path, and we by `open`."""

    __slots__ = ("_writer", "path")

    def __init__(self) -> None:
        """Make it; nobody need be there to read."""
        self.path = Path(tempfile.mkdtemp(prefix="portico-")) / "answer"
        os.mkfifo(self.path, 0o600)
        self._writer: asyncio.StreamWriter | None = None

    async def open(self) -> None:
        """Open it for writing, once the server has opened it for reading; then nobody else can.

        Raises TimeoutError where the server does not.
        """
        async with asyncio.timeout(SOON):
            while (end := self._end()) is None:  # noqa: ASYNC110  # the server has no event for us
                await asyncio.sleep(PAUSE)
        loop = asyncio.get_running_loop()
        _widen(end)
        made = await loop.connect_write_pipe(asyncio.streams.FlowControlMixin, os.fdopen(end, "wb", 0))
        made[0].set_write_buffer_limits(high=0)
        self._writer = asyncio.StreamWriter(*made, None, loop)
        self._remove()

    async def write(self, piece: bytes) -> None:
        """Write a piece, and wait until the pipe has taken it; raises OSError where nobody reads any more."""
        if self._writer is not None:
            if self._writer.is_closing():  # asyncio would pass over what is written then, uvloop raise RuntimeError
                raise BrokenPipeError
            self._writer.write(piece)
            await self._writer.drain()

    def close(self, last: bytes | None = None) -> None:
        """Say that this was all; who reads still gets what the pipe holds.

        With a last word, even an empty one, they get all that was written and then that, as soon as they read on.
        """
        if self._writer is not None:
            if not self._writer.is_closing():
                self._end_with(self._writer, last)
        elif self.path.exists():
            os.close(os.open(self.path, os.O_RDWR | os.O_NONBLOCK))  # who waits for us at the other end goes on
        self._remove()

    @staticmethod
    def _end_with(writer: asyncio.StreamWriter, last: bytes | None) -> None:
        if last is None:
            writer.transport.abort()  # what was written is in the pipe
        else:
            writer.write(last)
            writer.close()

    def _end(self) -> int | None:
        try:
            return os.open(self.path, os.O_WRONLY | os.O_NONBLOCK)
        except OSError as problem:
            if problem.errno != ENXIO:  # nobody reads yet
                raise
            return None

    def _remove(self) -> None:
        with suppress(OSError):
            self.path.unlink()
            self.path.parent.rmdir()


def _widen(end: int) -> None:
    """Hold more than the usual 64 KiB, on Linux; not where the user has too many such pipes."""
    if sys.platform == "linux":
        with suppress(OSError):
            fcntl.fcntl(end, fcntl.F_SETPIPE_SZ, WIDE)
