"""Work outside of a call's transaction: short transactions as the same caller, and the claim of a key."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from portico.adapters.postgres.db import PostgresDb
from portico.adapters.postgres.pool import Connection, Pool
from portico.adapters.postgres.transaction import PostgresTransaction
from portico.ports.database import Transaction
from portico.ports.outside import Claim, Standing, Trail

# Values go as parameters: a proof that is written out could be read in the list of what runs.
ENTER = "select portico.enter_v1(:user, :org, :operator, :proof)"
CLAIM = "select portico.claim_v1(:digest, :fingerprint, :holder, :action, :lease, :proof)"
RELEASE = "select portico.release_v1(:digest, :holder, :proof)"
WROTE = "select pg_current_xact_id_if_assigned() is not null"


class PostgresOutside:
    """Short transactions on whatever connection is free."""

    def __init__(self, pool: Pool) -> None:
        """Lend from that pool."""
        self._pool = pool

    def db(self, standing: Standing, trail: Trail, *, read_only: bool) -> PostgresDb:
        """Statements that each are a transaction of their own."""
        return PostgresDb(OutsideLane(self, standing, trail, read_only=read_only))

    @asynccontextmanager
    async def entered(self, standing: Standing, *, read_only: bool) -> AsyncIterator[PostgresTransaction]:
        """A transaction as that caller."""
        transaction = PostgresTransaction(self._pool, read_only=read_only)
        try:
            await transaction.db.execute(ENTER, **standing._asdict())
            yield transaction
        except BaseException:
            await transaction.rollback()
            raise

    async def claim(self, transaction: Transaction, claim: Claim) -> bool:
        """Take the key."""
        return await transaction.db.one(CLAIM, bool, **claim._asdict())

    async def release(self, transaction: Transaction, claim: Claim) -> bool:
        """Give the key back."""
        return await transaction.db.one(RELEASE, bool, digest=claim.digest, holder=claim.holder, proof=claim.proof)

    async def wrote(self, transaction: Transaction) -> bool:
        """Whether the server has given it a number, which only those get that write."""
        return await transaction.db.one(WROTE, bool)


class OutsideLane:
    """Runs each statement in a transaction of its own."""

    def __init__(self, outside: PostgresOutside, standing: Standing, trail: Trail, *, read_only: bool) -> None:
        """As that caller."""
        self._outside = outside
        self._standing = standing
        self._trail = trail
        self._read_only = read_only

    async def fetch(self, sql: str, arguments: list[object]) -> list[asyncpg.Record]:
        """The rows of one statement."""
        async with self._transaction() as transaction:
            return await transaction.fetch(sql, arguments)

    async def execute(self, sql: str, arguments: list[object]) -> str:
        """The command tag of one statement."""
        async with self._transaction() as transaction:
            return await transaction.execute(sql, arguments)

    @asynccontextmanager
    async def cursor(self) -> AsyncIterator[Connection]:
        """A connection in a transaction that lasts as long as the cursor."""
        async with self._transaction() as transaction, transaction.cursor() as connection:
            yield connection

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[PostgresTransaction]:
        try:
            async with self._outside.entered(self._standing, read_only=self._read_only) as transaction:
                yield transaction
                if not self._read_only:
                    self._trail.wrote |= await self._outside.wrote(transaction)
                await transaction.commit()
        except BaseException as problem:
            self._trail.failed = problem
            raise
