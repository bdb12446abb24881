"""How a database under test is emptied: as its owner can, or as the superuser of a server of the tests' own, sooner."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import asyncpg

from portico.adapters.postgres.servers import Urls

NOT_EMPTIED = ("proof_key", "alembic_version", "portico_version")
# What refers to one of these tables goes with it, whichever schema it is in.
TABLES = """
with recursive emptied as (
    select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and n.nspname in ('portico', 'public') and c.relname <> all ($1::text[])
     union
    select r.conrelid from pg_constraint r join emptied e on r.confrelid = e.oid where r.contype = 'f'
)
select oid, oid::regclass::text as name, pg_relation_size(oid) > $2 as large from emptied order by oid
"""
# As `restart identity` does.
RESTART = """
select setval(s.seqrelid, s.seqstart, false)
  from pg_sequence s join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = s.seqrelid
 where d.refclassid = 'pg_class'::regclass and d.refobjid = any ($1::oid[]) and d.deptype in ('a', 'i')
   and pg_sequence_last_value(s.seqrelid) is not null
"""
LARGE = 200_000
"""Bytes from which a table is begun anew, so that no test reads what is left of the rows of many before it."""
PATIENCE = 30.0


class Broom:
    """Empties databases as superuser, over a connection that is kept for as long as it is the same database.

    To delete a few rows takes a tenth of what it takes to give every table and index a new file. No trigger runs and no
    foreign key is looked at: all rows go.
    """

    def __init__(self) -> None:
        """Connects when first used."""
        self._url = ""
        self._admin: asyncpg.Connection[asyncpg.Record] | None = None

    async def sweep(self, admin_url: str) -> None:
        """Remove every row of that database, once whoever still writes is done."""
        admin = await self._connected(admin_url)
        try:
            await _sweep(admin)
        except BaseException:
            self._admin = None
            admin.terminate()  # whatever it is in the middle of: the next test has a new one
            raise

    async def close(self) -> None:
        """Let go of the connection."""
        if self._admin is not None:
            await self._admin.close(timeout=5)
        self._admin = None

    async def _connected(self, url: str) -> "asyncpg.Connection[asyncpg.Record]":
        if self._admin is None or self._admin.is_closed() or self._url != url:
            await self.close()
            replica = {"session_replication_role": "replica", "search_path": ""}
            self._admin = await asyncpg.connect(url, timeout=10, command_timeout=PATIENCE, server_settings=replica)
            self._url = url
        return self._admin


async def _sweep(admin: "asyncpg.Connection[asyncpg.Record]") -> None:
    tables = await admin.fetch(TABLES, list(NOT_EMPTIED), LARGE)
    names = [row["name"] for row in tables]
    async with admin.transaction():
        if any(row["large"] for row in tables):
            await admin.execute(_truncating(names))
            return
        await admin.execute(f"lock table {', '.join(names)} in exclusive mode")
        await admin.fetch(_deleting(names))
        await admin.fetch(RESTART, [row["oid"] for row in tables])


@dataclass(frozen=True)
class OwnUrls(Urls):
    """The addresses of a database on a server of the tests' own, where they are the superuser too."""

    admin: str = field(repr=False)
    broom: Broom = field(repr=False, compare=False)

    @classmethod
    def of_server(cls, urls: Urls, admin: str, broom: Broom) -> Self:
        """The same addresses, and the superuser's."""
        return cls(urls.app, urls.owner, urls.worker, urls.reader, admin, broom)


async def empty(urls: Urls, owner: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Remove every row; the schema stays. `owner` is a connection as the role that owns the tables."""
    if isinstance(urls, OwnUrls):
        await urls.broom.sweep(urls.admin)
    else:
        await truncate(owner)


async def truncate(owner: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Begin every table anew, as the role that owns them."""
    names = [row["name"] for row in await owner.fetch(TABLES, list(NOT_EMPTIED), LARGE)]
    async with owner.transaction():
        await owner.execute("set local portico.retention = 'on'")  # what keeps the audit lets it be emptied
        await owner.execute(_truncating(names))


def _truncating(names: Sequence[str]) -> str:
    return f"truncate {', '.join(names)} restart identity cascade"


def _deleting(names: Sequence[str]) -> str:
    """One statement for all, which is planned once."""
    parts = (f"t{number} as (delete from {name})" for number, name in enumerate(names))  # noqa: S608  # quoted by the database
    return f"with {', '.join(parts)} select"
