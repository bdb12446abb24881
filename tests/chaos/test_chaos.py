"""Servers killed at random moments under load: what was acknowledged was done, once, and nothing was done by half."""

import asyncio
import os
from pathlib import Path
from random import Random

import asyncpg
import pytest

from tests.chaos.conftest import Site
from tests.chaos.load import Load
from tests.chaos.server import running

pytestmark = [pytest.mark.anyio, pytest.mark.chaos]
KILLS = int(os.environ.get("CHAOS_KILLS", "10"))
SEED = int(os.environ.get("CHAOS_SEED", "0")) or Random().randrange(1, 10**9)
HALVES = """
    with audits as (select target as id, count(*) as n from portico.audit group by 1),
         events as (select data -> 'appointment' ->> 'id' as id, count(*) as n from portico.outbox group by 1),
         answers as (
           select convert_from(body, 'UTF8')::jsonb -> 'data' ->> 'id' as id, count(*) as n
             from portico.idempotency group by 1)
    select a.notes, u.n as audits, e.n as events, s.n as answers
      from appointments a
      left join audits u on u.id = a.id::text
      left join events e on e.id = a.id::text
      left join answers s on s.id = a.id::text
     where (u.n, e.n, s.n) is distinct from (1::bigint, 1::bigint, 1::bigint)
"""
TOTALS = """
    select (select count(*) from appointments) as bookings,
           (select count(distinct notes) from appointments) as keys,
           (select count(*) from portico.audit where action = 'appointment.created') as audits,
           (select count(*) from portico.outbox) as events,
           (select count(*) from portico.idempotency) as answers
"""


async def check(site: Site, load: Load) -> None:
    """Every acknowledged booking exists once, with one audit row, one event, one stored answer; nothing else does."""
    rows = await site.harness.rows("select notes, id::text from appointments")
    totals = dict((await site.harness.rows(TOTALS))[0])

    print(f"{totals['bookings']} bookings; answers: {dict(load.answers)}")
    assert sorted((row["notes"], row["id"]) for row in rows) == sorted(load.booked.items())
    assert set(totals.values()) == {len(load.booked)}, totals
    assert await site.harness.rows(HALVES) == []


async def test_a_killed_server_loses_nothing_and_repeats_nothing(site: Site, tmp_path: Path) -> None:
    """SIGKILL at random moments, clients that repeat with their keys."""
    print(f"\n{KILLS} kills, CHAOS_SEED={SEED}")
    moments = Random(SEED)
    async with running(site.urls, tmp_path / "server.log") as server:
        load = Load(server.url, site.token, site.visit)
        async with asyncio.timeout(60 + 10 * KILLS), load.running():
            for _ in range(KILLS):
                await load.more(moments.randrange(1, 40))
                await asyncio.sleep(moments.uniform(0, 0.02))
                await server.kill()
                await server.start()
            await load.more(20)

    await check(site, load)


async def test_broken_connections_lose_nothing_and_repeat_nothing(site: Site, tmp_path: Path) -> None:
    """The server's connections to its database ended one by one, at random moments."""
    print(f"\n{KILLS * 5} connections, CHAOS_SEED={SEED}")
    moments = Random(SEED)
    assassin = await asyncpg.connect(site.urls.app)
    async with running(site.urls, tmp_path / "server.log") as server:
        load = Load(server.url, site.token, site.visit)
        async with asyncio.timeout(60 + 10 * KILLS), load.running():
            for _ in range(KILLS * 5):
                await load.more(moments.randrange(1, 20))
                await asyncio.sleep(moments.uniform(0, 0.01))
                await assassin.execute(KILL_ONE)
            await load.more(20)
    await assassin.close()

    await check(site, load)


KILL_ONE = """
    select pg_terminate_backend(pid) from pg_stat_activity
     where usename = current_user and datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'
     order by random() limit 1
"""
