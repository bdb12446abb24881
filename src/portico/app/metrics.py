"""Metrics of an open application: each of its processes counts, and one of them shows the page."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

from portico.adapters.prometheus.calls import CallCounter
from portico.adapters.prometheus.cells import Cells, SharedCells, Stretch
from portico.adapters.prometheus.meter import Meter
from portico.app.admin import Admin, Page
from portico.app.beside import beside
from portico.app.gauges import Gauges
from portico.core.counting import LineCounter
from portico.core.plan import Plan
from portico.errors import Misconfigured

if TYPE_CHECKING:
    from portico.app.settings import Settings

PATH = "/metrics"
BEAT = 1.0
"""Seconds between two looks at what is so at the moment, in each process."""


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
    """The page of all metrics."""

    def __init__(self, meter: Meter, gauges: Gauges) -> None:
        """Nothing is looked at yet."""
        self._meter, self._gauges = meter, gauges

    @asynccontextmanager
    async def shown(self, settings: "Settings") -> AsyncIterator[None]:
        """Look on, and show the page at the admin port, as long as the block runs."""
        self._gauges.begin(settings.portico_release)
        port, host = settings.portico_admin_port or 0, settings.portico_admin_host
        admin = Admin({PATH: self.show}, host=host, port=port)
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(beside(self._gauges.look_on(BEAT, deep=False)))
            await stack.enter_async_context(admin.open(alone=self._meter.cells.alone))
            yield

    async def show(self, accept: str) -> Page:
        """The page, of this moment; drawn in a thread, for it may be long."""
        await self._gauges.look()
        await self._gauges.ask_database()
        return await asyncio.to_thread(_drawn, self._meter.cells, accept)


def _drawn(cells: Cells, accept: str) -> Page:
    from portico.adapters.prometheus.page import write_page  # loads its library in this thread, at the first page

    stretches: list[Stretch] = cells.stretches()
    return Page(*write_page(stretches, accept))
