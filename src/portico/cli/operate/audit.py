"""`portico audit`: what was done and refused, as the people who run the installation see it."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, TypeVar, cast
from uuid import UUID

import click

from portico.cli.finding import app_argument
from portico.cli.operate.records import audit as put_on_record
from portico.cli.operate.records import on_database, org_of, record_options, show, user_of

if TYPE_CHECKING:
    import asyncpg

    from portico.app.settings import Settings
    from portico.cli.operate.records import Connection, Rows

WHERE = """
  from portico.audit a left join portico.users u on u.id = a.user_id
 where ($1::uuid is null or a.org_id = $1) and ($2::uuid is null or a.user_id = $2)
   and ($3::text is null or a.action = $3) and ($4::text is null or a.target = $4)
   and ($5::text is null or a.outcome = $5) and ($6::text is null or a.request_id = $6)
   and ($7::timestamptz is null or a.at >= $7) and ($8::timestamptz is null or a.at < $8)
"""
SHOWN = "select a.at, a.action, a.outcome, u.email as by, a.target, a.ip, a.request_id"
ALL = """
select row_to_json(r)::text from (
  select a.id, a.at, a.org_id, a.user_id, u.email, a.action, a.target, a.outcome, a.metadata, a.ip, a.user_agent,
         a.request_id"""
LIST = f"{SHOWN}{WHERE}order by a.id desc limit $9"
EXPORT = f"{ALL}{WHERE}order by a.id) as r"
STEP = 1_000
"""Rows fetched at a time."""
TELL = 10_000
"""Rows after which progress is told."""
Command = TypeVar("Command", bound=Callable[..., object])


def moment(_ctx: click.Context, _param: click.Parameter, value: str | None) -> datetime | None:
    """A day or a moment, as ISO 8601; without an offset it is meant in UTC."""
    if value is None:
        return None
    try:
        read = datetime.fromisoformat(value)
    except ValueError:
        message = f"{value!r} is no moment; write 2030-05-17 or 2030-05-17T14:30:00+02:00."
        raise click.BadParameter(message) from None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def filters(command: Command) -> Command:
    """The options that say which records are wanted."""
    options = (
        click.option("--org", metavar="SLUG", help="Only this organization's."),
        click.option("--user", metavar="EMAIL", help="Only what this person did."),
        click.option("--action", metavar="EVENT", help="Only this event, such as appointment.cancelled."),
        click.option("--target", metavar="ID", help="Only what was done to this."),
        click.option("--outcome", type=click.Choice(["done", "denied", "failed"]), help="Only what ended so."),
        click.option("--request", metavar="ID", help="Only this request."),
        click.option("--from", "since", metavar="MOMENT", callback=moment, help="From this day or moment on, UTC."),
        click.option("--to", "until", metavar="MOMENT", callback=moment, help="Before this day or moment, UTC."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.group()
def audit() -> None:
    """The audit: list and export what was done and refused."""


@audit.command("list")
@filters
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000), help="At most so many.")
@record_options
def list_records(name: str | None, *, limit: int, as_json: bool, **wanted: object) -> None:
    """List what was done and refused, the newest first."""

    async def work(connection: "Connection", _settings: "Settings") -> "Rows":
        rows: Rows = await connection.fetch(LIST, *await _arguments(connection, wanted), limit)
        return rows

    show(on_database(name, work), as_json=as_json)


@audit.command()
@filters
@click.option("--output", type=click.File("w", encoding="utf-8", atomic=True), help="A file; standard output else.")
@app_argument
def export(name: str | None, *, output: IO[str] | None, **wanted: object) -> None:
    """Export records as NDJSON, the oldest first: one JSON object a line, however many there are."""

    async def work(connection: "Connection", _settings: "Settings") -> tuple[int, BrokenPipeError | None]:
        arguments = await _arguments(connection, wanted)
        count, broken = await _write(connection.cursor(EXPORT, *arguments, prefetch=STEP), output or sys.stdout)
        await put_on_record(connection, "audit.exported", f"{count} records", org=cast("UUID | None", arguments[0]))
        return count, broken

    count, broken = on_database(name, work)
    if broken is not None:
        raise broken  # click ends quietly
    click.echo(f"{count} record{'' if count == 1 else 's'} exported.", err=True)


async def _write(
    rows: "asyncpg.cursor.CursorFactory[asyncpg.Record]", output: IO[str]
) -> tuple[int, BrokenPipeError | None]:
    """Row by row, telling of it on standard error now and then; to the end, or for as long as somebody reads."""
    count = 0
    try:
        async for row in rows:
            output.write(f"{row[0]}\n")
            count += 1
            if count % TELL == 0:
                click.echo(f"{count} records …", err=True)
        output.flush()
    except BrokenPipeError as broken:
        return count, broken
    return count, None


async def _arguments(connection: "Connection", wanted: dict[str, object]) -> list[object]:
    org, user = wanted["org"], wanted["user"]
    org_id: UUID | None = (await org_of(connection, str(org)))["id"] if org is not None else None
    user_id = (await user_of(connection, str(user)))["id"] if user is not None else None
    return [org_id, user_id, *(wanted[name] for name in ("action", "target", "outcome", "request", "since", "until"))]
