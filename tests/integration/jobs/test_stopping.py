"""A worker that is told to stop at the moment in which the database hands it jobs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import pytest

from portico.adapters.postgres.connections import Limits
from portico.adapters.postgres.jobs import PostgresQueue
from portico.app.working import Worker
from portico.ports.jobs import Claimed, Hands
from tests.integration.jobs.conftest import Shop

pytestmark = pytest.mark.anyio
PATIENCE = 10.0


class Late(PostgresQueue):
    """Its answers come late, or never."""

    def __init__(self, url: str, *, lost: bool) -> None:
        """`lost` is whether the database has gone in between, for good."""
        super().__init__(url, Limits())
        self.asked, self.answer = asyncio.Event(), asyncio.Event()
        self._lost = lost

    async def claim(self, hands: Hands, most: int, *, as_of: datetime, strange_since: datetime) -> list[Claimed]:
        """Take jobs that are due, and tell of it later."""
        taken = await super().claim(hands, most, as_of=as_of, strange_since=strange_since)
        self.asked.set()
        await self.answer.wait()
        if self._lost:
            raise ConnectionResetError
        return taken


@asynccontextmanager
async def claiming(shop: Shop, *, lost: bool) -> AsyncIterator[tuple[Late, "asyncio.Task[None]"]]:
    """A worker that has just asked for jobs."""
    queue = Late(shop.portico.urls.worker, lost=lost)
    async with shop.portico.app.running.workshop() as shared:
        clock = shop.portico.app.running.pipeline.services.clock
        worker = Worker(queue, shared.attempts, clock=clock, hands=shared.worker.hands)
        working = asyncio.create_task(worker.run(shared.relay, shared.schedules))
        try:
            async with asyncio.timeout(PATIENCE):
                await queue.asked.wait()
            yield queue, working
        finally:
            working.cancel()
            await queue.close()


async def test_jobs_that_it_is_handed_while_it_stops_are_given_back(shop: Shop) -> None:
    """As if they had not begun: another worker need not wait for a lease, and no attempt is lost."""
    await shop.order("rye")
    async with claiming(shop, lost=False) as (queue, working):
        working.cancel()
        await asyncio.sleep(0)
        queue.answer.set()
        await asyncio.wait([working], timeout=PATIENCE)

        jobs = await shop.portico.rows("select name, state, attempt, lease from portico.jobs")

    assert [tuple(job) for job in jobs] == [("bakery.bake", "waiting", 0, None)]


async def test_it_stops_though_the_database_has_gone(shop: Shop) -> None:
    """Whatever became of what it asked for: a worker that is told to stop does not go on for ever."""
    async with claiming(shop, lost=True) as (queue, working):
        working.cancel()
        await asyncio.sleep(0)
        queue.answer.set()
        stopped, _ = await asyncio.wait([working], timeout=PATIENCE)

    assert stopped
