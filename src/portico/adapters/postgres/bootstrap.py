"""Prepare a cluster and a database: four roles that can bypass nothing, and what each may touch.

Everything is idempotent. It works on a server of your own too, as far as the caller's rights reach; what they do not
reach comes back as warnings.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

import asyncpg

# An injected SELECT must find no way to wait for ever, and a forgotten transaction must let its locks go.
# Without just-in-time compilation the driver's look-up of a type takes 1 ms, with it a second.
SETTINGS: Mapping[str, Mapping[str, str]] = {
    "portico_owner": {"jit": "off"},
    "portico_app": {
        "statement_timeout": "10s",
        "lock_timeout": "5s",
        "idle_in_transaction_session_timeout": "15s",
        "jit": "off",
    },
    "portico_worker": {"jit": "off"},
    "portico_reader": {"default_transaction_read_only": "on", "jit": "off"},
}
ROLES = tuple(SETTINGS)

ATTEMPTS = 5  # two servers that prepare one cluster at the same moment: the later one looks again
CONFLICTS = (
    asyncpg.DuplicateObjectError,
    asyncpg.UniqueViolationError,
    asyncpg.InternalServerError,  # "tuple concurrently updated" has no code of its own
)


class UnsafeRole(Exception):
    """A role of that name exists and row level security does not bind it."""


@dataclass(frozen=True)
class Grant:
    """One right to give or take: when it is settled, how to settle it, what to say if the caller may not."""

    settled: str
    statement: str
    warning: str


CLOSE_SET_CONFIG = Grant(
    "not has_function_privilege('public', 'pg_catalog.set_config(text, text, boolean)', 'execute')",
    "revoke execute on function pg_catalog.set_config(text, text, boolean) from public",
    "set_config() is open to every role, so one injected SELECT could change its organization: as a superuser, run "
    "REVOKE EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) FROM PUBLIC in this database.",
)
OPEN_SET_CONFIG = Grant(
    "has_function_privilege('portico_owner', 'pg_catalog.set_config(text, text, boolean)', 'execute')",
    "grant execute on function pg_catalog.set_config(text, text, boolean) to portico_owner",
    "portico_owner may not call set_config(), which the gate needs: as a superuser, run "
    "GRANT EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) TO portico_owner in this database.",
)
CLOSE_SCHEMA = Grant(
    "not has_schema_privilege('public', 'public', 'create')",
    "revoke create on schema public from public",
    "Every role may create objects in schema public: as its owner, run REVOKE CREATE ON SCHEMA public FROM PUBLIC.",
)
BUILD_IN_SCHEMA = Grant(
    "has_schema_privilege('portico_owner', 'public', 'create')"
    " and has_schema_privilege('portico_owner', 'public', 'usage')",
    "grant usage, create on schema public to portico_owner",
    "portico_owner may not create tables: as the owner of schema public, run "
    "GRANT USAGE, CREATE ON SCHEMA public TO portico_owner.",
)
USE_SCHEMA = Grant(
    "has_schema_privilege('portico_app', 'public', 'usage') and has_schema_privilege('portico_worker', 'public', "
    "'usage') and has_schema_privilege('portico_reader', 'public', 'usage')",
    "grant usage on schema public to portico_app, portico_worker, portico_reader",
    "The application's roles may not see schema public: as its owner, run "
    "GRANT USAGE ON SCHEMA public TO portico_app, portico_worker, portico_reader.",
)
BUILD_IN_DATABASE = Grant(
    "has_database_privilege('portico_owner', current_database(), 'create')"
    " and has_database_privilege('portico_owner', current_database(), 'temporary')",
    "do $$ begin execute format('grant create, temporary on database %I to portico_owner', current_database()); end $$",
    "portico_owner may not create schemas: as the owner of this database, run "
    "GRANT CREATE, TEMPORARY ON DATABASE … TO portico_owner.",
)
CLOSE_TEMPORARY = Grant(
    "not has_database_privilege('public', current_database(), 'temporary')",
    "do $$ begin execute format('revoke temporary on database %I from public', current_database()); end $$",
    "Every role may create temporary tables: as the owner of this database, run "
    "REVOKE TEMPORARY ON DATABASE … FROM PUBLIC.",
)
GRANTS = (
    CLOSE_SET_CONFIG,
    OPEN_SET_CONFIG,
    CLOSE_SCHEMA,
    BUILD_IN_SCHEMA,
    USE_SCHEMA,
    BUILD_IN_DATABASE,
    CLOSE_TEMPORARY,
)


async def bootstrap(admin: asyncpg.Connection, *, passwords: Mapping[str, str] | None = None) -> list[str]:
    """Create the four roles and prepare the connected database; answer what the caller's rights did not reach.

    `passwords` are set for the roles that it names, whether they are new or not.
    """
    await create_roles(admin, passwords=passwords)
    return await prepare_database(admin)


async def create_roles(admin: asyncpg.Connection, *, passwords: Mapping[str, str] | None = None) -> None:
    """Create the four roles of the cluster where they are missing, with their settings and passwords."""
    for attempt in range(ATTEMPTS):
        try:
            async with admin.transaction():
                await _settle_roles(admin, passwords or {})
            break
        except CONFLICTS:
            if attempt == ATTEMPTS - 1:
                raise
            await asyncio.sleep(0.05 * (attempt + 1))


async def _settle_roles(admin: asyncpg.Connection, passwords: Mapping[str, str]) -> None:
    known = {row["rolname"]: row for row in await admin.fetch(FIND_ROLES, list(ROLES))}
    for role, settings in SETTINGS.items():
        if role not in known:
            await admin.execute(f"create role {role} {ATTRIBUTES}")
        elif known[role]["unsafe"]:
            raise UnsafeRole(UNSAFE.format(role=role))
        if role in passwords:
            await admin.execute(await admin.fetchval(LET_IN, role, passwords[role]))
        present = known[role]["settings"] if role in known else []
        for name, value in settings.items():
            if f"{name}={value}" not in present:
                await admin.execute(f"alter role {role} set {name} = '{value}'")


FIND_ROLES = """
    select rolname, rolsuper or rolbypassrls or not rolcanlogin as unsafe, coalesce(rolconfig, '{}') as settings
    from pg_roles where rolname = any($1)
"""
LET_IN = "select format('alter role %I password %L', $1::text, $2::text)"
ATTRIBUTES = "login nosuperuser nobypassrls nocreatedb nocreaterole noreplication"
UNSAFE = (
    "The role {role} exists and may bypass row level security (or may not log in): as a superuser, run "
    "ALTER ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS."
)


async def prepare_database(admin: asyncpg.Connection) -> list[str]:
    """Close `set_config`, schema public and temporary tables in the connected database, and let the owner build."""
    if await admin.fetchval(ALL_SETTLED):
        return []
    async with admin.transaction():
        await admin.execute("select pg_advisory_xact_lock(hashtext('portico.bootstrap'))")
        return [warning for grant in GRANTS if (warning := await _settle(admin, grant))]


ALL_SETTLED = "select " + " and ".join(f"({grant.settled})" for grant in GRANTS)


async def _settle(admin: asyncpg.Connection, grant: Grant) -> str | None:
    if await admin.fetchval(f"select {grant.settled}"):
        return None
    try:
        async with admin.transaction():
            await admin.execute(grant.statement)
    except asyncpg.InsufficientPrivilegeError:
        return grant.warning
    return None if await admin.fetchval(f"select {grant.settled}") else grant.warning
