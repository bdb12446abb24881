"""The database of a running application: its transactions, what its failures mean."""

from functools import partial

import asyncpg

from portico.adapters.postgres.connections import Limits, connect
from portico.adapters.postgres.db import PostgresDb
from portico.adapters.postgres.failures import explain
from portico.adapters.postgres.gating import answered, asked
from portico.adapters.postgres.glancing import GlancingTransaction
from portico.adapters.postgres.loose import LooseLane
from portico.adapters.postgres.outside import PostgresOutside
from portico.adapters.postgres.pool import Pool
from portico.adapters.postgres.pulse import PostgresPulse
from portico.adapters.postgres.transaction import PostgresTransaction
from portico.adapters.postgres.watched import connect_watched
from portico.errors import Misconfigured
from portico.ports.database import Entry, Facts, Failure, Noted, Refusal, Transaction
from portico.ports.statements import Eye

REFUSAL = "select portico.refusal_v1($1, $2, $3, $4, $5, $6, $7, $8, $9)"
NOTED = "select portico.noted_v1($1, $2)"
OWNS = """
select current_user, r.rolsuper, r.rolbypassrls,
       exists (select from pg_class c where c.relowner = r.oid and c.relkind in ('r', 'p', 'v', 'm')) as owns
  from pg_roles r where r.rolname = current_user
"""


class PostgresDatabase:
    """Transactions over a pool of connections as the role `portico_app`."""

    def __init__(self, url: str, limits: Limits, eye: Eye | None = None) -> None:
        """Nothing is opened yet; `eye` is shown each trip."""
        connecting = partial(connect, url, limits) if eye is None else partial(connect_watched, url, limits, eye)
        self.connecting = connecting
        """Makes a connection that is nobody else's."""
        self.pool = self._pool = Pool(connecting, size=limits.connections, timeout=limits.wait)
        self.pulse = PostgresPulse(self._pool, connecting)
        self._lane = LooseLane(self._pool)
        self.db = PostgresDb(self._lane)
        self.outside = PostgresOutside(self._pool)

    async def begin(self, *, read_only: bool) -> PostgresTransaction:
        """Open a transaction."""
        transaction = PostgresTransaction(self._pool, read_only=read_only)
        await transaction.open()
        return transaction

    def lazily(self, *, read_only: bool, seconds: float | None = None) -> PostgresTransaction:
        """A transaction that takes a connection only when it is used."""
        return PostgresTransaction(self._pool, read_only=read_only, seconds=seconds)

    async def spare(self, like: Transaction, facts: Facts) -> PostgresTransaction | None:
        """A read-only transaction for the same caller; the gate is passed again: nobody can name a user."""
        if not isinstance(like, PostgresTransaction) or not self._pool.has_spare():
            return None
        transaction = await self.begin(read_only=True)
        try:
            if await _enters_alike(transaction, like, facts):
                return transaction
        except BaseException:
            await transaction.rollback()
            raise
        await transaction.rollback()
        return None

    def glancing(self, *, read_only: bool, seconds: float | None = None) -> GlancingTransaction:
        """One that begins only where a statement follows the gate."""
        return GlancingTransaction(self._pool, self._lane, read_only=read_only, seconds=seconds)

    async def gate(self, entry: Entry) -> Facts:
        """The gate alone, in one statement."""
        sql, arguments = asked(entry, read_only=True)
        return answered(entry, (await self._lane.fetch(sql, list(arguments)))[0])

    async def record(self, entry: Refusal | Noted) -> None:
        """Write a refusal, or what a call that may not write has done, in a transaction of its own."""
        if isinstance(entry, Noted):
            await self._lane.fetch(NOTED, [entry.rows, entry.proof])
            return
        r, target = entry, _storable(entry.target)
        await self._lane.fetch(
            REFUSAL, [r.org, r.user, r.action, target, r.outcome, r.metadata, r.ip, r.user_agent, r.request_id]
        )

    def explain(self, problem: BaseException) -> Failure | None:
        """What a failure of the database means."""
        return explain(problem)

    async def ping(self) -> None:
        """Raise where the database does not answer."""
        await self._lane.fetch("select 1", [])

    async def start(self, key: bytes, mac: bytes) -> None:
        """Check that the role is the right one and the database migrated with this secret; raises Misconfigured."""
        try:
            async with self._lane.lent() as connection:
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


def _storable(target: str | None) -> str | None:
    """What a refused call was about, in characters that PostgreSQL stores: no spelling keeps it off the record."""
    if target is None:
        return None
    return target.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


async def _enters_alike(transaction: PostgresTransaction, like: PostgresTransaction, facts: Facts) -> bool:
    """Whether the gate lets the same caller into the same organization."""
    found = Facts()
    if like.passed is not None:
        found = await transaction.gate(like.passed._replace(key=None, table=None, row=None))
    return (found.user_id, found.org_id) == (facts.user_id, facts.org_id)
