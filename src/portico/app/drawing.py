"""Rows of a stream drawn in-process, one after another."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress
from typing import Any, Protocol

from portico.core.live import LiveSink
from portico.core.result import Result
from portico.core.sink import Sink

AT_ONCE = 100
"""Rows that are handed over together."""


class Following(LiveSink):
    """Hands what happens from the task that follows it to the one that draws, value by value."""

    def __init__(self) -> None:
        """Nothing has happened."""
        super().__init__()
        self.queue: asyncio.Queue[list[Any]] = asyncio.Queue(maxsize=1)

    async def open(self, *, resumed: bool) -> None:
        """Who draws need not be told."""
        self.begun = True

    async def drain(self, rows: AsyncIterator[Any]) -> None:
        """Hand over each value."""
        async for row in rows:
            await self.queue.put([row])
            self.sent += 1

    async def keep_alive(self) -> None:
        """As above."""

    async def resync(self) -> None:
        """Nobody draws for so long that it comes to this."""


class Run(Protocol):
    """Runs a call whose rows go to a sink."""

    async def __call__(self, *, sink: Sink) -> Result[int]:
        """What it comes to."""
        ...


class Handing:
    """Hands rows from the task that reads them to the one that draws them, which holds it up."""

    def __init__(self) -> None:
        """Nothing is handed over."""
        self.begun = False
        self.sent = 0
        self.queue: asyncio.Queue[list[Any]] = asyncio.Queue(maxsize=1)

    async def drain(self, rows: AsyncIterator[Any]) -> None:
        """Hand over all rows."""
        some: list[Any] = []
        async for row in rows:
            some.append(row)
            if len(some) == AT_ONCE:
                await self._hand_over(some)
                some = []
        if some:
            await self._hand_over(some)

    async def _hand_over(self, some: list[Any]) -> None:
        self.begun = True
        await self.queue.put(some)
        self.sent += len(some)


async def drawn(run: Run, handing: Handing | Following) -> AsyncGenerator[Any, None]:
    """The rows; raises what the call is refused with, at whatever row that happens."""
    task = asyncio.create_task(run(sink=handing))
    task.add_done_callback(lambda _: handing.queue.put_nowait([]) if handing.queue.empty() else None)
    try:
        while not (task.done() and handing.queue.empty()):
            for row in await handing.queue.get():
                yield row
        result = await task
        if result.error is not None:
            raise result.error
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.wait([task])
