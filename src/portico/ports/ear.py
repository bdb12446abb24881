"""Hearing that something was committed: at once where one is told, else by looking again."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Protocol


async def _nothing() -> None:
    """Whoever rings by itself needs nobody to listen."""


class Ear:
    """Waits for rings; of several ears each hears all of them, and one that comes while nobody waits is not lost."""

    __slots__ = ("_attend", "_late", "_next", "_rung", "_soon")

    def __init__(self, soon: float, late: float, attend: Callable[[], Awaitable[None]] = _nothing) -> None:
        """Without a ring, it is time to look again after `soon` seconds, then twice as many, and so on up to `late`.

        What a ring tells of may be seen a little later only, because another transaction is still open.
        `attend` sees to it that rings are heard at all.
        """
        self._soon = self._next = soon
        self._late = late
        self._attend = attend
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake whoever waits, or will wait next."""
        self._rung.set()

    async def pause(self) -> None:
        """Wait for a ring, or until it is time to look again."""
        await self._attend()
        with suppress(TimeoutError):
            async with asyncio.timeout(self._next):
                await self._rung.wait()
        self._next = self._soon if self._rung.is_set() else min(2 * self._next, self._late)
        self._rung.clear()


class Ears(Protocol):
    """Where ears come from."""

    def __call__(self, *, soon: float, late: float) -> Ear:
        """An ear that hears every ring from now on."""
        ...
