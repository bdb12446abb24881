"""A worker of an open application, in its own process or beside what serves."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import NamedTuple

from portico.adapters.guarded import GuardedCourier
from portico.adapters.postgres.connections import Limits
from portico.adapters.postgres.db import PostgresDb
from portico.adapters.postgres.events import PostgresFeed
from portico.adapters.postgres.interrupted import PostgresInterrupted
from portico.adapters.postgres.jobs import PostgresQueue
from portico.adapters.postgres.loose import LooseLane
from portico.adapters.postgres.sealing import PostgresSealer
from portico.adapters.postgres.sweeping import PostgresSweeper
from portico.app.attempting import Attempts
from portico.app.built_in import finish_interrupted, seal, sweep
from portico.app.interruptions import Interruptions
from portico.app.relaying import Relay
from portico.app.scheduling import Schedules
from portico.app.secret import ring_of
from portico.app.settings import Settings
from portico.app.upkeep import Upkeep
from portico.app.working import Worker
from portico.core.chore import Bench, Chore, Post
from portico.core.pipeline import Pipeline
from portico.ports.jobs import Hands, Queue

UPKEEP = frozenset({sweep.name, seal.name, finish_interrupted.name})
"""The jobs that the setting PORTICO_UPKEEP is about."""
CONNECTIONS = 4
"""For taking jobs, reading events and keeping leases; jobs run on the application's own connections."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """All that background work takes; nothing runs by itself."""

    queue: Queue
    attempts: Attempts
    relay: Relay
    schedules: Schedules
    worker: Worker
    chores: Sequence[Chore]

    @asynccontextmanager
    async def at_work(self, grace: float) -> AsyncIterator[None]:
        """Work for as long as the block runs; at its end, jobs in hand finish within the grace, in seconds.

        Raises what PostgreSQL says where it lets no worker in: later, a worker outlives whatever its database goes
        through, but an address that is wrong at the start would stay so.
        """
        await self.queue.schedules()
        task = asyncio.create_task(self.worker.run(self.relay, self.schedules, self.chores))
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            await asyncio.gather(self.worker.drain(grace), *(chore.drain(grace) for chore in self.chores))


class Duty(NamedTuple):
    """What is to be worked for: an application's jobs, and what its modules have done besides."""

    pipeline: Pipeline
    proof_key: bytes
    chores: Sequence[Post]


@asynccontextmanager
async def open_workshop(duty: Duty, url: str, limits: Limits, *, settings: Settings) -> AsyncIterator[Workshop]:
    """Background work over connections as `portico_worker` at `url`."""
    queue = PostgresQueue(url, replace(limits, connections=CONNECTIONS))
    services, plans = duty.pipeline.services, duty.pipeline.plans
    clock, courier = services.clock, GuardedCourier(services.webhooks.reach)
    sealer = PostgresSealer(queue.pool, ring_of(settings), services.prove)
    interruptions = Interruptions(PostgresInterrupted(queue.pool), plans, services.ids)
    upkeep = Upkeep(PostgresSweeper(queue.pool), sealer, interruptions, settings=settings)
    keeping = duty.pipeline.under(replace(services, upkeep=upkeep))
    attempts = Attempts(keeping, duty.proof_key, timedelta(seconds=settings.portico_job_pause))
    minded = plans if settings.portico_upkeep else {name: plans[name] for name in plans if name not in UPKEEP}
    known = [name for name, plan in plans.items() if plan.action.task is not None]
    lease = timedelta(seconds=settings.portico_worker_lease)
    hands = Hands(f"{socket.gethostname()}:{os.getpid()}", known, lease)
    bench = Bench(services, PostgresDb(LooseLane(queue.pool)), courier, queue.ear, lease)
    chores = [chore.make(bench) for chore in duty.chores]
    sinks = [sink for chore in chores for sink in chore.sinks]
    try:
        yield Workshop(
            queue,
            attempts,
            Relay(PostgresFeed(queue.pool), plans, clock=clock, sinks=sinks),
            Schedules(queue, minded, clock=clock, ids=services.ids),
            Worker(queue, attempts, clock=clock, hands=hands, at_once=settings.portico_worker_jobs),
            chores,
        )
    finally:
        await courier.close()
        await queue.close()
