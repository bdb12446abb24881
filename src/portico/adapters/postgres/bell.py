"""Wakes workers after a commit: those of a few hundredths of a second together, in a transaction of its own.

NOTIFY makes every commit of its kind wait for the one before: it has no place in a call's own transaction. It writes to
the disk and wakes every process: the more there is to tell of, the more is told together.
"""

import asyncio
import logging
from math import inf

from portico.adapters.postgres.db import PostgresDb
from portico.adapters.postgres.doorbell import CHANNEL

BUSY = 5
"""How many times longer commits are told together while they keep coming."""
log = logging.getLogger("portico")


def due(now: float, told: float, every: float) -> float:
    """When a commit of now is told of, where the last were told of at `told`; all in seconds of one clock."""
    return max(now + every, told + BUSY * every)


class Bell:
    """Rings through to every worker that listens."""

    def __init__(self, db: PostgresDb, every: float) -> None:
        """`every` is how many seconds of commits are told together, when it is quiet."""
        self._db = db
        self._every = every
        self._told = -inf
        self._timer: asyncio.TimerHandle | None = None
        self._ringing: asyncio.Task[None] | None = None

    def ring(self) -> None:
        """Tell workers soon; never waits, never fails."""
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_at(due(loop.time(), self._told, self._every), self._start)

    async def close(self) -> None:
        """Leave what is not told yet to the workers' own looking."""
        if self._timer is not None:
            self._timer.cancel()
        if self._ringing is not None:
            await asyncio.gather(self._ringing, return_exceptions=True)

    def _start(self) -> None:
        self._timer = None
        self._told = asyncio.get_running_loop().time()
        self._ringing = asyncio.ensure_future(self._notify())

    async def _notify(self) -> None:
        try:
            await self._db.execute(f"notify {CHANNEL}")
        except Exception as problem:  # noqa: BLE001  # whatever it is: workers look by themselves, a second later
            log.info("workers were not woken: %s", type(problem).__name__)
