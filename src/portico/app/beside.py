"""Work that goes on beside the calls, and ends with the application."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress

AGAIN = 1.0
"""Seconds after which work that was cancelled, and goes on, is cancelled again."""


@asynccontextmanager
async def beside(work: Coroutine[object, object, None]) -> AsyncIterator[None]:
    """Have it going on for as long as the block runs; then it is cancelled, and waited for.

    A cancellation can get lost in what the work awaits, and nobody would ever close: it is cancelled again.
    """
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        while not task.done():
            task.cancel()
            await asyncio.wait((task,), timeout=AGAIN)
        with suppress(asyncio.CancelledError):
            await task
