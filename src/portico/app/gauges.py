"""What is so at the moment, noted for whatever shows metrics."""

import asyncio
import logging
from collections.abc import Mapping

from portico.adapters.postgres.database import PostgresDatabase
from portico.core.call import Services
from portico.ports.breaker import State
from portico.ports.metrics import (
    BREAKER,
    DATABASE,
    JOBS,
    LAG,
    LENT,
    OVERDUE,
    PROCESSES,
    RELEASE,
    SIZE,
    WAITING,
    Counting,
)

PATIENCE = 5.0
"""Seconds that the database may take to tell how much work waits."""
STATES: Mapping[State, int] = {"closed": 0, "half-open": 1, "open": 2}
log = logging.getLogger("portico")


class Gauges:
    """How busy an application is."""

    def __init__(self, meter: Counting, database: PostgresDatabase, services: Services) -> None:
        """Nothing is looked at yet."""
        self._meter, self._database, self._services = meter, database, services

    def begin(self, release: str) -> None:
        """Note which process this is."""
        self._meter.set(PROCESSES, to=1)
        self._meter.set(RELEASE, release, to=1)

    async def look(self) -> None:
        """Note how busy this process's connections are, and how its breakers stand."""
        size, lent, waiting = self._database.pulse.occupancy()
        for metric, value in ((SIZE, size), (LENT, lent), (WAITING, waiting)):
            self._meter.set(metric, to=value)
        for service, state in (await self._services.outbound.states()).items():
            self._meter.set(BREAKER, service, to=STATES[state])

    async def ask_database(self) -> None:
        """Note how much work waits; where all connections are busy with calls, it is as it was."""
        pulse, services = self._database.pulse, self._services
        try:
            async with asyncio.timeout(PATIENCE):
                await pulse.reach()
                size, lent, _ = pulse.occupancy()
                found = None
                if lent < size:
                    found = await pulse.backlog(services.clock.now(), services.prove(b"backlog"))
        except Exception as problem:  # noqa: BLE001  # whatever it is: the page says that the database is away
            log.warning("the database did not answer the metrics: %r", problem, extra={"category": "database"})
            self._meter.set(DATABASE, to=0)
            return
        self._meter.set(DATABASE, to=1)
        if found is not None:
            states = {"waiting": found.waiting, "running": found.running, "dead": found.dead}
            for state, number in states.items():
                self._meter.set(JOBS, state, to=number)
            self._meter.set(OVERDUE, to=found.overdue)
            self._meter.set(LAG, to=found.behind)

    async def look_on(self, seconds: float, *, deep: bool) -> None:
        """Look again and again, for ever; `deep`: ask the database too, but not while the application opens."""
        asking = False
        while True:
            try:
                await self.look()
                if asking:
                    await self.ask_database()
            except Exception:
                log.exception("how busy this process is could not be noted for its metrics")
            await asyncio.sleep(seconds)
            asking = deep
