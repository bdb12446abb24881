"""`portico orgs`: organizations, as the people who run the installation see them."""

from typing import TYPE_CHECKING

import click

from portico.cli.finding import app_argument, app_name, load_app
from portico.cli.operate.records import ask, audit, on_database, org_of, record_options, show, sure, user_of
from portico.errors import Misconfigured

if TYPE_CHECKING:
    from portico.app.settings import Settings
    from portico.cli.operate.records import Connection, Rows

LIST = """
select o.slug, o.name, o.plan, o.timezone, o.created_at, o.deleted_at, o.id,
       (select count(*) from portico.members m where m.org_id = o.id) as members,
       (select array_agg(u.email order by u.email) from portico.members m join portico.users u on u.id = m.user_id
         where m.org_id = o.id and m.role = 'owner') as owners
  from portico.organizations o
 where ($1::text is null or strpos(lower(o.slug || ' ' || o.name), lower($1)) > 0) and ($2 or o.deleted_at is null)
 order by o.slug limit 1000
"""
MEMBERS = """
select u.email, portico.whole_name_v1(u.name, u.last_name) as name, m.role, u.kind, m.created_at as since
  from portico.members m join portico.users u on u.id = m.user_id where m.org_id = $1 order by u.email
"""
JOIN = """
insert into portico.members (org_id, user_id, role, custom_role) values ($1, $2, $3, $4)
on conflict (user_id, org_id) do update set role = excluded.role, custom_role = excluded.custom_role
"""
REVOKE_SENT = """
update portico.invitations set status = 'revoked', custom_role = null
 where org_id = $1 and invited_by = $2 and status = 'open'
"""
OWNER = "owner"
OWN_ROLES = "select name from portico.roles where org_id = $1 order by name"
LINK = """
insert into portico.linked_organizations (org_id, issuer, external_id) values ($1, $2, $3)
on conflict (issuer, external_id) do update set org_id = excluded.org_id
"""
UNLINK = "delete from portico.linked_organizations where org_id = $1 and issuer = $2 and external_id = $3"
# Every table whose rows belong to an organization: those that point at others go first.
TENANTS = """
with recursive tenant as (
  select c.conrelid as id from pg_constraint c
   where c.contype = 'f' and c.confrelid = 'portico.organizations'::regclass and c.confdeltype = 'a'
     and c.connamespace = 'public'::regnamespace
), depth as (
  select id, 0 as level from tenant
  union
  select c.conrelid, d.level + 1
    from depth d join pg_constraint c on c.confrelid = d.id and c.contype = 'f' and c.conrelid <> d.id
   where d.level < 50
)
select id::regclass::text from depth group by id order by max(level) desc
"""


@click.group()
def orgs() -> None:
    """Organizations: list, members, plan, link, delete, restore, purge. ORG is a slug or an id."""


@orgs.command("list")
@click.option("--search", metavar="TEXT", help="Only whose slug or name holds the text.")
@click.option("--deleted", is_flag=True, help="Deleted ones too.")
@record_options
def list_orgs(name: str | None, *, search: str | None, deleted: bool, as_json: bool) -> None:
    """List organizations by slug."""

    async def work(connection: "Connection", _settings: "Settings") -> "Rows":
        rows: Rows = await connection.fetch(LIST, search, deleted)
        return rows

    show(on_database(name, work), as_json=as_json)


@orgs.command()
@click.argument("org")
@record_options
def members(name: str | None, *, org: str, as_json: bool) -> None:
    """List who belongs to an organization."""

    async def work(connection: "Connection", _settings: "Settings") -> "Rows":
        rows: Rows = await connection.fetch(MEMBERS, (await org_of(connection, org))["id"])
        return rows

    show(on_database(name, work), as_json=as_json)


@orgs.command()
@click.argument("org")
@click.argument("email")
@click.argument("role")
@app_argument
def role(name: str | None, *, org: str, email: str, role: str) -> None:
    """Make somebody a member with a role of the application or of the organization's own, or change a member's.

    Invitations that they have sent are revoked, unless they are an owner now.
    """
    built_in = load_app(app_name(name)).roles

    async def work(connection: "Connection", _settings: "Settings") -> None:
        import asyncpg

        found, user = await org_of(connection, org), await user_of(connection, email)
        known = [*sorted(built_in), *(row["name"] for row in await connection.fetch(OWN_ROLES, found["id"]))]
        if role not in known:
            message = f'There is no role "{role}" in {org}: it has {", ".join(known)}.'
            raise Misconfigured(message)
        if role == OWNER and user["kind"] == "service":
            message = f"{email} is what an API key acts as, and no key is an owner."
            raise Misconfigured(message)
        try:
            await connection.execute(JOIN, found["id"], user["id"], role, None if role in built_in else role)
        except asyncpg.CheckViolationError:
            message = f"{email} is the last owner of {org}: name another owner first."
            raise Misconfigured(message) from None
        if role != OWNER:
            await connection.execute(REVOKE_SENT, found["id"], user["id"])
        await audit(connection, "member.role_changed", user["id"], org=found["id"])

    on_database(name, work)
    click.echo(f"{email} is {role} of {org}.")


