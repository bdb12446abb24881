"""`portico users`: accounts, as the people who run the installation see them."""

import secrets
from hashlib import sha256
from typing import TYPE_CHECKING
from uuid import UUID

import click

from portico.cli.finding import app_argument
from portico.cli.operate.records import ask, audit, on_database, record_options, show, sure, user_of
from portico.errors import Misconfigured

if TYPE_CHECKING:
    from portico.app.settings import Settings
    from portico.cli.operate.records import Connection, Rows

LIST = """
select u.email, portico.whole_name_v1(u.name, u.last_name) as name, u.kind,
       u.email_verified_at is not null as verified, u.totp_since is not null as two_factor,
       u.operator, u.created_at, u.id,
       (select count(*) from portico.members m where m.user_id = u.id) as organizations,
       (select max(s.last_used_at) from portico.sessions s where s.user_id = u.id) as last_seen
  from portico.users u
 where ($1::text is null or strpos(lower(u.email || ' ' || portico.whole_name_v1(u.name, u.last_name)), lower($1)) > 0)
   and (not $2 or u.operator)
 order by u.email limit $3
"""
LINK = """
insert into portico.challenges (purpose, token_hash, user_id, expires_at)
values ('reset-password', $1, $2, now() + interval '1 hour')
"""
FACTOR_OFF = """
with gone as (delete from portico.recovery_codes where user_id = $1)
update portico.users set totp_secret = null, totp_since = null where id = $1
"""
CREATE = """
insert into portico.users (email, name, operator, email_verified_at) values ($1, $2, $3, now())
on conflict (lower(email)) do nothing returning id
"""

TELL = "select portico.put_user_event_v1($1, $2)"
DELETED, VERIFIED = "user.deleted", "user.verified"


@click.group()
def users() -> None:
    """Accounts: list, create, verify, make an operator, delete."""


@users.command("list")
@click.option("--search", metavar="TEXT", help="Only whose address or name holds the text.")
@click.option("--operators", is_flag=True, help="Only operators.")
@click.option("--limit", default=200, show_default=True, type=click.IntRange(1, 10_000), help="At most so many.")
@record_options
def list_users(name: str | None, *, search: str | None, operators: bool, limit: int, as_json: bool) -> None:
    """List accounts by address."""

    async def work(connection: "Connection", _settings: "Settings") -> "Rows":
        rows: Rows = await connection.fetch(LIST, search, operators, limit)
        return rows

    show(on_database(name, work), as_json=as_json)


@users.command()
@click.argument("email")
@click.option("--name", "called", default="", help="The person's name.")
@click.option("--operator", is_flag=True, help="Make it an operator.")
@app_argument
def create(name: str | None, *, email: str, called: str, operator: bool) -> None:
    """Create an account without a password, and print the link that sets one."""
    from email_validator import EmailNotValidError, validate_email

    try:
        address = validate_email(email, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        message = f"{email} is no e-mail address."
        raise click.BadParameter(message, param_hint="EMAIL") from None

    async def work(connection: "Connection", settings: "Settings") -> str:
        made = await connection.fetchval(CREATE, address, called, operator)
        if made is None:
            message = f"{address} has an account already."
            raise Misconfigured(message)
        await connection.execute(TELL, "created", made)
        await audit(connection, "user.created", made)
        return await _link(connection, settings, made)

    click.echo(f"Created {address}. The password is set here, within an hour:\n{on_database(name, work)}")


@users.command()
@click.argument("email")
@app_argument
def link(name: str | None, *, email: str) -> None:
    """Print a link that sets a new password, good for an hour and once."""

    async def work(connection: "Connection", settings: "Settings") -> str:
        user = await user_of(connection, email)
        await audit(connection, "user.password_link_made", user["id"])
        return await _link(connection, settings, user["id"])

    click.echo(on_database(name, work))


@users.command()
@click.argument("email")
@app_argument
def verify(name: str | None, *, email: str) -> None:
    """Take an address for confirmed."""
    statement = "update portico.users set email_verified_at = coalesce(email_verified_at, now()) where id = $1"
    _change(name, email, statement, action=VERIFIED)
    click.echo(f"{email} is confirmed.")


@users.command()
@click.argument("email")
@click.option("--revoke", is_flag=True, help="Make it none any more.")
@sure
def operator(name: str | None, *, email: str, revoke: bool, yes: bool) -> None:
    """Make an account an operator: it sees and changes every account."""
    if revoke:
        ask(f"{email} sees and changes no account but their own any more.", yes=yes)
    statement = f"update portico.users set operator = {not revoke} where id = $1"  # noqa: S608  # true or false
    _change(name, email, statement, action="user.operator_revoked" if revoke else "user.operator_granted")
    click.echo(f"{email} is {'no operator any more' if revoke else 'an operator'}.")


@users.command("second-factor-off")
@click.argument("email")
@sure
def second_factor_off(name: str | None, *, email: str, yes: bool) -> None:
    """Turn the second factor off, for whom app and recovery codes are lost; make sure who is asking."""
    ask(f"{email} signs in without a second factor, until a new one is set up.", yes=yes)
    _change(name, email, FACTOR_OFF, action="user.second_factor_off")
    click.echo(f"{email} signs in without a second factor.")


@users.command()
@click.argument("email")
@sure
def delete(name: str | None, *, email: str, yes: bool) -> None:
    """Delete an account with its sessions and keys; the audit stays. The last owner of an organization stays too."""
    ask(f"The account {email} is removed with its sessions and keys, for good.", yes=yes)
    _change(name, email, "delete from portico.users where id = $1", action=DELETED)
    click.echo(f"{email} is deleted.")


def _change(name: str | None, email: str, statement: str, *, action: str) -> None:
    async def work(connection: "Connection", _settings: "Settings") -> None:
        import asyncpg

        user = await user_of(connection, email)
        if action == DELETED:  # told before there is nothing to tell
            await connection.execute(TELL, "deleted", user["id"])
        try:
            await connection.execute(statement, user["id"])
        except asyncpg.CheckViolationError:
            message = f"{email} is the last owner of an organization: name another owner, or delete it first."
            raise Misconfigured(message) from None
        if action == VERIFIED:
            await connection.execute(TELL, "updated", user["id"])
        await audit(connection, action, user["id"])

    on_database(name, work)


async def _link(connection: "Connection", settings: "Settings", user: UUID) -> str:
    token = secrets.token_urlsafe(32)
    await connection.execute(LINK, sha256(token.encode()).digest(), user)
    return f"{settings.portico_url or ''}/reset-password?token={token}"
