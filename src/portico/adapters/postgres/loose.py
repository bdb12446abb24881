"""Statements that each are a transaction of their own, on whatever connection is free."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from portico.adapters.postgres.pool import Connection, Pool
from portico.adapters.postgres.transaction import PostgresTransaction


class LooseLane:
    """Runs each statement on a free connection."""

    def __init__(self, pool: Pool) -> None:
        """Lend from that pool."""
        self._pool = pool

    async def fetch(self, sql: str, arguments: list[object]) -> list[asyncpg.Record]:
        """The rows of one statement."""
        async with self.lent() as connection:
            rows: list[asyncpg.Record] = await connection.fetch(sql, *arguments)
        return rows

    async def execute(self, sql: str, arguments: list[object]) -> str:
        """The command tag of one statement."""
        async with self.lent() as connection:
            return str(await connection.execute(sql, *arguments))

    @asynccontextmanager
    async def cursor(self) -> AsyncIterator[PostgresTransaction]:
        """A read-only transaction of its own."""
        transaction = PostgresTransaction(self._pool, read_only=True)
        try:
            yield transaction
        finally:
            await transaction.rollback()

    @asynccontextmanager
    async def lent(self) -> AsyncIterator[Connection]:
        """A free connection."""
        connection = await self._pool.acquire()
        try:
            yield connection
        finally:
            self._pool.release(connection)
