"""Somebody who holds the whole server, and the people who look after the audit."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

import asyncpg
from pydantic_core import to_json

from portico.adapters.postgres.embedded import Embedded
from portico.app.secret import ring_of
from portico.cli.operate.chain import Checking, Head
from portico.core.chain import NOBODY, Ring
from portico.testing import Harness

WRITE = """
insert into portico.audit (org_id, action, target, outcome, request_id)
select $1, 'door.opened', n::text, 'done', 'req-' || n from generate_series(1, $2) n
returning id
"""
OPEN = """
select exists (select from portico.audit where xid >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint) as held_up
"""
PATIENCE = 20.0
ON = "set session_replication_role = replica"
"""A superuser's way past every trigger."""


async def write(portico: Harness, many: int, org: UUID | None = None) -> list[int]:
    """Records, one transaction's; their ids."""
    return [row["id"] for row in await portico.rows(WRITE, org, many)]


async def seal(portico: Harness, *, wait: bool = True, **settings: object) -> None:
    """Have a worker under these settings run the job that seals, at a later time each time."""
    running = portico.app.running
    portico.clock.advance(timedelta(minutes=1))
    if wait:
        await _settled(portico)
    async with replace(running, settings=running.settings.model_copy(update=settings)).workshop() as shop:
        job = {"id": uuid4(), "name": "portico.seal", "at": portico.clock.now(), "input": {}}
        await shop.queue.put(to_json([job]).decode(), "test")
        hands = shop.worker.hands._replace(known=["portico.seal"])
        since = portico.clock.now() - timedelta(days=36500)
        (held,) = await shop.queue.claim(hands, 1, as_of=portico.clock.now(), strange_since=since)
        assert await shop.attempts.run(held) is None


async def _settled(portico: Harness) -> None:
    """Wait until what is written may be sealed: transactions of others on the same server hold it up for a moment."""
    async with asyncio.timeout(PATIENCE):
        while True:
            if not (await portico.rows(OPEN))[0]["held_up"]:
                return
            await asyncio.sleep(0.01)


async def faults(
    portico: Harness, chain: UUID = NOBODY, *, heads: Sequence[Head] = (), ring: Ring | None = None
) -> list[str]:
    """What a check finds, the first record first."""
    connection = await asyncpg.connect(portico.urls.owner)
    try:
        checking = Checking(connection, ring or ring_of(portico.app.running.settings), chain)
        return [fault.said for fault in await checking.faults(next((h for h in heads if h.chain == chain), None))]
    finally:
        await connection.close()


class Intruder(NamedTuple):
    """Somebody who holds the whole server, and knows no key of the application's."""

    portico: Harness
    server: Embedded


async def tamper(intruder: Intruder, *statements: str) -> None:
    """As the server's superuser, whom nothing in the database can stop."""
    database = intruder.portico.urls.app.partition("?")[0].rpartition("/")[2]
    connection = await asyncpg.connect(intruder.server.admin_url(database))
    try:
        await connection.execute("; ".join((ON, *statements)))
    finally:
        await connection.close()


async def seals(portico: Harness, chain: UUID = NOBODY) -> list[tuple[int, int]]:
    """Of each seal its number, and how many records are under it."""
    rows = await portico.rows("select number, records from portico.audit_seals where chain = $1 order by number", chain)
    return [(row["number"], row["records"]) for row in rows]


async def heads(portico: Harness) -> list[Head]:
    """What an export of the heads would keep elsewhere."""
    rows = await portico.rows(
        "select distinct on (chain) chain, number, hash from portico.audit_seals order by chain, number desc"
    )
    return [Head(row["chain"], row["number"], row["hash"]) for row in rows]
