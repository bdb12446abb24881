"""`portico sessions`: who is signed in, as the people who run the installation see it."""

from typing import TYPE_CHECKING
from uuid import UUID

import click

from portico.cli.operate.records import ask, audit, on_database, record_options, show, sure, user_of

if TYPE_CHECKING:
    from portico.app.settings import Settings
    from portico.cli.operate.records import Connection, Rows

LIST = """
select u.email, s.device, s.ip_prefix as place, s.method, s.created_at, s.last_used_at, s.expires_at, s.id
  from portico.sessions s join portico.users u on u.id = s.user_id
 where s.expires_at > now() and ($1::uuid is null or s.user_id = $1)
 order by s.last_used_at desc limit $2
"""
END = """
delete from portico.sessions where ($1::uuid is null or id = $1) and ($2::uuid is null or user_id = $2) returning id
"""


@click.group()
def sessions() -> None:
    """Sessions: list who is signed in, and end sessions."""


@sessions.command("list")
@click.option("--user", metavar="EMAIL", help="Only this person's.")
@click.option("--limit", default=200, show_default=True, type=click.IntRange(1, 10_000), help="At most so many.")
@record_options
def list_sessions(name: str | None, *, user: str | None, limit: int, as_json: bool) -> None:
    """List open sessions, the last used first."""

    async def work(connection: "Connection", _settings: "Settings") -> "Rows":
        whose = (await user_of(connection, user))["id"] if user is not None else None
        rows: Rows = await connection.fetch(LIST, whose, limit)
        return rows

    show(on_database(name, work), as_json=as_json)


@sessions.command()
@click.option("--id", "session", type=click.UUID, help="This session.")
@click.option("--user", metavar="EMAIL", help="All of this person's.")
@click.option("--all", "everybody", is_flag=True, help="Everybody's.")
@sure
def end(name: str | None, *, session: UUID | None, user: str | None, everybody: bool, yes: bool) -> None:
    """End sessions at once: one, a person's, or everybody's."""
    if sum((session is not None, user is not None, everybody)) != 1:
        message = "Say which: --id ID, --user EMAIL or --all."
        raise click.UsageError(message)
    ask("Whoever is signed in by them has to sign in again.", yes=yes)

    async def work(connection: "Connection", _settings: "Settings") -> int:
        whose = (await user_of(connection, user))["id"] if user is not None else None
        ended = await connection.fetch(END, session, whose)
        await audit(connection, "session.revoked", session or whose or "all")
        return len(ended)

    count = on_database(name, work)
    click.echo(f"{count} session{'' if count == 1 else 's'} ended.")