@orgs.command()
@click.argument("org")
@click.argument("plan")
@app_argument
def plan(name: str | None, *, org: str, plan: str) -> None:
    """Move an organization to another plan; one of the application's, where it declares any."""
    known = load_app(app_name(name)).quotas.plans
    if known and plan not in known:
        message = f"There is no plan {plan}: the application has {', '.join(known)}."
        raise Misconfigured(message)
    _change(
        name, org, "update portico.organizations set plan = $2 where id = $1", plan, action="organization.plan_changed"
    )
    click.echo(f"{org} is on the plan {plan}.")


@orgs.command()
@click.argument("org")
@click.argument("called", nargs=2, metavar="ISSUER ID")
@click.option("--remove", is_flag=True, help="Take the link away; members stay.")
@sure
def link(name: str | None, *, org: str, called: tuple[str, str], remove: bool, yes: bool) -> None:
    """Say what an issuer calls an organization: its tokens then make members, with the roles that are mapped."""
    issuer, id = called
    if remove:
        ask(f"Tokens of {issuer} that name {id} make no members of {org} any more.", yes=yes)
    statement, action = (UNLINK, "organization.unlinked") if remove else (LINK, "organization.linked")
    _change(name, org, statement, issuer, id, action=action)
    click.echo(f"{id} of {issuer} is {'no longer ' if remove else ''}{org}.")


@orgs.command()
@click.argument("org")
@sure
def delete(name: str | None, *, org: str, yes: bool) -> None:
    """Delete an organization: nobody may work in it any more. Its rows stay until it is purged."""
    ask(f"Nobody can work in {org} any more, until it is restored.", yes=yes)
    statement = "update portico.organizations set deleted_at = coalesce(deleted_at, now()) where id = $1"
    _change(name, org, statement, action="organization.deleted")
    click.echo(f"{org} is deleted; `portico orgs restore` takes that back, by its id.")


@orgs.command()
@click.argument("org", metavar="ID")
@app_argument
def restore(name: str | None, *, org: str) -> None:
    """Take the deletion of an organization back."""
    _change(
        name, org, "update portico.organizations set deleted_at = null where id = $1", action="organization.restored"
    )
    click.echo(f"{org} is back.")


@orgs.command()
@click.argument("org", metavar="ID")
@sure
def purge(name: str | None, *, org: str, yes: bool) -> None:
    """Remove a deleted organization with every row that belongs to it; the audit stays."""
    ask(f"{org} and every row that belongs to it are removed, for good.", yes=yes)

    async def work(connection: "Connection", _settings: "Settings") -> int:
        found, removed = await org_of(connection, org), 0
        if found["deleted_at"] is None:
            message = f"{org} is not deleted: run `portico orgs delete {org}` first."
            raise Misconfigured(message)
        for (table,) in await connection.fetch(TENANTS):
            tag = await connection.execute(f"delete from {table} where org_id = $1", found["id"])  # noqa: S608  # a regclass, quoted by PostgreSQL
            removed += int(tag.rpartition(" ")[2])
        await connection.execute("delete from portico.organizations where id = $1", found["id"])
        await audit(connection, "organization.purged", found["id"], org=found["id"])
        return removed

    click.echo(f"{org} is gone, with {on_database(name, work):,} rows.")


def _change(name: str | None, org: str, statement: str, *values: object, action: str) -> None:
    async def work(connection: "Connection", _settings: "Settings") -> None:
        import asyncpg

        found = await org_of(connection, org)
        try:
            await connection.execute(statement, found["id"], *values)
        except asyncpg.UniqueViolationError:
            message = f"Another organization has the slug {found['slug']} meanwhile: change that one's first."
            raise Misconfigured(message) from None
        await audit(connection, action, found["id"], org=found["id"])

    on_database(name, work)
