"""A latch in the database, on which queries of the office wait while a test holds it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from portico.testing import Harness
from tests.integration.office.kept import LATCH


@asynccontextmanager
async def held(harness: Harness) -> AsyncIterator[asyncio.Event]:
    """Hold the latch until the event is set, or the block ends."""
    owner = await asyncpg.connect(harness.urls.owner)
    await owner.execute("select pg_advisory_lock($1)", LATCH)
    release = asyncio.Event()

    async def let_go() -> None:
        await release.wait()
        await owner.execute("select pg_advisory_unlock($1)", LATCH)

    letting = asyncio.create_task(let_go())
    try:
        yield release
    finally:
        release.set()
        await letting
        await owner.close()


async def waiting(harness: Harness, count: int = 1) -> None:
    """Wait until so many sessions want the latch."""
    sql = "select count(*) from pg_locks where locktype = 'advisory' and objid = $1 and not granted"
    async with asyncio.timeout(10):
        while True:
            if (await harness.rows(sql, LATCH))[0][0] >= count:
                return
            await asyncio.sleep(0.005)
