"""How far a database is migrated, as the application's own role sees it, told without loading Alembic."""

import re
from collections.abc import Collection
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

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
LACKING = """
select 'table' as kind, name from unnest($1::text[]) as name where to_regclass(name) is null
union all
select 'constraint', name from unnest($2::text[]) as name
where not exists (select from pg_constraint where conname = name)
  and not exists (select from pg_class where relname = name and relkind in ('i', 'I'))
  and not exists (select from pg_proc where strpos(prosrc, name) > 0)
"""
"""Tables that are not there, and names that no constraint, no index and no function that could raise them has."""
CONSTRAINTS = """
select conname as name from pg_constraint join pg_namespace n on n.oid = connamespace where n.nspname !~ '^pg_'
union
select relname from pg_class join pg_namespace n on n.oid = relnamespace
where relkind in ('i', 'I') and n.nspname !~ '^pg_'
"""


class Standing(NamedTuple):
    """How far a database is migrated."""

    lacking: list[str]
    """The revisions that it lacks, by their files' names."""
    ahead: bool = False
    """Whether it has revisions that this code does not know: that is how a new release comes, database first."""


class Lacks(NamedTuple):
    """What the code counts on, and the database has not."""

    tables: list[str]
    constraints: dict[str, str]
    """Names, and for each the one that may be meant, or nothing."""


async def open_standing(owner_url: str) -> None:
    """Let the application read how far its database is."""
    connection = await asyncpg.connect(owner_url, timeout=10, command_timeout=30)
    try:
        await connection.execute(OPEN)
    finally:
        await connection.close(timeout=5)


async def standing_of(database: PostgresDatabase, app_migrations: Path | None) -> Standing:
    """How far the framework's own tables and the application's are."""
    own = await _standing(database, FRAMEWORK, "portico_version")
    if app_migrations is None:
        return own
    more = await _standing(database, app_migrations, "alembic_version")
    return Standing(own.lacking + more.lacking, own.ahead or more.ahead)


async def lacks_of(url: str, metadata: MetaData | None, constraints: Collection[str]) -> Lacks:
    """What of these tables and constraints the database has not, as the role of that URL sees it."""
    tables = {} if metadata is None else _quoted(metadata)
    connection = await asyncpg.connect(url, timeout=10, command_timeout=30)
    try:
        found = await connection.fetch(LACKING, list(tables), list(constraints))
        strange = [row["name"] for row in found if row["kind"] == "constraint"]
        known = [row["name"] for row in await connection.fetch(CONSTRAINTS)] if strange else []
    finally:
        await connection.close(timeout=5)
    near = {name: next(iter(get_close_matches(name, known, n=1)), "") for name in strange}
    return Lacks([tables[row["name"]] for row in found if row["kind"] == "table"], near)


def _quoted(metadata: MetaData) -> dict[str, str]:
    return {PREPARER.format_table(table): table.fullname for table in metadata.sorted_tables}


async def _standing(database: PostgresDatabase, folder: Path, table: str) -> Standing:
    parents = _parents(folder)
    try:
        applied = set(await database.db.all(f"select version_num from public.{table}", str))
    except (asyncpg.UndefinedTableError, asyncpg.InsufficientPrivilegeError):
        applied = set()
    if applied - parents.keys():
        return Standing([], ahead=True)
    known, waiting = set[str](), list(applied)
    while waiting:
        revision = waiting.pop()
        if revision not in known:
            known.add(revision)
            waiting += parents[revision][1]
    return Standing(sorted(name for revision, (name, _) in parents.items() if revision not in known))


def _parents(folder: Path) -> dict[str, tuple[str, list[str]]]:
    """Each revision's file and the revisions before it."""
    found = {}
    for file in folder.glob("*.py"):
        said = {name: QUOTED.findall(value) for name, value in ASSIGNED.findall(file.read_text(encoding="utf-8"))}
        if said.get("revision"):
            found[said["revision"][0]] = (file.stem, said.get("down_revision", []))
    return found
