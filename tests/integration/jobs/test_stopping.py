"""A worker whose database is slow, or gone, at a bad moment: when it hands over jobs, when they are held on to."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from portico.adapters.postgres.connections import Limits
from portico.adapters.postgres.jobs import PostgresQueue
from portico.app import working
from portico.app.working import Worker
from portico.ports.jobs import Claimed, Hands
from tests.integration.jobs import bakery
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
        running = asyncio.create_task(worker.run(shared.relay, shared.schedules))
        try:
            async with asyncio.timeout(PATIENCE):
                await queue.asked.wait()
            yield queue, running
        finally:
            running.cancel()
            await queue.close()


async def test_jobs_that_it_is_handed_while_it_stops_are_given_back(shop: Shop) -> None:
    """As if they had not begun: another worker need not wait for a lease, and no attempt is lost."""
    await shop.order("rye")
    async with claiming(shop, lost=False) as (queue, running):
        running.cancel()
        await asyncio.sleep(0)
        queue.answer.set()
        await asyncio.wait([running], timeout=PATIENCE)

        jobs = await shop.portico.rows("select name, state, attempt, lease from portico.jobs")

    assert [tuple(job) for job in jobs] == [("bakery.bake", "waiting", 0, None)]


async def test_it_stops_though_the_database_has_gone(shop: Shop) -> None:
    """Whatever became of what it asked for: a worker that is told to stop does not go on for ever."""
    async with claiming(shop, lost=True) as (queue, running):
        running.cancel()
        await asyncio.sleep(0)
        queue.answer.set()
        stopped, _ = await asyncio.wait([running], timeout=PATIENCE)

    assert stopped


class Stubborn(PostgresQueue):
    """Refuses to prolong leases, three times."""

    def __init__(self, url: str) -> None:
        """Nobody has asked yet."""
        super().__init__(url, Limits())
        self.refusals, self.held = 3, asyncio.Event()

    async def extend(self, held: Sequence[Claimed], lease: timedelta) -> set[UUID]:
        """Hold on to jobs."""
        if self.refusals:
            self.refusals -= 1
            raise ConnectionResetError
        ours = await super().extend(held, lease)
        self.held.set()
        return ours


async def test_leases_are_held_on_to_though_it_fails_at_first(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is tried again at once, and not at the next beat: by then they might be over, and the jobs another's too."""
    monkeypatch.setattr(working, "PAUSE", 0.01)
    queue = Stubborn(shop.portico.urls.worker)
    (await shop.caller.call(bakery.send_out_idler)).unwrap()
    async with shop.portico.app.running.workshop() as shared:
        clock = shop.portico.app.running.pipeline.services.clock
        hands = shared.worker.hands._replace(lease=timedelta(hours=1))
        worker = Worker(queue, shared.attempts, clock=clock, hands=hands)
        running = asyncio.create_task(worker.run(shared.relay, shared.schedules))
        async with asyncio.timeout(PATIENCE):
            await bakery.BEGUN.wait()
            running.cancel()
            draining = asyncio.create_task(worker.drain(PATIENCE))
            await queue.held.wait()
        draining.cancel()
        await worker.drain(0)
        await queue.close()

    assert [job["state"] for job in await shop.portico.rows("select state from portico.jobs")] == ["waiting"]
