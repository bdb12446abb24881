"""One call's transaction on a lent connection."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import lru_cache
from typing import TYPE_CHECKING
from uuid import UUID

import asyncpg

from portico.adapters.postgres.closing import closing_of
from portico.adapters.postgres.db import PostgresDb
from portico.adapters.postgres.gating import answered, asked
from portico.adapters.postgres.pool import Connection, Pool, Waiter
from portico.adapters.postgres.turns import Turns
from portico.adapters.postgres.unbroken import Unbroken
from portico.errors import Misconfigured
from portico.ports.database import Entry, Facts, Journal

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

ROW = "select present, owner, version from portico.row_v2($1, $2, $3, $4, $5)"
ENTER = "select id, name, slug, plan, timezone from portico.enter_v1($1, $2)"
LEAVE = "select portico.leave_v1()"
BEGIN = {True: "begin read only", False: "begin"}
PATIENCE = "{}; set local statement_timeout = {:d}"
"""Another statement timeout rides in the trip of BEGIN."""
ENDED = "The call has ended: a task that it started, and did not wait for, still uses its ctx.db."
SLACK = 2.0
"""Seconds that an answer is waited for beyond the server's own timeout."""
LOST = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)
"""The connection is gone. The last is what the driver says of one that the server ended between two statements."""


class CommitUnknown(Exception):  # says what happened
    """The connection was lost during COMMIT: nobody knows whether it was done."""


class NotCommitted(Exception):  # says what happened
    """The server answered COMMIT with ROLLBACK: a statement had failed, and the handler went on."""


class PostgresTransaction:
    """Takes its connection at `open`, or at the first statement where nothing was asked before; tasks take turns."""

    __slots__ = (
        *("_begins", "_connection", "_doubtful", "_orm", "_over", "_pool", "_timeout", "_turns"),
        *("passed", "read_only"),
    )

    def __init__(self, pool: Pool, *, read_only: bool, seconds: float | None = None) -> None:
        """Nothing is taken yet; `seconds` is how long a statement may take, where that is not the settings' time."""
        self._pool, self.read_only = pool, read_only
        self.passed: Entry | None = None
        self._begins = begins_of(seconds, read_only=read_only)
        self._timeout = None if seconds is None else seconds + SLACK
        self._turns = Turns()
        self._connection: Connection | None = None
        self._doubtful = self._over = False
        self._orm: AsyncSession | None = None

    @property
    def db(self) -> PostgresDb:
        """Statements on it; made anew at each use, for two objects that hold each other are work for the collector."""
        return PostgresDb(self)

    async def open(self) -> Connection:
        """BEGIN on a free connection; once."""
        if self._connection is not None:
            return self._connection
        if self._over:
            raise Misconfigured(ENDED)
        begins = self._begins
        connection = await self._pool.acquire(begins)
        if not connection.is_in_transaction():
            try:
                await connection.execute(begins)
            except BaseException:
                connection.terminate()
                self._pool.release(connection)
                raise
        self._connection = connection
        return connection

    @property
    def orm(self) -> "AsyncSession":
        """A SQLAlchemy session on the same connection; there is one per transaction."""
        if self._orm is None:
            self._orm = _session_on(self._connection)
            self._doubtful = True
        return self._orm

    async def fetch(self, sql: str, arguments: list[object]) -> list[asyncpg.Record]:
        """The rows of one statement."""
        if self._turns.taken:
            await self._turns.come()
        with self._turns:
            connection = self._connection or await self.open()
            rows: list[asyncpg.Record] = await connection.fetch(sql, *arguments, timeout=self._timeout)
            return rows

    async def execute(self, sql: str, arguments: list[object]) -> str:
        """The command tag of one statement."""
        if self._turns.taken:
            await self._turns.come()
        with self._turns:
            connection = self._connection or await self.open()
            return str(await connection.execute(sql, *arguments, timeout=self._timeout))

    @asynccontextmanager
    async def cursor(self) -> "AsyncIterator[PostgresTransaction]":
        """Itself: others take their turns between two steps of the cursor."""
        self._doubtful = True
        yield self

    async def gate(self, entry: Entry) -> Facts:
        """Who calls, and what is known."""
        connection = self._connection or await self.open()
        self.passed = entry
        sql, arguments = asked(entry, read_only=self.read_only)
        return answered(entry, (await connection.fetch(sql, *arguments))[0])

    async def row(self, entry: Entry, facts: Facts) -> Facts:
        """The facts with the row's owner and version."""
        rows = await self.fetch(ROW, [entry.table, entry.row, entry.owner, entry.version, entry.whose])
        found, owner, version = rows[0]
        return facts._replace(row_found=found, row_owner=owner, row_version=version)

    async def step_into(self, org: UUID | None, proof: bytes = b"", *, journal: Journal | None = None) -> Facts:
        """Write what was noted where this is, in the same trip, and be nobody in an organization, or in none."""
        if org is None:
            await self.execute(f"{closing_of(journal) if journal is not None else ''}{LEAVE}", [])
            return Facts()
        id, name, slug, plan, timezone = (await self.fetch(ENTER, [org, proof]))[0]
        return Facts(org_id=id, org_name=name, org_slug=slug, org_plan=plan, org_timezone=timezone)

    async def commit(self, journal: Journal | None = None) -> None:
        """Write the journal and COMMIT in one trip; raises NotCommitted or CommitUnknown where it was not.

        Where somebody waits for a connection, the same trip begins that one's transaction: under load, nobody sends a
        BEGIN. That hides the answer to COMMIT, so it is done only where no statement can have failed unseen.
        """
        closing = closing_of(journal) if journal is not None else ""
        if self._connection is None and not closing:
            self._over = True
            return
        if self._turns.taken:
            await self._turns.come()
        with self._turns:
            await self._commit(self._connection or await self.open(), closing)

    async def _commit(self, connection: Connection, closing: str) -> None:
        """From here on nobody who leaves, and no host that cancels, can stop it halfway."""
        if self._orm is not None:
            await self._orm.flush()
            await self._orm.close()
        doubtful = self._doubtful or self._turns.failed
        next_one = None if doubtful and not closing else self._pool.successor()
        begins = next_one.begins if next_one is not None else ""
        script = f"{closing}commit; {begins}" if begins else f"{closing}commit"
        try:
            tag = await Unbroken(connection.execute(script))  # whoever has sent it waits for the answer, come what may
        except BaseException as problem:
            if next_one is not None:
                self._pool.put_back(next_one)
            if isinstance(problem, LOST):
                raise CommitUnknown(str(problem)) from problem
            raise
        self._connection, self._over = None, True
        if next_one is None:
            self._pool.release(connection)
        elif not (begins and self._pool.hand_over(connection, next_one)):
            await _take_back(self._pool, connection, next_one)
        if tag != (tag_of(begins) if begins else "COMMIT"):
            raise NotCommitted

    async def rollback(self) -> None:
        """ROLLBACK; a connection that does not answer at once is thrown away."""
        connection, self._connection, self._over = self._connection, None, True
        if connection is None:
            return
        try:
            if self._orm is not None:
                self._orm.sync_session.expunge_all()
            await _end(connection, self._turns)
        finally:
            self._pool.release(connection)

    def savepoint(self) -> AbstractAsyncContextManager[None]:
        """SAVEPOINT, released at the end, rolled back where the block fails."""
        return _savepoint_in(self)


