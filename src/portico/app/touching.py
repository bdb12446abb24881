"""Writes what was noted while calls ran, every few seconds, and when the application closes."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

from portico.app.beside import beside
from portico.core.reporting import STORAGE

LAST = 5.0
"""Seconds that the flush at the end may take."""
log = logging.getLogger("portico")


class Noted(Protocol):
    """What was noted in memory, to be written later."""

    async def flush(self) -> None:
        """Write it; raises where it cannot be, and keeps it for the next time."""
        ...


@asynccontextmanager
async def flushing(noted: Noted, every: float, *, what: str) -> AsyncIterator[None]:
    """Flush in the background for as long as the application is open, and once more at its end."""
    try:
        async with beside(_flush_on(noted, every, what)):
            yield
    finally:
        await _flush(noted, what)


async def _flush_on(noted: Noted, every: float, what: str) -> None:
    while True:
        await asyncio.sleep(every)
        await _flush(noted, what)


async def _flush(noted: Noted, what: str) -> None:
    """Flush; a failure is logged, and what was noted waits for the next time."""
    try:
        async with asyncio.timeout(LAST):
            await noted.flush()
    except Exception as problem:  # noqa: BLE001  # whatever it is: calls go on, and the next flush tries again
        log.warning("the %s were not written: %s", what, repr(problem), extra=STORAGE)
