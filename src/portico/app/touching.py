"""Writes what was noted of sessions and API keys, every few seconds, and when the application closes."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from portico.ports.touches import Touches

LAST = 5.0
"""Seconds that the flush at the end may take."""
log = logging.getLogger("portico")


@asynccontextmanager
async def flushing(touches: Touches, every: float) -> AsyncIterator[None]:
    """Flush in the background for as long as the application is open, and once more at its end."""
    task = asyncio.create_task(_flush_on(touches, every))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await _flush(touches)


async def _flush_on(touches: Touches, every: float) -> None:
    while True:
        await asyncio.sleep(every)
        await _flush(touches)


async def _flush(touches: Touches) -> None:
    """Flush; a failure is logged, and what was noted waits for the next time."""
    try:
        async with asyncio.timeout(LAST):
            await touches.flush()
    except Exception as problem:  # noqa: BLE001  # whatever it is: calls go on, and the next flush tries again
        log.warning("the last uses of sessions and API keys were not written: %s", repr(problem))
