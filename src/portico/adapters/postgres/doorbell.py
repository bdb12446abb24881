"""Hears the bell that is rung after commits, on a connection of its own, which must not go through a pooler."""

import asyncio
from contextlib import suppress
from typing import Any

import asyncpg

from portico.adapters.postgres.pool import Connect, Connection
from portico.ports.ear import Ear

CHANNEL = "portico_work"


class Doorbell:
    """One connection for all ears of a process; it is made when the first of them waits, and again when it is lost."""

    def __init__(self, connect: Connect) -> None:
        """Nothing is opened yet."""
        self._connect = connect
        self._connection: Connection | None = None
        self._connecting = asyncio.Lock()
        self._ears: list[Ear] = []

    def ear(self, *, soon: float, late: float) -> Ear:
        """An ear that hears every ring from now on."""
        ear = Ear(soon, late, self._attend)
        self._ears.append(ear)
        return ear

    def ring(self) -> None:
        """Wake every ear of this process, and nobody else's."""
        for ear in self._ears:
            ear.ring()

    async def close(self) -> None:
        """Hear nothing any more."""
        if self._connection is not None:
            with suppress(Exception):
                await self._connection.close(timeout=2)

    async def _attend(self) -> None:
        async with self._connecting:
            if self._connection is None or self._connection.is_closed():
                with suppress(OSError, asyncpg.PostgresError, TimeoutError):
                    self._connection = await self._connect()
                    await self._connection.add_listener(CHANNEL, self._hear)
                    self.ring()  # what was told meanwhile is lost

    def _hear(self, *_said: Any) -> None:
        self.ring()
