"""Four roles that can bypass nothing, on our server and on anybody's."""

import asyncio
from collections.abc import AsyncIterator
from itertools import count

import asyncpg
import pytest

from portico.adapters.postgres.bootstrap import ROLES, UnsafeRole, bootstrap, create_roles
from portico.adapters.postgres.embedded import Embedded
from portico.adapters.postgres.servers import Urls
from tests.integration.embedded.holding import ask

pytestmark = pytest.mark.anyio

NUMBERS = count(1)
DENIED = asyncpg.InsufficientPrivilegeError
SET = "select set_config('app.org', 'mine', true)"


@pytest.fixture
async def name(server: Embedded) -> AsyncIterator[str]:
    """The name of a database of the test's own."""
    name = f"roles_{next(NUMBERS)}"
    yield name
    await server.drop(name)


@pytest.fixture
async def urls(server: Embedded, name: str) -> Urls:
    """An empty, prepared database."""
    return await server.database(name)


@pytest.fixture
async def admin(server: Embedded, name: str) -> AsyncIterator[asyncpg.Connection]:
    """The superuser in that database."""
    await server.database(name)
    connection = await asyncpg.connect(server.admin_url(name))
    yield connection
    await connection.close()


async def test_each_address_comes_in_as_its_role(urls: Urls) -> None:
    """Over a password, as nobody else."""
    found = [await ask(url, "select session_user::text") for url in (urls.app, urls.owner, urls.worker, urls.reader)]

    assert found == ["portico_app", "portico_owner", "portico_worker", "portico_reader"]


async def test_a_wrong_password_is_refused(urls: Urls) -> None:
    """The socket trusts nobody."""
    with pytest.raises(asyncpg.InvalidPasswordError):
        await ask(urls.app.replace("portico_app:", "portico_app:x"), "select 1")


async def test_no_role_is_above_the_law(admin: asyncpg.Connection) -> None:
    """None is superuser, bypasses row level security, makes roles or databases, or replicates."""
    query = """
        select rolname from pg_roles where rolname = any($1) and rolcanlogin
        and not (rolsuper or rolbypassrls or rolcreatedb or rolcreaterole or rolreplication)
    """

    found = {row["rolname"] for row in await admin.fetch(query, list(ROLES))}

    assert found == set(ROLES)


@pytest.mark.parametrize("role", ["app", "worker", "reader"])
async def test_a_running_role_makes_and_owns_nothing(urls: Urls, role: str) -> None:
    """Only the owner builds; to the others every way to more rights is closed."""
    await ask(urls.owner, "create table things (id int)")
    session = await asyncpg.connect(getattr(urls, role))
    await session.execute("set default_transaction_read_only = off")

    allowed = [statement for statement in TEMPTATIONS if not await is_denied(session, statement)]

    await session.close()
    assert allowed == []


TEMPTATIONS = (
    "create table public.mine (id int)",
    "create temporary table mine (id int)",
    "create schema mine",
    "create database mine",
    "create role mine",
    "create extension vector",
    "set role portico_owner",
    "alter role portico_app bypassrls",
    "drop table things",
    "truncate things",
    "select * from things",
    "grant select on things to public",
    "alter table things disable row level security",
    "select pg_read_file('PG_VERSION')",
    "copy (select 1) to program 'true'",
    SET,
    f"select 1 where ({SET}) is null",
)


async def is_denied(session: asyncpg.Connection, statement: str) -> bool:
    """Whether the statement is refused for want of a right."""
    try:
        await session.execute(statement)
    except DENIED:
        return True
    return False


async def test_forced_row_level_security_binds_everyone(urls: Urls) -> None:
    """A role without a policy sees no row, the table's owner neither; switching the check off is an error."""
    await ask(urls.owner, "create table rows as select 1 as id")
    await ask(urls.owner, "alter table rows enable row level security, force row level security")
    await ask(urls.owner, "grant select on rows to portico_app, portico_worker, portico_reader")

    seen = [await ask(url, "select count(*) from rows") for url in (urls.app, urls.owner, urls.worker, urls.reader)]

    assert seen == [0, 0, 0, 0]
    app = await asyncpg.connect(urls.app)
    await app.execute("set row_security = off")
    with pytest.raises(DENIED, match="row-level security"):
        await app.fetch("select * from rows")
    await app.close()


async def test_the_organization_is_set_by_the_owners_function_alone(urls: Urls) -> None:
    """A function that runs as its owner may call set_config; an injected call of it may not."""
    await ask(urls.owner, ENTER)

    entered = await ask(urls.app, "select enter()")

    assert entered == "mine"
    with pytest.raises(DENIED, match="set_config"):
        await ask(urls.app, f"select 1 where ({SET}) is null")


ENTER = f"create function enter() returns text language sql security definer begin atomic {SET}; end"


