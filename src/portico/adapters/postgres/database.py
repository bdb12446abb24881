"""The database of a running application: its pool, its transactions, what its failures mean."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

import asyncpg
from pydantic_core import from_json, to_json

from portico.adapters.postgres.db import PostgresDb
from portico.adapters.postgres.failures import explain
from portico.adapters.postgres.pool import Connection, Pool
from portico.adapters.postgres.transaction import BEGIN, GATE, PostgresTransaction
from portico.errors import Misconfigured
from portico.ports.database import Entry, Facts, Failure, Refusal

Seconds: TypeAlias = float
REFUSAL = "select portico.refusal_v1($1, $2, $3, $4, $5, $6, $7, $8, $9)"
OWNS = """
select current_user, r.rolsuper, r.rolbypassrls,
       exists (select from pg_class c where c.relowner = r.oid and c.relkind in ('r', 'p', 'v', 'm')) as owns
  from pg_roles r where r.rolname = current_user
"""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many connections, and how long anything may take, in seconds."""

    connections: int = 20
    wait: Seconds = 5.0
    connect: Seconds = 5.0
    statement: Seconds | None = 10.0
    lock: Seconds | None = 5.0
    idle_in_transaction: Seconds | None = 15.0
    answer: Seconds = 12.0
    """How long an answer is waited for: longer than the server's own timeouts, for a network that swallows it."""

    def server_settings(self) -> dict[str, str]:
        """The server's own timeouts, in its words; none where a pooler in between would refuse them."""
        wanted = {
            "statement_timeout": self.statement,
            "lock_timeout": self.lock,
            "idle_in_transaction_session_timeout": self.idle_in_transaction,
        }
        return {name: str(round(s * 1000)) for name, s in wanted.items() if s is not None}


class Frugal(asyncpg.Connection):  # type: ignore[misc]  # asyncpg has no types
    """A connection that learns array and range types without set_config, which is the gate's alone."""

    def __init__(self, *arguments: object, **options: object) -> None:
        """Tell asyncpg that there is no JIT to be switched off first."""
        super().__init__(*arguments, **options)
        self._server_caps: Any = self._server_caps._replace(jit=False)


class PostgresDatabase:
    """Transactions over a pool of connections as the role `portico_app`."""

    def __init__(self, url: str, limits: Limits) -> None:
        """Nothing is opened yet."""
        self._url = url
        self._limits = limits
        self._pool = Pool(self._connect, size=limits.connections, timeout=limits.wait)
        self.db = PostgresDb(self)

    async def begin(self, *, read_only: bool) -> PostgresTransaction:
        """Open a transaction."""
        transaction = PostgresTransaction(self._pool, read_only=read_only)
        await transaction.open()
        return transaction

    def lazily(self, *, read_only: bool) -> PostgresTransaction:
        """A transaction that takes a connection only when it is used."""
        return PostgresTransaction(self._pool, read_only=read_only)

    async def gate(self, entry: Entry) -> Facts:
        """The gate alone, in one statement."""
        rows = await self.fetch(GATE, list(entry))
        return Facts._make(rows[0])

    async def record(self, refusal: Refusal) -> None:
        """Write a refusal in a transaction of its own."""
        r = refusal
        await self.fetch(
            REFUSAL, [r.org, r.user, r.action, r.target, r.outcome, r.metadata, r.ip, r.user_agent, r.request_id]
        )

    def explain(self, problem: BaseException) -> Failure | None:
        """What a failure of the database means."""
        return explain(problem)

    async def ping(self) -> None:
        """Raise where the database does not answer."""
        await self.fetch("select 1", [])

    async def fetch(self, sql: str, arguments: list[object]) -> list[asyncpg.Record]:
        """One statement in a transaction of its own."""
        async with self._lent() as connection:
            rows: list[asyncpg.Record] = await connection.fetch(sql, *arguments)
        return rows

    async def execute(self, sql: str, arguments: list[object]) -> str:
        """One statement in a transaction of its own."""
        async with self._lent() as connection:
            return str(await connection.execute(sql, *arguments))

    @asynccontextmanager
    async def cursor(self) -> AsyncIterator[Connection]:
        """A connection in a read-only transaction of its own."""
        async with self._lent() as connection:
            await connection.execute(BEGIN[True])
            try:
                yield connection
            finally:
                await connection.execute("rollback")

    async def start(self, key: bytes, mac: bytes) -> None:
        """Check that the role is the right one and the database migrated with this secret; raises Misconfigured."""
        try:
            async with self._lent() as connection:
                role = await connection.fetchrow(OWNS)
                proved = await connection.fetchval("select portico.proved_v1($1, $2)", key, mac)
        except (asyncpg.UndefinedFunctionError, asyncpg.InvalidSchemaNameError, asyncpg.InsufficientPrivilegeError):
            message = "The database is not migrated, or not for this role: run `portico migrate`."
            raise Misconfigured(message) from None
        if role is not None and (role["rolsuper"] or role["rolbypassrls"] or role["owns"]):
            message = (
                f"DATABASE_URL connects as {role['current_user']}, which owns tables or bypasses row level security; "
                "connect as portico_app, and give the owner's URL as DATABASE_OWNER_URL to `portico migrate` alone."
            )
            raise Misconfigured(message)
        if not proved:
            message = (
                "SECRET_KEY is not the one that the database was migrated with: run `portico migrate` with this one."
            )
            raise Misconfigured(message)

    async def close(self) -> None:
        """Close every connection."""
        await self._pool.close()

    @asynccontextmanager
    async def _lent(self) -> AsyncIterator[Connection]:
        connection = await self._pool.acquire()
        try:
            yield connection
        finally:
            self._pool.release(connection)

    async def _connect(self) -> Connection:
        connection = await asyncpg.connect(
            self._url,
            timeout=self._limits.connect,
            connection_class=Frugal,
            command_timeout=self._limits.answer,
            server_settings={"application_name": "portico", "timezone": "UTC", **self._limits.server_settings()},
        )
        for kind in ("json", "jsonb"):
            await connection.set_type_codec(
                kind, schema="pg_catalog", encoder=_encode_json, decoder=from_json, format="text"
            )
        return connection


def _encode_json(value: object) -> str:
    return to_json(value).decode()
