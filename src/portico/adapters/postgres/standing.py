"""How far a database is migrated, as the application's own role sees it, told without loading Alembic."""

import re
from pathlib import Path

import asyncpg
from sqlalchemy import MetaData
from sqlalchemy.dialects.postgresql.base import PGDialect, PGIdentifierPreparer

from portico.adapters.postgres.database import PostgresDatabase

FRAMEWORK = Path(__file__).parent / "migrations" / "versions"
ASSIGNED = re.compile(r"^(revision|down_revision)\b[^=\n]*=(.*)$", re.MULTILINE)
QUOTED = re.compile(r"[\"']([^\"']+)[\"']")
PREPARER = PGIdentifierPreparer(PGDialect())  # type: ignore[no-untyped-call]  # so its library says
OPEN = """
do $$ begin
  if to_regclass('public.alembic_version') is not null then
    grant select on public.alembic_version to portico_app;
  end if;
  grant select on public.portico_version to portico_app;
end $$
"""
ABSENT = "select name from unnest(cast({} as text[])) as name where to_regclass(name) is null"


async def open_standing(owner_url: str) -> None:
    """Let the application read how far its database is."""
    connection = await asyncpg.connect(owner_url, timeout=10, command_timeout=30)
    try:
        await connection.execute(OPEN)
    finally:
        await connection.close(timeout=5)


async def missing(database: PostgresDatabase, app_migrations: Path | None) -> list[str]:
    """The revisions that the database lacks, by their files' names.

    A database that is ahead of this code lacks nothing: that is how a new release comes, database first.
    """
    found = await _missing(database, FRAMEWORK, "portico_version")
    return found if app_migrations is None else found + await _missing(database, app_migrations, "alembic_version")


async def absent(database: PostgresDatabase, metadata: MetaData) -> list[str]:
    """The tables that the database has not, as the application's own role sees it."""
    tables = _quoted(metadata)
    found = await database.db.all(ABSENT.format(":names"), str, names=list(tables))
    return [tables[name] for name in found]


async def absent_to_owner(owner_url: str, metadata: MetaData) -> list[str]:
    """The same, for who migrates it."""
    tables = _quoted(metadata)
    connection = await asyncpg.connect(owner_url, timeout=10, command_timeout=30)
    try:
        found = await connection.fetch(ABSENT.format("$1"), list(tables))
    finally:
        await connection.close(timeout=5)
    return [tables[row["name"]] for row in found]


def _quoted(metadata: MetaData) -> dict[str, str]:
    return {PREPARER.format_table(table): table.fullname for table in metadata.sorted_tables}


async def _missing(database: PostgresDatabase, folder: Path, table: str) -> list[str]:
    parents = _parents(folder)
    try:
        applied = set(await database.db.all(f"select version_num from public.{table}", str))
    except (asyncpg.UndefinedTableError, asyncpg.InsufficientPrivilegeError):
        applied = set()
    if applied - parents.keys():
        return []
    known, waiting = set[str](), list(applied)
    while waiting:
        revision = waiting.pop()
        if revision not in known:
            known.add(revision)
            waiting += parents[revision][1]
    return sorted(name for revision, (name, _) in parents.items() if revision not in known)


def _parents(folder: Path) -> dict[str, tuple[str, list[str]]]:
    """Each revision's file and the revisions before it."""
    found = {}
    for file in folder.glob("*.py"):
        said = {name: QUOTED.findall(value) for name, value in ASSIGNED.findall(file.read_text(encoding="utf-8"))}
        if said.get("revision"):
            found[said["revision"][0]] = (file.stem, said.get("down_revision", []))
    return found
