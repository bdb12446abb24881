"""Workers killed at random moments: each event reaches its handler once, each job is done once, in order."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random
from time import monotonic

import pytest

from portico import Caller
from portico.adapters.postgres.embedded import Embedded
from portico.testing import Harness
from tests.chaos import kitchen
from tests.chaos.conftest import on_database
from tests.chaos.worker import working

pytestmark = [pytest.mark.anyio, pytest.mark.chaos]
KILLS = int(os.environ.get("CHAOS_KILLS", "10"))
SEED = int(os.environ.get("CHAOS_SEED", "0")) or Random().randrange(1, 10**9)
APP = "tests.chaos.kitchen:app"
PATIENCE = 60.0
NOTHING_LEFT = """
    select where not exists (select from portico.jobs)
       and not exists (select from portico.outbox o, portico.event_cursors c where (o.xid, o.id) > (c.xid, c.id))
"""
DONE = """
    select (data ->> 'number')::int as number, data ->> 'event' as event from portico.outbox where name = $1
     order by xid, id
"""
BEGUN = "select from portico.outbox where name = 'dish.washed' limit 1"


@pytest.fixture
async def site(durable_server: Embedded) -> AsyncIterator[Harness]:
    """The kitchen on a database of its own."""
    async with on_database(durable_server, kitchen.app, "workers") as harness:
        yield harness


@pytest.fixture
async def hungry(site: Harness) -> Caller:
    """Somebody who orders."""
    org = await site.organization("Chaos")
    return kitchen.app.as_(await site.member("ann@example.com", org=org.id), org=org.id)


async def until(site: Harness, question: str) -> None:
    """Wait until the question has a row for an answer."""
    deadline = monotonic() + PATIENCE
    while True:
        if await site.rows(question):
            return
        assert monotonic() < deadline, await site.rows("select name, state, problem from portico.jobs limit 5")
        await asyncio.sleep(0.05)


async def test_killed_workers_lose_nothing_and_repeat_nothing(site: Harness, hungry: Caller, tmp_path: Path) -> None:
    """SIGKILL at random moments, with orders all the while."""
    print(f"\n{KILLS} kills, CHAOS_SEED={SEED}")
    moments, number = Random(SEED), 0
    async with working(APP, site.urls, tmp_path / "workers.log") as workers:
        for _ in range(KILLS):
            for _ in range(moments.randrange(1, 15)):
                (await hungry.call(kitchen.order, number=number)).unwrap()
                number += 1
            await asyncio.sleep(moments.uniform(0, 1.5))
            victim = moments.choice(workers)
            await victim.end()
            await victim.start()
        await until(site, NOTHING_LEFT)

    numbers = list(range(number))
    cooked = await site.rows(DONE, "dish.cooked")
    events = await site.rows("select event_id::text from portico.outbox where name = 'dish.ordered' order by xid, id")
    assert [row["number"] for row in cooked] == numbers
    assert [row["event"] for row in cooked] == [row["event_id"] for row in events]
    assert sorted(row["number"] for row in await site.rows(DONE, "dish.washed")) == numbers


async def test_a_worker_that_is_told_to_stop_finishes_what_it_does(
    site: Harness, hungry: Caller, tmp_path: Path
) -> None:
    """It ends well, and leaves no job in its hands."""
    log = tmp_path / "workers.log"
    async with working(APP, site.urls, log, count=1) as (worker,):
        for number in range(30):
            (await hungry.call(kitchen.order, number=number)).unwrap()
        await until(site, BEGUN)
        code = await worker.end(signal.SIGTERM)

        assert code == 0, log.read_text()
        assert await site.rows("select from portico.jobs where state = 'running'") == []
        assert "Traceback" not in log.read_text()
