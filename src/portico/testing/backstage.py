"""What goes on behind a test's back, and only when it says so: events handed on, jobs run, webhooks delivered."""

import asyncpg

from portico.app.application import App
from portico.testing.people import People
from portico.testing.work import Enqueued, Work


class Backstage(People):
    """Runs background work, beside making people."""

    def __init__(self, app: App, owner: "asyncpg.Connection[asyncpg.Record]") -> None:
        """Nothing runs yet; `owner` is a connection as the role that owns the tables."""
        super().__init__(app, owner)
        self.work = Work(app, owner)

    async def enqueued(self) -> list[Enqueued]:
        """The jobs that wait, in the order in which they were enqueued."""
        return await self.work.waiting()

    async def run_jobs(self, *, schedules: bool = False) -> int:
        """Hand on every event and run every job that is due by the clock; how many attempts that were.

        What is due by a schedule is left out, as that would depend on the hour of the test; with `schedules` it is not.
        """
        return await self.work.run(schedules=schedules)

    async def deliver(self) -> int:
        """Hand on every event and make every delivery of a webhook that is due by the clock; how many attempts."""
        return await self.work.deliver()
