"""`portico keys`: API keys, as the people who run the installation see them."""

from typing import TYPE_CHECKING
from uuid import UUID

import click

from portico.cli.operate.records import ask, audit, on_database, one, org_of, record_options, show, sure, user_of

if TYPE_CHECKING:
    from portico.app.settings import Settings
    from portico.cli.operate.records import Connection, Rows

LIST = """
select k.hint, k.name, coalesce(o.slug, u.email) as of, k.scopes, k.rate, k.created_at, k.expires_at, k.last_used_at,
       k.id
  from portico.api_keys k join portico.users u on u.id = k.user_id left join portico.organizations o on o.id = k.org_id
 where ($1::uuid is null or (k.user_id = $1 and k.org_id is null)) and ($2::uuid is null or k.org_id = $2)
 order by k.created_at desc limit 1000
"""
# An organization's key goes with the service member that it stands for.
REVOKE = "delete from portico.api_keys where id = $1"
SERVICE = "delete from portico.users where id = $1 and kind = 'service'"


@click.group()
def keys() -> None:
    """API keys: list and revoke; nobody can see a key again."""


@keys.command("list")
@click.option("--user", metavar="EMAIL", help="Only this person's own.")
@click.option("--org", metavar="ORG", help="Only this organization's.")
@record_options
def list_keys(name: str | None, *, user: str | None, org: str | None, as_json: bool) -> None:
    """List API keys, the newest first."""

    async def work(connection: "Connection", _settings: "Settings") -> "Rows":
        whose = (await user_of(connection, user))["id"] if user is not None else None
        where = (await org_of(connection, org))["id"] if org is not None else None
        rows: Rows = await connection.fetch(LIST, whose, where)
        return rows

    show(on_database(name, work), as_json=as_json)


@keys.command()
@click.argument("key", type=click.UUID, metavar="ID")
@sure
def revoke(name: str | None, *, key: UUID, yes: bool) -> None:
    """Revoke an API key at once."""
    ask(f"The API key {key} stops working, for good.", yes=yes)

    async def work(connection: "Connection", _settings: "Settings") -> None:
        found = await one(connection, "select * from portico.api_keys where id = $1", key, what="API key")
        await connection.execute(REVOKE, key)
        if found["org_id"] is not None:
            await connection.execute(SERVICE, found["user_id"])
        await audit(connection, "key.revoked", key, org=found["org_id"])

    on_database(name, work)
    click.echo(f"The key {key} is revoked.")
