"""A worker: takes jobs that are due and runs them, hands events on, minds schedules."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import timedelta

from portico.app.attempting import Attempts
from portico.app.relaying import Relay
from portico.app.scheduling import Schedules
from portico.core.chore import Chore
from portico.ports.clock import Clock
from portico.ports.jobs import Claimed, Hands, Queue

LOOK = 1.0
"""Seconds after which a worker looks for work that nobody has told it of."""
STRANGE = timedelta(minutes=15)
"""How long a job that this worker does not know is left to another one, which may be of a newer release."""
PAUSE = 1.0
"""Seconds before a loop goes on that has failed."""
log = logging.getLogger("portico")


class Worker:
    """Runs up to `at_once` jobs at a time until it is told to stop."""

    def __init__(self, queue: Queue, attempts: Attempts, *, clock: Clock, hands: Hands, at_once: int = 10) -> None:
        """Nothing runs yet; `hands` say what it can run, and for how long a job is its own without a word."""
        self._queue = queue
        self._attempts = attempts
        self._clock = clock
        self._at_once = at_once
        self._held: dict[asyncio.Task[None], Claimed] = {}
        self._changed = asyncio.Event()
        self._ear = queue.ear(soon=LOOK, late=LOOK)
        self.hands = hands

    async def run(self, relay: Relay, schedules: Schedules, chores: Sequence[Chore] = ()) -> None:
        """Work until cancelled; then jobs in hand run on until `drain`."""
        own = (self._take, self._beat, schedules.mind)
        others = (*relay.duties(self._queue.ear), *(chore.work for chore in chores))
        duties: tuple[Callable[[], Awaitable[object]], ...] = (*own, *others)
        await _once(relay.join)
        async with asyncio.TaskGroup() as group:
            for duty in duties:
                group.create_task(_again_and_again(duty))

    async def drain(self, grace: float) -> None:
        """Let jobs in hand finish; after the grace, interrupt those that still run and give them back."""
        if self._held:
            beating = asyncio.create_task(_again_and_again(self._beat))
            await asyncio.wait(self._held, timeout=grace)
            beating.cancel()
        left = dict(self._held)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        if left:
            log.warning("%s jobs still ran after %g s and were given back", len(left), grace)

    async def _take(self) -> None:
        """Take as many jobs as there are hands free; where there are none, wait for a word."""
        free = self._at_once - len(self._held)
        if free == 0:
            self._changed.clear()
            await self._changed.wait()
            return
        now = self._clock.now()
        claiming = asyncio.ensure_future(self._queue.claim(self.hands, free, as_of=now, strange_since=now - STRANGE))
        try:
            taken = await asyncio.shield(claiming)
        except asyncio.CancelledError:
            with suppress(Exception):  # whatever the database goes through meanwhile, the worker ends
                for job in await claiming:  # the database has handed them over
                    await self._queue.release(job)
            raise
        for job in taken:
            task = asyncio.create_task(self._do(job), name=job.name)
            self._held[task] = job
            task.add_done_callback(self._let_go)
        if len(taken) < free:
            await self._ear.pause()

    async def _do(self, job: Claimed) -> None:
        try:
            failed = await self._attempts.run(job)
        except asyncio.CancelledError:
            await self._queue.release(job)
            raise
        if failed is not None and not await self._queue.fail(job, failed):
            log.info("job %s was cancelled, or given to another worker", job.name, extra={"request_id": job.request_id})

    def _let_go(self, task: asyncio.Task[None]) -> None:
        job = self._held.pop(task)
        self._changed.set()
        if not task.cancelled() and (problem := task.exception()) is not None:
            log.error("job %s is left to its lease: %r", job.name, problem, extra={"request_id": job.request_id})

    async def _beat(self) -> None:
        """Hold on to what runs; what is no longer ours is interrupted, and undone.

        It is done first: one that has failed is tried again soon, while the lease still lasts.
        """
        held = dict(self._held)
        if held:
            ours = await self._queue.extend(list(held.values()), self.hands.lease)
            for task, job in held.items():
                if job.id not in ours and task in self._held:
                    task.cancel()
        await asyncio.sleep(self.hands.lease.total_seconds() / 3)


async def _again_and_again(duty: Callable[[], Awaitable[object]]) -> None:
    """A duty for ever."""
    while True:
        await _once(duty)


async def _once(duty: Callable[[], Awaitable[object]]) -> None:
    """A duty, done; one that fails is logged and tried again, as the database comes back by itself."""
    while True:
        try:
            await duty()
            return
        except Exception as problem:  # noqa: BLE001  # a worker outlives whatever its database goes through
            log.warning("a worker's duty failed and goes on: %r", problem)
            await asyncio.sleep(PAUSE)