async def test_a_copy_is_as_closed_as_its_template(server: Embedded, urls: Urls, name: str) -> None:
    """Rights in the catalogs travel with the copy; those of the database are set anew."""
    await ask(urls.owner, "create table stored as select 7 as number")
    await ask(urls.owner, "grant select on stored to portico_app")

    copy = await server.database(f"{name}_copy", template=name)

    assert await ask(copy.app, "select number from stored") == 7
    with pytest.raises(DENIED, match="set_config"):
        await ask(copy.app, SET)
    with pytest.raises(DENIED, match="temporary"):
        await ask(copy.app, "create temporary table mine (id int)")
    assert await ask(copy.owner, SET) == "mine"
    await server.drop(f"{name}_copy")


async def test_a_database_is_there_for_all_that_ask_at_once(server: Embedded, name: str) -> None:
    """Processes that come together create it once."""
    found = await asyncio.gather(*(server.database(name) for _ in range(4)))

    assert len(set(found)) == 1
    with pytest.raises(DENIED):
        await ask(found[0].app, SET)


async def test_the_application_waits_for_nothing_without_end(urls: Urls) -> None:
    """Statements, locks and forgotten transactions are bounded for the role itself; the reader only reads."""
    app = await asyncpg.connect(urls.app)
    names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")

    bounds = [await app.fetchval("select current_setting($1)", name) for name in names]

    await app.close()
    assert bounds == ["10s", "5s", "15s"]
    assert await ask(urls.reader, "show transaction_read_only") == "on"


async def test_preparing_twice_changes_nothing(admin: asyncpg.Connection) -> None:
    """Every start may prepare again."""
    rights = "select proacl::text from pg_proc where oid = 'set_config(text, text, boolean)'::regprocedure"
    before = await admin.fetchval(rights)

    warnings = await bootstrap(admin)

    assert warnings == []
    assert await admin.fetchval(rights) == before


async def test_a_password_that_is_given_is_set(admin: asyncpg.Connection, urls: Urls) -> None:
    """Whatever it contains."""
    odd = 'it\'s \\ "%odd%"'
    secret = urls.worker.split(":")[2].split("@")[0]

    await create_roles(admin, passwords={"portico_worker": odd})

    host = urls.worker.split("host=")[1].split("&")[0]
    database = await admin.fetchval("select current_database()")
    worker = await asyncpg.connect(user="portico_worker", password=odd, host=host, database=database)
    assert await worker.fetchval("select 1") == 1
    await worker.close()
    await create_roles(admin, passwords={"portico_worker": secret})


async def test_a_role_that_bypasses_row_level_security_is_refused(admin: asyncpg.Connection) -> None:
    """A role of that name made by somebody else must not void the promise."""
    change = admin.transaction()
    await change.start()
    await admin.execute("alter role portico_reader bypassrls")

    with pytest.raises(UnsafeRole, match="ALTER ROLE portico_reader"):
        await create_roles(admin)

    await change.rollback()


async def test_what_a_plain_administrator_cannot_close_is_said(server: Embedded, admin: asyncpg.Connection) -> None:
    """On a managed server nobody is superuser: the work goes on, and the warning names the statement."""
    await admin.execute("create role plain login createrole createdb password 'plain'")
    url = server.admin_url("postgres").split("@")
    plain = await asyncpg.connect(f"postgresql://plain:plain@{url[1]}")
    await plain.execute("create database managed")
    await plain.close()
    managed = await asyncpg.connect(f"postgresql://plain:plain@{url[1]}".replace("/postgres?", "/managed?"))

    warnings = await bootstrap(managed)

    builds = await managed.fetchval("select has_schema_privilege('portico_owner', 'public', 'create')")
    await managed.close()
    await server.drop("managed")
    await admin.execute("drop role plain")
    assert builds
    assert ["set_config" in warning for warning in warnings] == [True]


async def test_the_driver_needs_no_set_config_to_learn_a_type(urls: Urls) -> None:
    """The driver switches jit off by set_config before it looks up a type; jit is off, and it must be told not to."""
    await ask(urls.owner, "create type mood as enum ('calm', 'glad')")
    plain, bound = await asyncpg.connect(urls.app), await asyncpg.connect(urls.app)
    bound._server_caps = bound._server_caps._replace(jit=False)

    with pytest.raises(DENIED, match="set_config"):
        await plain.fetchval("select array[1, 2]::bigint[]")

    assert await bound.fetchval("select $1::mood[]", ["calm"]) == ["calm"]
    assert await bound.fetchval("select 3 = any($1::bigint[])", [1, 3]) is True
    assert await bound.fetchval("select int8range(1, 3)") == asyncpg.Range(1, 3)
    await plain.close()
    await bound.close()
