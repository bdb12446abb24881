"""`portico jobs`: what waits, runs or was given up, as the people who run the installation see it."""

import json
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

import click

from portico.cli.finding import app_argument
from portico.cli.operate.records import audit, on_database, one, record_options, show
from portico.errors import Misconfigured

if TYPE_CHECKING:
    from portico.app.settings import Settings
    from portico.cli.operate.records import Connection, Rows

STATES = ("waiting", "held", "running", "dead", "cancelled")
LIST = """
select state, name, attempt || ' of ' || attempts as attempts, due_at as due, key, problem ->> 'code' as problem, id
  from portico.jobs
 where ($1::text is null or state = $1) and ($2::text is null or name = $2)
 order by state = 'dead' desc, due_at, seq limit $3
"""
SHOW = """
select id, name, state, input, org_id, user_id, key, lane, priority, due_at, attempt, attempts, event_id, request_id,
       worker, leased_until, problem, created_at, ended_at
  from portico.jobs where id = $1
"""
CHOSEN = """
select id, state from portico.jobs where ($1::uuid is null or id = $1) and ($2::text is null or name = $2) order by seq
"""
RETRY = "select portico.retry_jobs_v1($1, clock_timestamp())"
CANCEL = "select portico.cancel_jobs_v1($1)"
RETRIABLE = ("dead", "cancelled")
CANCELLABLE = ("waiting", "held", "running", "dead")
WHICH = "Say which: --id ID, or --job NAME for all of a job."


@click.group()
def jobs() -> None:
    """Jobs: list what waits, runs or was given up; try it again, or call it off."""


@jobs.command("list")
@click.option("--state", type=click.Choice(STATES), help="Only these; `dead` are those that were given up.")
@click.option("--job", metavar="NAME", help="Only of this job, such as salon.remind.")
@click.option("--limit", default=200, show_default=True, type=click.IntRange(1, 10_000), help="At most so many.")
@record_options
def list_jobs(name: str | None, *, state: str | None, job: str | None, limit: int, as_json: bool) -> None:
    """List jobs, those that were given up first. A job that is done is gone."""

    async def work(connection: "Connection", _settings: "Settings") -> "Rows":
        rows: Rows = await connection.fetch(LIST, state, job, limit)
        return rows

    show(on_database(name, work), as_json=as_json)


@jobs.command("show")
@click.argument("job", metavar="ID", type=click.UUID)
@app_argument
def show_job(name: str | None, *, job: UUID) -> None:
    """Show one job whole: its input, where it came from, and why it failed."""

    async def work(connection: "Connection", _settings: "Settings") -> dict[str, object]:
        row = dict(await one(connection, SHOW, job, what="job"))
        return row | {column: json.loads(row[column]) for column in ("input", "problem") if row[column]}

    click.echo(json.dumps(on_database(name, work), indent=2, default=str, ensure_ascii=False))


@jobs.command()
@click.option("--id", "job", metavar="ID", type=click.UUID, help="This one.")
@click.option("--job", "of", metavar="NAME", help="All of this job, such as salon.remind.")
@app_argument
def retry(name: str | None, *, job: UUID | None, of: str | None) -> None:
    """Try again what was given up or called off, with all its attempts."""
    count = _change(name, Change("retried", RETRY, RETRIABLE), (job, of))
    click.echo(f"{count} job{'' if count == 1 else 's'} will be tried again.")


@jobs.command()
@click.option("--id", "job", metavar="ID", type=click.UUID, help="This one.")
@click.option("--job", "of", metavar="NAME", help="All of this job, such as salon.remind.")
@app_argument
def cancel(name: str | None, *, job: UUID | None, of: str | None) -> None:
    """Call jobs off: what waits is not run; what runs is interrupted, and undone."""
    count = _change(name, Change("cancelled", CANCEL, CANCELLABLE), (job, of))
    click.echo(f"{count} job{'' if count == 1 else 's'} called off.")


class Change(NamedTuple):
    """What is done to jobs: the word for it, the statement that takes their ids, the states in which it makes sense."""

    word: str
    statement: str
    states: tuple[str, ...]


def _change(name: str | None, change: Change, which: tuple[UUID | None, str | None]) -> int:
    """Change the jobs in question, and put that on record; how many."""
    if sum(chosen is not None for chosen in which) != 1:
        raise click.UsageError(WHICH)

    async def work(connection: "Connection", _settings: "Settings") -> int:
        found = await connection.fetch(CHOSEN, *which)
        ids = [row["id"] for row in found if row["state"] in change.states]
        if not ids:
            raise Misconfigured(_why_none(change, which, [row["state"] for row in found]))
        changed = await connection.fetchval(change.statement, ids)
        await audit(connection, f"job.{change.word}", which[0] or which[1])
        return int(changed)

    return on_database(name, work)


def _why_none(change: Change, which: tuple[UUID | None, str | None], found: list[str]) -> str:
    job, of = which
    if job is None:
        return f"There is no job {of} that could be {change.word}."
    if not found:
        return f"There is no job {job}."
    allowed = " or ".join(", ".join(change.states).rsplit(", ", 1))
    return f"Job {job} is {found[0]}: only one that is {allowed} can be {change.word}."
