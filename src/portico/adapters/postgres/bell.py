"""Wakes workers after a commit: those of a few hundredths of a second together, in a transaction of its own.

NOTIFY makes every commit of its kind wait for the one before: it has no place in a call's own transaction.
"""

import asyncio
import logging

from portico.adapters.postgres.db import PostgresDb
from portico.adapters.postgres.doorbell import CHANNEL

log = logging.getLogger("portico")


class Bell:
    """Rings through to every worker that listens."""

    def __init__(self, db: PostgresDb, every: float) -> None:
        """`every` is how many seconds of commits are told together."""
        self._db = db
        self._every = every
        self._timer: asyncio.TimerHandle | None = None
        self._ringing: asyncio.Task[None] | None = None

    def ring(self) -> None:
        """Tell workers soon; never waits, never fails."""
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._every, self._start)

    async def close(self) -> None:
        """Leave what is not told yet to the workers' own looking."""
        if self._timer is not None:
            self._timer.cancel()
        if self._ringing is not None:
            await asyncio.gather(self._ringing, return_exceptions=True)

    def _start(self) -> None:
        self._timer = None
        self._ringing = asyncio.ensure_future(self._notify())

    async def _notify(self) -> None:
        try:
            await self._db.execute(f"notify {CHANNEL}")
        except Exception as problem:  # noqa: BLE001  # whatever it is: workers look by themselves, a second later
            log.info("workers were not woken: %s", type(problem).__name__)