@asynccontextmanager
async def _savepoint_in(transaction: PostgresTransaction) -> AsyncIterator[None]:
    await transaction.execute("savepoint portico", [])
    try:
        yield
    except BaseException:
        await transaction.execute("rollback to savepoint portico; release savepoint portico", [])
        raise
    await transaction.execute("release savepoint portico", [])


def _session_on(connection: "Connection | None") -> "AsyncSession":
    from portico.adapters.postgres.orm import session_on  # only who uses the ORM pays for it

    if connection is None:
        message = "ctx.orm needs a begun transaction; in a public action, run a statement of ctx.db first."
        raise Misconfigured(message)
    return session_on(connection)


def begins_of(seconds: float | None, *, read_only: bool) -> str:
    """The statements that begin a transaction, in one trip."""
    begins = BEGIN[read_only]
    return begins if seconds is None else _patiently(begins, seconds)


@lru_cache(maxsize=256)
def _patiently(begins: str, seconds: float) -> str:
    return PATIENCE.format(begins, round(seconds * 1000))


def tag_of(begins: str) -> str:
    """What the server answers to the statements that begin a transaction."""
    return "SET" if ";" in begins else "BEGIN"


async def _take_back(pool: Pool, connection: Connection, waiter: Waiter) -> None:
    """Undo what was begun for somebody who has gone: also where this call is cancelled meanwhile."""
    pool.put_back(waiter)
    try:
        if connection.is_in_transaction():
            await _end(connection, Turns())
    finally:
        pool.release(connection)


async def _end(connection: Connection, turns: Turns) -> None:
    """ROLLBACK, after what is still running; a connection that does not answer at once is cut off."""
    try:
        async with asyncio.timeout(2):
            if turns.taken:
                await turns.come()
            with turns:
                await connection.execute("rollback")
    except (*LOST, asyncpg.PostgresError):
        connection.terminate()
    except BaseException:
        connection.terminate()
        raise
