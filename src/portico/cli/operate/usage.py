"""`portico usage`: what organizations use of what their plans allow, shown and counted again."""

import asyncio
from typing import TYPE_CHECKING

import click

from portico.cli.finding import app_argument, app_name, load_app
from portico.cli.operate.records import audit, connected, on_database, org_of, record_options, show
from portico.core.quotas import COUNT_MEMBERS, MEMBERS
from portico.errors import Misconfigured

if TYPE_CHECKING:
    from uuid import UUID

    from portico.app.settings import Settings
    from portico.cli.operate.records import Connection, Rows

LIST = """
select u.resource, u.used from portico.usage u where u.org_id = $1 order by u.resource
"""
# Who changes the count meanwhile waits for this row, so that no change is counted twice or not at all.
HOLD = """
insert into portico.usage (org_id, resource, used) values ($1, $2, 0)
on conflict (org_id, resource) do update set used = usage.used returning used
"""
SET = "update portico.usage set used = $3 where org_id = $1 and resource = $2"


@click.group()
def usage() -> None:
    """What organizations use: show, recount. ORG is a slug or an id."""


@usage.command("show")
@click.argument("org")
@record_options
def show_usage(name: str | None, *, org: str, as_json: bool) -> None:
    """Show what an organization has been counted to use."""

    async def work(connection: "Connection", _settings: "Settings") -> "Rows":
        rows: Rows = await connection.fetch(LIST, (await org_of(connection, org))["id"])
        return rows

    show(on_database(name, work), as_json=as_json)


@usage.command()
@click.argument("org")
@click.argument("resource")
@app_argument
def recount(name: str | None, *, org: str, resource: str) -> None:
    """Count again what an organization has of a resource, and keep the number."""
    before, after = asyncio.run(_recount(name, org, resource))
    click.echo(f"{org} has {after:,} of {resource}; {before:,} had been counted.")


async def _recount(name: str | None, org: str, resource: str) -> tuple[int, int]:
    counted = load_app(app_name(name)).quotas.counted
    if resource not in counted:
        message = f"The application limits no {resource}; it knows {', '.join(sorted(counted)) or 'none'}."
        raise Misconfigured(message)
    if counted[resource] is COUNT_MEMBERS:
        message = f"{MEMBERS} are counted anew whenever somebody asks: there is nothing to keep."
        raise Misconfigured(message)
    async with connected(name) as (connection, _, urls), connection.transaction():
        org_id: UUID = (await org_of(connection, org))["id"]
        before: int = await connection.fetchval(HOLD, org_id, resource)
        after = await _count(urls.app, org_id, counted[resource])
        await connection.execute(SET, org_id, resource, after)
        await audit(connection, "usage.recounted", resource, org=org_id)
    return before, after


async def _count(url: str, org: "UUID", statement: str) -> int:
    """Count as the application does: row level security keeps the statement within the organization."""
    import asyncpg

    connection = await asyncpg.connect(url, timeout=10, command_timeout=60)
    try:
        await connection.execute(f"set app.org = '{org}'")
        return int(await connection.fetchval(statement))
    finally:
        await connection.close(timeout=10)
