"""Scheduled jobs: of all workers one enqueues each when it is due; what was missed is made up for once."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta

from pydantic_core import to_json

from portico.core.enlisting import record_of
from portico.core.plan import Plan
from portico.core.task import Task
from portico.ports.clock import Clock, Ids
from portico.ports.jobs import Queue

LOOK = 5.0
"""Seconds between two looks; a schedule is kept to that."""
ASTRAY = timedelta(hours=1)
"""What two clocks may differ by. A job that is due later than any such clock says was put off by one that was wrong."""


class Schedules:
    """The schedules of an application's jobs."""

    def __init__(self, queue: Queue, plans: Mapping[str, Plan], *, clock: Clock, ids: Ids) -> None:
        """Jobs with a schedule are found among the plans."""
        self._queue = queue
        self._clock = clock
        self._ids = ids
        self._scheduled = {
            name: (plan, plan.action.task) for name, plan in plans.items() if plan.action.task and plan.action.task.cron
        }

    async def mind(self) -> None:
        """Look once, and rest."""
        await self.tick()
        await asyncio.sleep(LOOK)

    async def tick(self) -> int:
        """Enqueue what is due; how many this worker did."""
        if not self._scheduled:
            return 0
        known, now, enqueued = await self._queue.schedules(), self._clock.now(), 0
        for name, (plan, task) in self._scheduled.items():
            cron, due = known.get(name, ("", now))
            if cron != _spelled(task):
                await self._note(plan, task, seen=None, now=now)
            elif due <= now or due > task.due_after(now + ASTRAY):
                enqueued += await self._note(plan, task, seen=due, now=now)
        return enqueued

    async def _note(self, plan: Plan, task: Task, *, seen: datetime | None, now: datetime) -> bool:
        name = plan.action.name
        record = {**record_of(plan.action, task, now, id=self._ids.new()), "key": "cron"}
        job = to_json([record]).decode()
        return await self._queue.tick(name, _spelled(task), seen=seen, next_at=task.due_after(now), job=job)


def _spelled(task: Task) -> str:
    return f"{task.cron} {task.zone}"
