"""Looks for what operators have set of feature flags, again and again while the application is open."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from portico.app.beside import beside
from portico.core.reporting import STORAGE
from portico.ports.flags import Flags

LONGEST = 5.0
"""Seconds that one look may take."""
log = logging.getLogger("portico")


@asynccontextmanager
async def following(flags: Flags, every: float) -> AsyncIterator[None]:
    """Look once before the first call is served, then in the background."""
    await flags.refresh()
    async with beside(_follow(flags, every)):
        yield


async def _follow(flags: Flags, every: float) -> None:
    """Look; what was known holds while nobody answers, and the log says so once each time."""
    blind = False
    while True:
        await asyncio.sleep(every)
        try:
            async with asyncio.timeout(LONGEST):
                await flags.refresh()
        except Exception as problem:  # noqa: BLE001  # whatever it is: calls go on with what is known
            if not blind:
                log.warning("feature flags cannot be read, and stay as they were: %s", repr(problem), extra=STORAGE)
            blind = True
        else:
            blind = False
