"""One maker for each answer: who wants the same meanwhile waits for it, or takes the stale one."""

import asyncio
import logging
from typing import Protocol

from portico.ports.cache import Cache, Kept, Look, Mark

WAIT = 5.0
"""Seconds that one caller waits for another's answer before it makes its own."""
PAUSE = 0.02
"""Seconds between two looks for an answer that another process makes."""
AT_ONCE = 4
"""Stale answers that one process makes anew at a time: connections are for callers first."""
MOST = 1_000
"""Stale answers that wait for their turn; beyond them, a later reader asks again."""
log = logging.getLogger("portico")


class Making(Protocol):
    """An answer that one call wants."""

    @property
    def key(self) -> str:
        """Where it is kept."""
        ...

    @property
    def tags(self) -> tuple[str, ...]:
        """What makes it void."""
        ...

    async def read(self) -> object:
        """Make it."""
        ...

    async def keep(self, value: object, look: Look) -> Kept:
        """Keep what was made after the look."""
        ...

    def given(self, kept: Kept) -> object:
        """What is kept, as the call wants it."""
        ...

    async def renew(self) -> None:
        """Make and keep it, whatever has become of the call."""
        ...


class Flights:
    """The answers that are being made in this process."""

    def __init__(self, cache: Cache) -> None:
        """None yet."""
        self._cache = cache
        self._flying: dict[tuple[str, Mark], asyncio.Future[Kept | None]] = {}
        self._renewals: dict[str, asyncio.Task[None]] = {}
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def made(self, making: Making, look: Look) -> object:
        """The answer to a call that found none: another's, where one is being made under the same tags, else its own.

        An answer that was begun before a tag was dropped is not waited for. Who waits for one that fails, or takes too
        long, makes its own.
        """
        flight = making.key, look.mark
        flying = self._flying.get(flight)
        if flying is not None:
            await asyncio.wait((flying,), timeout=WAIT)
            kept = flying.result() if flying.done() else None
            return making.given(kept) if kept else await making.read()
        landing = self._flying[flight] = asyncio.get_running_loop().create_future()
        try:
            kept, value = await self._led(making, look)
            landing.set_result(kept)
        finally:
            del self._flying[flight]
            if not landing.done():
                landing.set_result(None)
        return value

    def renew(self, making: Making) -> None:
        """Make an answer anew beside the call that has got the stale one; once at a time, in its turn."""
        key = making.key
        if key not in self._renewals and len(self._renewals) < MOST:
            task = self._renewals[key] = asyncio.create_task(self._renewed(making))
            task.add_done_callback(lambda _: self._renewals.pop(key, None))

    async def settle(self) -> None:
        """Wait until every answer that is being renewed is kept or given up."""
        await asyncio.gather(*self._renewals.values(), return_exceptions=True)

    async def close(self) -> None:
        """Give up what is being renewed."""
        for task in self._renewals.values():
            task.cancel()
        await self.settle()
        await self._cache.close()

    async def _led(self, making: Making, look: Look) -> tuple[Kept, object]:
        """The answer by this process, or by the one that is at it already."""
        clock = asyncio.get_running_loop().time
        until = clock() + WAIT
        while not (leads := await self._cache.lead(making.key)) and clock() < until:
            await asyncio.sleep(PAUSE)
            look = await self._cache.look(making.key, making.tags)
            if look.kept is not None:
                return look.kept, making.given(look.kept)
        try:
            value = await making.read()
            return await making.keep(value, look), value
        finally:
            if leads:
                await self._cache.resign(making.key)

    async def _renewed(self, making: Making) -> None:
        """One attempt, in the process that leads; where it fails, the stale answer stays for as long as it may."""
        async with self._turns:
            if not await self._cache.lead(making.key):
                return
            try:
                if not (await self._cache.look(making.key, making.tags)).fresh:  # somebody may have been quicker
                    await making.renew()
            except Exception:
                log.exception("a stale answer was not renewed")
            finally:
                await self._cache.resign(making.key)
