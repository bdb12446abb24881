"""The pipeline of an open application, and its streams: one reader of the outbox, and what looks after them."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TypeAlias

from portico.adapters.postgres.database import PostgresDatabase
from portico.adapters.postgres.gates import PostgresGates
from portico.adapters.postgres.tail import PostgresTail
from portico.app.beside import beside
from portico.app.settings import Settings
from portico.app.stream_settings import StreamSettings
from portico.core.call import Services
from portico.core.hub import Hub
from portico.core.pipeline import Pipeline
from portico.core.plan import Plan
from portico.core.streams import Bounds, Streams

Make: TypeAlias = Callable[[Services, Mapping[str, Plan]], Pipeline]


@asynccontextmanager
async def piping(
    plans: Mapping[str, Plan], settings: Settings, services: Services, *, database: PostgresDatabase, make: Make
) -> AsyncIterator[Pipeline]:
    """The pipeline, with streams for as long as the block runs; who has no subscription pays for none."""
    if not any(plan.action.kind == "subscription" for plan in plans.values()):
        yield make(services, plans)
        return
    listening = None if settings.database_pooler else database.connecting
    tail = PostgresTail(database.pool, listening, services.prove)
    streams = Streams(Hub(tail), bounds_of(settings), PostgresGates(database.pool))
    pipeline = make(_telling(services, streams.hub), plans)
    pipeline.streams = streams
    try:
        async with beside(streams.hub.run()), beside(streams.look_after()), beside(streams.check()):
            yield pipeline
    finally:
        streams.stop()
        await tail.close()


def bounds_of(settings: StreamSettings) -> Bounds:
    """What the settings say of streams."""
    return Bounds(
        settings.portico_streams_per_user,
        settings.portico_streams_per_org,
        settings.portico_stream_queue,
        settings.portico_stream_keep_alive,
        settings.portico_stream_check,
    )


def _telling(services: Services, hub: Hub) -> Services:
    """The services; streams of this process are told of a commit at once, those of others with the workers."""
    ring = services.wake

    def wake() -> None:
        ring()
        hub.ring()

    return replace(services, wake=wake)
