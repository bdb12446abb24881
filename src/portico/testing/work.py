"""What calls leave behind for later, looked at and run when a test wants it."""

import asyncio
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from typing import NamedTuple

import asyncpg
from pydantic_core import from_json

from portico.app.application import App
from portico.app.workers import Workshop

WAITING = "select name, input::text, due_at, key from portico.jobs where state in ('waiting', 'held') order by seq"
BEHIND = """
select exists (select from portico.outbox o, portico.event_cursors c where (o.xid, o.id) > (c.xid, c.id))
"""
PATIENCE = 20.0
"""Seconds in which other transactions of the server must end, for events to be read."""


class Enqueued(NamedTuple):
    """A job that waits."""

    name: str
    input: object
    """A flat object, or a string where it is sealed."""
    at: datetime
    key: str | None


class Work:
    """Background work of the application under test: it is done when the test says so, and by nobody else."""

    def __init__(self, app: App, owner: "asyncpg.Connection[asyncpg.Record]") -> None:
        """Nothing is opened yet."""
        self._app = app
        self._owner = owner
        self._stack = AsyncExitStack()
        self._workshop: Workshop | None = None

    async def waiting(self) -> list[Enqueued]:
        """The jobs that wait, in the order in which they were enqueued."""
        rows = await self._owner.fetch(WAITING)
        return [Enqueued(row[0], from_json(row[1]), row[2], row[3]) for row in rows]

    async def run(self, name: str = "", *, schedules: bool = False) -> int:
        """Hand on every event and run every job that is due, those that come of it too; how many attempts that were.

        With a `name`, only that job. With `schedules`, those too that are due by a schedule.
        """
        shop, ran = await self._opened(), 0
        if schedules:
            await shop.schedules.tick()
        while True:
            if not name:
                await self._hand_on(shop)
            now = self._app.running.pipeline.services.clock.now()
            hands = shop.worker.hands._replace(known=[name]) if name else shop.worker.hands
            since = now - timedelta(days=36500) if name else now - timedelta(minutes=15)
            jobs = await shop.queue.claim(hands, 100, as_of=now, strange_since=since)
            if not jobs:
                return ran
            for job in jobs:
                if (failed := await shop.attempts.run(job)) is not None:
                    await shop.queue.fail(job, failed)
                ran += 1

    async def hand_on(self) -> None:
        """Hand on every event: jobs of handlers are enqueued, deliveries of webhooks are noted, and nothing is run."""
        await self._hand_on(await self._opened())

    async def deliver(self) -> int:
        """Hand on every event and make every delivery that is due; how many attempts that were."""
        shop = await self._opened()
        await self._hand_on(shop)
        return sum([await chore.settle() for chore in shop.chores])

    async def close(self) -> None:
        """Let go of what was opened."""
        await self._stack.aclose()

    async def _opened(self) -> Workshop:
        if self._workshop is None:
            self._workshop = await self._stack.enter_async_context(self._app.running.workshop())
        return self._workshop

    async def _hand_on(self, shop: Workshop) -> None:
        """Hand on all events: also those that other transactions of the server hold up for a moment."""
        await shop.relay.join(from_beginning=True)
        async with asyncio.timeout(PATIENCE):
            while True:
                moved = await shop.relay.settle()
                if not moved and not await self._owner.fetchval(BEHIND):
                    return
                await asyncio.sleep(0 if moved else 0.01)
