"""`portico flags`: feature flags, seen and set."""

from typing import TYPE_CHECKING
from uuid import UUID

import click

from portico.cli.finding import app_argument, app_name, load_app
from portico.cli.operate.records import ask, audit, on_database, org_of, record_options, show, sure, user_of
from portico.errors import Misconfigured

if TYPE_CHECKING:
    from portico.app.settings import Settings
    from portico.cli.operate.records import Connection, Rows

LIST = """
select d.name, coalesce(f.state, case when d.standard then 'on' else 'off' end) as state,
       case when f.state = 'on' then f.percentage end as percentage, case when f.state = 'on' then f.by end as by,
       cardinality(f.users) as users, cardinality(f.orgs) as organizations, f.changed_at as changed, d.about
  from unnest($1::text[], $2::boolean[], $3::text[]) d(name, standard, about)
  left join portico.flags f on f.name = d.name
 order by d.name
"""
SET = """
insert into portico.flags (name, state, percentage, by, users, orgs) values ($1, $2, coalesce($3, 100), $4, $5, $6)
on conflict (name) do update
   set state = excluded.state, percentage = coalesce($3, flags.percentage), by = excluded.by,
       users = case when cardinality(excluded.users) > 0 then excluded.users else flags.users end,
       orgs = case when cardinality(excluded.orgs) > 0 then excluded.orgs else flags.orgs end, changed_at = now()
"""
STATES = click.Choice(["off", "on", "killed"])


@click.group()
def flags() -> None:
    """Feature flags: list, set, reset. A change is seen by every process within a second."""


@flags.command("list")
@record_options
def list_flags(name: str | None, *, as_json: bool) -> None:
    """List the flags that the application declares, and what holds of each."""
    declared = load_app(app_name(name)).flags

    async def work(connection: "Connection", _settings: "Settings") -> "Rows":
        defaults, about = [s.default for s in declared.values()], [s.about for s in declared.values()]
        rows: Rows = await connection.fetch(LIST, list(declared), defaults, about)
        return rows

    show(on_database(name, work), as_json=as_json)


@flags.command("set")
@click.argument("flag")
@click.argument("state", type=STATES)
@click.option("--percentage", type=click.FloatRange(0, 100), help="For how many of a hundred it is on.")
@click.option("--by", type=click.Choice(["user", "org"]), default="user", help="Who is counted in that.")
@click.option("--user", "users", multiple=True, metavar="EMAIL", help="On for this user; replaces the list.")
@click.option("--org", "orgs", multiple=True, metavar="ORG", help="On for this organization; replaces the list.")
@app_argument
def set_flag(name: str | None, *, flag: str, state: str, **options: object) -> None:
    """Set a flag: `on` (for a percentage), `off` (but for who is on a list), `killed` (for everybody)."""
    _declared(name, flag)
    users, orgs = options["users"], options["orgs"]

    async def work(connection: "Connection", _settings: "Settings") -> None:
        user_ids: list[UUID] = [(await user_of(connection, email))["id"] for email in users]  # type: ignore[attr-defined]  # click gives a tuple
        org_ids: list[UUID] = [(await org_of(connection, org))["id"] for org in orgs]  # type: ignore[attr-defined]  # click gives a tuple
        await connection.execute(SET, flag, state, options["percentage"], options["by"], user_ids, org_ids)
        await audit(connection, "flag.changed", flag)

    on_database(name, work)
    click.echo(f"{flag} is {state}.")


@flags.command()
@click.argument("flag")
@sure
def reset(name: str | None, *, flag: str, yes: bool) -> None:
    """Let the application's default hold again, and forget the lists."""
    _declared(name, flag)
    ask(f"The state, the percentage and the lists of {flag} are forgotten.", yes=yes)

    async def work(connection: "Connection", _settings: "Settings") -> None:
        await connection.execute("delete from portico.flags where name = $1", flag)
        await audit(connection, "flag.reset", flag)

    on_database(name, work)
    click.echo(f"{flag} is as the application declares it.")


def _declared(name: str | None, flag: str) -> None:
    app = load_app(app_name(name))
    known = sorted({*app.flags, *app.quotas.features})
    if flag not in known:
        message = f"The application declares no flag {flag}; it knows {', '.join(known) or 'none'}."
        raise Misconfigured(message)
