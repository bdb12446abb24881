"""Metrics of an open application: each of its processes counts, and one of them shows the page."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from importlib.util import find_spec
from typing import TYPE_CHECKING

from portico.adapters.postgres.database import PostgresDatabase
from portico.adapters.prometheus.calls import CallCounter, CountedCache, LineCounter
from portico.adapters.prometheus.cells import Cells, SharedCells, Stretch
from portico.adapters.prometheus.meter import Meter
from portico.adapters.prometheus.metrics import (
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
)
from portico.app.admin import Admin, Page
from portico.app.beside import beside
from portico.core.call import Services
from portico.core.flights import Flights
from portico.core.plan import Plan
from portico.errors import Misconfigured
from portico.ports.breaker import State

if TYPE_CHECKING:
    from portico.app.settings import Settings

PATH = "/metrics"
BEAT = 1.0
"""Seconds between two looks at what is so at the moment, in each process."""
PATIENCE = 5.0
"""Seconds that the database may take to tell how much work waits."""
STATES: Mapping[State, int] = {"closed": 0, "half-open": 1, "open": 2}
log = logging.getLogger("portico")


def open_cells(settings: "Settings") -> Cells:
    """Where this process counts: with its siblings, those of the same folder and admin port; raises Misconfigured.

    A port that the system chooses is nobody else's, and Windows has no locks that tell who lives: there each process
    counts, and shows its page, for itself.
    """
    if not settings.portico_admin_port or find_spec("fcntl") is None:
        return Cells()
    folder = settings.portico_folder / f"metrics-{settings.portico_admin_port}"
    try:
        return SharedCells(folder)
    except OSError as problem:
        message = f"PORTICO_ADMIN_PORT: processes count in {folder}, which cannot be written ({problem}); "
        raise Misconfigured(f"{message}set PORTICO_FOLDER to a folder that can.") from None


def counting(services: Services, meter: Meter) -> Services:
    """The services, of which the cache is counted."""
    cache = CountedCache(services.cache, meter)
    return replace(services, cache=cache, flights=Flights(cache))


@asynccontextmanager
async def counted(plans: Mapping[str, Plan], settings: "Settings") -> AsyncIterator[tuple[Meter, CallCounter]]:
    """A meter, what counts the calls of the plans by it, and the log's warnings counted, as long as the block runs."""
    cells, logger = open_cells(settings), logging.getLogger("portico")
    meter = Meter(cells)
    lines = LineCounter(meter)
    logger.addHandler(lines)
    try:
        yield meter, CallCounter(meter, plans)
    finally:
        logger.removeHandler(lines)
        cells.close()


class Board:
    """What is so at the moment, and the page of it all."""

    def __init__(self, meter: Meter, database: PostgresDatabase, services: Services) -> None:
        """Nothing is looked at yet."""
        self._meter, self._database, self._services = meter, database, services

    @asynccontextmanager
    async def shown(self, settings: "Settings") -> AsyncIterator[None]:
        """Look on, and show the page at the admin port, as long as the block runs."""
        self._meter.set(PROCESSES, to=1)
        self._meter.set(RELEASE, settings.portico_release, to=1)
        port, host = settings.portico_admin_port or 0, settings.portico_admin_host
        admin = Admin({PATH: self.show}, host=host, port=port)
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(beside(self._look_on()))
            await stack.enter_async_context(admin.open(alone=self._meter.cells.alone))
            yield

    async def show(self, accept: str) -> Page:
        """The page, of this moment; drawn in a thread, for it may be long."""
        await self.look()
        await self.ask_database()
        return await asyncio.to_thread(_drawn, self._meter.cells, accept)

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

    async def _look_on(self) -> None:
        while True:
            try:
                await self.look()
            except Exception:
                log.exception("how busy this process is could not be noted for its metrics")
            await asyncio.sleep(BEAT)


def _drawn(cells: Cells, accept: str) -> Page:
    from portico.adapters.prometheus.page import write_page  # loads its library in this thread, at the first page

    stretches: list[Stretch] = cells.stretches()
    return Page(*write_page(stretches, accept))
