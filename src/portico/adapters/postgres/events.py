"""The outbox, as the role `portico_worker` reads it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

import asyncpg
from pydantic_core import to_json

from portico.adapters.postgres.loose import LooseLane
from portico.adapters.postgres.pool import Pool
from portico.adapters.postgres.transaction import PostgresTransaction
from portico.ports.events import Batch, Emitted, Listener, Position

JOIN = "select portico.join_events_v1($1, $2)"
JOIN_NOW = "select portico.join_events_v1($1, false)"
RELAY = "select portico.relay_v1($1, $2, $3)"
TAKE = "select xid, id, event_id, org_id, name, data::text, at, audience from portico.take_events_v1($1, $2)"
MOVE = "select portico.move_events_v1($1, $2, $3)"
# Places that no transaction of this server can have had yet: they were another server's.
BEYOND = """
select exists (select from portico.outbox o where o.xid >= pg_snapshot_xmax(pg_current_snapshot()))
    or exists (select from portico.event_cursors c where c.xid > pg_snapshot_xmax(pg_current_snapshot()))
"""
ALONE = "lock table portico.event_cursors, portico.outbox in exclusive mode"
# What was restored was written by whoever restored it, and not by the transaction of its place.
RESTORED = "o.xmin::text::bigint <> o.xid::text::bigint & 4294967295"
CURSORS_BACK = f"""
update portico.event_cursors c
   set xid = '0', id = (select count(*) from portico.outbox o where {RESTORED} and (o.xid, o.id) <= (c.xid, c.id))
"""
EVENTS_BACK = f"""
with gone as (delete from portico.outbox o where {RESTORED} returning o.*)
insert into portico.outbox (xid, id, event_id, org_id, name, data, at, audience) overriding system value
select '0', row_number() over (order by g.xid, g.id), g.event_id, g.org_id, g.name, g.data, g.at, g.audience from gone g
"""
REWRITTEN = 3600.0
"""Seconds that all events of a restored database may take."""


class PostgresFeed:
    """Reads on a pool's connections."""

    def __init__(self, pool: Pool) -> None:
        """Connections as `portico_worker`."""
        self._pool = pool
        self._lane = LooseLane(pool)

    async def join(self, consumers: Sequence[str], *, from_beginning: bool = False) -> None:
        """Make new listeners known."""
        await self._lane.fetch(JOIN, [list(consumers), from_beginning])

    async def relay(self, listeners: Sequence[Listener], most: int, *, as_of: datetime) -> int:
        """Enqueue a job for each event that a listener handles."""
        wanted = to_json([listener._asdict() for listener in listeners]).decode()
        return int((await self._lane.fetch(RELAY, [wanted, most, as_of]))[0][0])

    @asynccontextmanager
    async def batch(self, consumer: str, most: int) -> AsyncIterator[Batch]:
        """The next events of a consumer."""
        transaction = PostgresTransaction(self._pool, read_only=False)
        try:
            rows = await transaction.fetch(TAKE, [consumer, most])
            events = [_emitted(row) for row in rows]
            yield Batch(events, transaction.db)
            if events:
                await transaction.fetch(MOVE, [consumer, *events[-1].position])
            await transaction.commit()
        except BaseException:
            await transaction.rollback()
            raise


def _emitted(row: asyncpg.Record) -> Emitted:
    xid, id, event_id, org, name, data, at, audience = row
    return Emitted(Position(xid, id), event_id, org, name, data, at, audience or ())


async def join_events(owner_url: str, consumers: Sequence[str]) -> None:
    """Make new listeners known as the owner, before anything is served that emits what they wait for.

    In a database that was restored into a server whose transactions count from below, what was there comes first, in
    its order, and whoever has read some of it goes on from there: else nobody would hear of anything until they count
    as far.
    """
    connection = await asyncpg.connect(owner_url, timeout=10, command_timeout=30)
    try:
        if await connection.fetchval(BEYOND):
            async with connection.transaction():
                await connection.execute(ALONE)
                await connection.execute(CURSORS_BACK, timeout=REWRITTEN)
                await connection.execute(EVENTS_BACK, timeout=REWRITTEN)
        await connection.execute(JOIN_NOW, list(consumers))
    finally:
        await connection.close(timeout=5)
