"""The database as its owner sees it, for one command; what a command changes is audited."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeAlias, TypeVar
from uuid import UUID

import click

from portico.cli.finding import app_argument, app_name, load_app
from portico.cli.output import print_table
from portico.errors import Misconfigured

if TYPE_CHECKING:
    import asyncpg

    from portico.adapters.postgres.servers import Urls
    from portico.app.settings import Settings

    Connection: TypeAlias = asyncpg.Connection[asyncpg.Record]
    Rows: TypeAlias = Sequence[asyncpg.Record]

T = TypeVar("T")
Command = TypeVar("Command", bound="Callable[..., object] | click.Command")
AUDIT = """
insert into portico.audit (org_id, user_id, action, target, outcome, metadata, request_id)
values ($1, null, $2, $3, 'done', $4::jsonb, $5)
"""


def record_options(command: Command) -> Command:
    """Give a command that lists something `--json`, and its last argument, the application."""
    return click.option("--json", "as_json", is_flag=True, help="One JSON list, for programs.")(app_argument(command))


def sure(command: Command) -> Command:
    """Let a command that takes something away take `--yes`, and its last argument, the application; see `ask`."""
    return click.option("--yes", is_flag=True, help="Do not ask.")(app_argument(command))


def ask(consequence: str, *, yes: bool) -> None:
    """Say what comes of it and ask whether to go on, unless told `--yes`; no ends the command."""
    if not yes:
        click.confirm(f"{consequence} Go on?", abort=True)


def on_database(name: str | None, work: "Callable[[Connection, Settings], Awaitable[T]]") -> T:
    """Do the work in one transaction, as the role that owns the tables."""

    async def run() -> T:
        async with connected(name) as (connection, settings, _), connection.transaction():
            return await work(connection, settings)

    return asyncio.run(run())


@asynccontextmanager
async def connected(name: str | None) -> "AsyncIterator[tuple[Connection, Settings, Urls]]":
    """A connection as the role that owns the tables, the settings, and where the database is for each role."""
    import asyncpg

    from portico.app.place import database_urls, owner_url
    from portico.app.settings import read_settings

    app, settings = load_app(app_name(name)), read_settings()
    async with database_urls(settings, app.name) as urls:
        connection = await asyncpg.connect(owner_url(urls), timeout=10, command_timeout=60)
        try:
            yield connection, settings, urls
        except asyncpg.UndefinedTableError:
            message = "The database is not migrated: run `portico migrate`."
            raise Misconfigured(message) from None
        finally:
            await connection.close(timeout=10)


async def audit(connection: "Connection", action: str, target: object, *, org: UUID | None = None) -> None:
    """Put on record what a command has changed."""
    by = json.dumps({"by": "the operator's command line"})
    await connection.execute(AUDIT, org, action, str(target), by, f"cli-{secrets.token_hex(8)}")


async def one(connection: "Connection", sql: str, value: object, *, what: str) -> "asyncpg.Record":
    """The one row; raises Misconfigured that says what there is none of."""
    row = await connection.fetchrow(sql, value)
    if row is None:
        message = f"There is no {what} {value}."
        raise Misconfigured(message)
    return row


async def user_of(connection: "Connection", email: str) -> "asyncpg.Record":
    """The account of an address."""
    return await one(connection, "select * from portico.users where lower(email) = lower($1)", email, what="user")


async def org_of(connection: "Connection", slug: str) -> "asyncpg.Record":
    """The organization of a slug, or of an id; deleted ones by their id alone."""
    where = "slug = $1 and deleted_at is null" if not _is_id(slug) else "id = $1::text::uuid"
    return await one(connection, f"select * from portico.organizations where {where}", slug, what="organization")  # noqa: S608  # of the two texts above


def show(rows: "Rows | Sequence[Mapping[str, object]]", *, as_json: bool) -> None:
    """Print rows as a table, or as JSON."""
    if as_json:
        click.echo(json.dumps([dict(row) for row in rows], indent=2, default=str))
        return
    if not rows:
        click.echo("None.")
        return
    headings = [name.replace("_", " ").capitalize() for name in rows[0].keys()]  # noqa: SIM118  # a record's iterator gives values
    print_table(headings, [[*map(_said, row.values())] for row in rows])


def _said(value: object) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    written = getattr(value, "strftime", None)
    return str(written("%Y-%m-%d %H:%M")) if written else str(value)


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
