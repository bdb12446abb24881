"""Connections of the migrating role: short waits for locks, and one migrator at a time."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TypeVar

import asyncpg
from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

CONNECT_SECONDS = 10
POLL_SECONDS = 0.2
POLLS = 3_000
MIGRATING = int.from_bytes(b"portico")  # the advisory lock's number

T = TypeVar("T")
TRY_LOCK = "select pg_try_advisory_xact_lock($1)"


class MigrationFailed(Exception):
    """The database was not migrated; the message says why and what to do."""


async def on_database(url: str, work: Callable[[Connection], T], *, lock_timeout: timedelta) -> T:
    """Run synchronous SQLAlchemy work, each of its transactions waiting `lock_timeout` at most for a lock.

    The timeout is set in each transaction, not at connecting, which a connection pooler in between would refuse.
    """
    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(url, timeout=CONNECT_SECONDS), poolclass=NullPool
    )
    milliseconds = round(lock_timeout.total_seconds() * 1000)

    @event.listens_for(engine.sync_engine, "begin")
    def _limit_waits(connection: Connection) -> None:
        connection.exec_driver_sql(f"set local lock_timeout = {milliseconds}")

    try:
        async with engine.connect() as connection:
            return await connection.run_sync(work)
    finally:
        await engine.dispose()


@asynccontextmanager
async def one_migrator(url: str, report: Callable[[str], None]) -> AsyncIterator[None]:
    """Wait for other migrators of this database, and keep them waiting until the block ends.

    The lock belongs to a transaction of its own connection: a session's excludes nobody behind a connection pooler.
    """
    connection = await asyncpg.connect(url, timeout=CONNECT_SECONDS)
    try:
        async with connection.transaction():
            await connection.execute("set local idle_in_transaction_session_timeout = 0")
            await _take_turn(connection, report)
            yield
    finally:
        await connection.close(timeout=CONNECT_SECONDS)


async def _take_turn(connection: asyncpg.Connection, report: Callable[[str], None]) -> None:
    """Ask again and again: a statement that waits holds a snapshot, and CREATE INDEX CONCURRENTLY waits for that."""
    if await connection.fetchval(TRY_LOCK, MIGRATING):
        return
    report("Another migration of this database is running; waiting for it.")
    for _ in range(POLLS):
        await asyncio.sleep(POLL_SECONDS)
        if await connection.fetchval(TRY_LOCK, MIGRATING):
            return
    raise MigrationFailed("Another migration has been running here for ten minutes: end it, then migrate again.")
