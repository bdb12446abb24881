"""`portico webhooks`: what providers have sent, and an event to try a handler with."""

import json
import secrets
import time
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

import click

from portico.cli.finding import app_argument, app_name, load_app
from portico.cli.operate.records import audit, on_database, one, record_options, show
from portico.errors import Misconfigured

if TYPE_CHECKING:
    from portico.app.application import App
    from portico.app.settings import Settings
    from portico.cli.operate.records import Connection, Rows
    from portico.core.action import AnyAction
    from portico.core.inbox import Inbox
    from portico.core.proof import Proof

SCHEMES = ("stripe", "standard", "hmac", "supabase")
STATES = ("waiting", "running", "handled", "unhandled", "failed")
EVENTS = """
with events as (
  select i.*, j.id as job, j.problem,
         case when i.handled_at is not null then 'handled' when j.state = 'running' then 'running'
              when j.state in ('waiting', 'held') then 'waiting' when i.handler is null then 'unhandled'
              else 'failed' end as state
    from portico.inbox i left join lateral (
      select j.id, j.state, j.problem from portico.jobs j where j.event_id = i.id order by j.seq desc limit 1) j on true
)
"""
LISTED = """
select state, inbox, kind, event, received_at as received, repeated, problem ->> 'code' as problem, id from events
 where ($1::text is null or state = $1) and ($2::text is null or inbox = $2)
 order by state = 'failed' desc, received_at desc limit $3
"""
SHOWN = """
select id, inbox, event, kind, state, handler, request_id, received_at, handled_at, repeated, job, problem,
       convert_from(body, 'UTF8') as body
  from events where id = $1
"""
CHOSEN = """
select id, inbox, kind, body is not null as whole, state from events
 where ($1::uuid is null or id = $1) and ($2::text is null or inbox = $2) and ($1::uuid is not null or state = 'failed')
 order by id
"""
REFUSED = """
select inbox, day::text as day, reason, refused, last_at as last from portico.inbox_refusals
 order by day desc, inbox, reason limit $1
"""
FORGET = "delete from portico.jobs where event_id = any ($1) and state in ('dead', 'cancelled')"
AGAIN = "update portico.inbox set handled_at = null, handler = $2 where id = $1"
PUT = "select portico.put_jobs_v1($1, $2)"
MOST = click.IntRange(1, 10_000)


@click.group()
def webhooks() -> None:
    """Webhooks: what providers have sent, and a signed event to try a handler with; what was delivered to others."""


@webhooks.group()
def inbox() -> None:
    """What has come in: list it, show one, have it handled again; what was refused."""


@inbox.command("list")
@click.option("--inbox", "of", metavar="NAME", help="Only of this webhook, such as billing.stripe.")
@click.option("--state", type=click.Choice(STATES), help="Only these; `failed` are those that were given up.")
@click.option("--limit", default=100, show_default=True, type=MOST, help="At most so many.")
@record_options
def list_events(name: str | None, *, of: str | None, state: str | None, limit: int, as_json: bool) -> None:
    """List events, those that failed first, then the newest."""

    async def work(connection: "Connection", _settings: "Settings") -> "Rows":
        rows: Rows = await connection.fetch(EVENTS + LISTED, state, of, limit)
        return rows

    show(on_database(name, work), as_json=as_json)


@inbox.command("show")
@click.argument("event", metavar="ID", type=click.UUID)
@app_argument
def show_event(name: str | None, *, event: UUID) -> None:
    """Show one event whole: its body as it came, and why its handler failed."""

    async def work(connection: "Connection", _settings: "Settings") -> dict[str, object]:
        row = dict(await one(connection, EVENTS + SHOWN, event, what="event"))
        return row | {column: json.loads(row[column]) for column in ("body", "problem") if row[column]}

    click.echo(json.dumps(on_database(name, work), indent=2, default=str, ensure_ascii=False))


@inbox.command()
@click.option("--limit", default=100, show_default=True, type=MOST, help="At most so many.")
@record_options
def refused(name: str | None, *, limit: int, as_json: bool) -> None:
    """List how many deliveries were refused, by day and reason."""

    async def work(connection: "Connection", _settings: "Settings") -> "Rows":
        rows: Rows = await connection.fetch(REFUSED, limit)
        return rows

    show(on_database(name, work), as_json=as_json)


@inbox.command()
@click.option("--id", "event", metavar="ID", type=click.UUID, help="This one, even if it was handled.")
@click.option("--inbox", "of", metavar="NAME", help="All of this webhook that failed.")
@click.option("--failed", is_flag=True, help="All that failed.")
@app_argument
def replay(name: str | None, *, event: UUID | None, of: str | None, failed: bool) -> None:
    """Have events handled again, by the handler that the application has for them now."""
    if not (event or of or failed):
        raise click.UsageError("Say which: --id ID, --inbox NAME, or --failed for all that failed.")
    app = load_app(app_name(name))
    if of is not None and of not in _inboxes(app):
        raise Misconfigured(f"There is no webhook {of}; there are {', '.join(_inboxes(app)) or 'none'}.")

    async def work(connection: "Connection", _settings: "Settings") -> tuple[int, int]:
        found = await connection.fetch(EVENTS + CHOSEN, event, of)
        if event is not None and not found:
            raise Misconfigured(f"There is no event {event}.")
        # Of many, those that nobody would handle stand in nobody's way.
        chosen = [_replayed(app, row) for row in found if event is not None or _job_for(app, row) is not None]
        if chosen:
            await connection.execute(FORGET, [again.id for again in chosen])
            for again in chosen:
                await connection.execute(AGAIN, again.id, again.job["name"])
            jobs = json.dumps([again.job for again in chosen], default=str)
            await connection.execute(PUT, jobs, f"cli-{secrets.token_hex(8)}")
            await audit(connection, "webhook.replayed", event or of or "failed")
        return len(chosen), len(found) - len(chosen)

    count, left = on_database(name, work)
    click.echo(f"{count} event{'' if count == 1 else 's'} will be handled again.")
    if left:
        click.echo(f"{left} of which the application has no handler any more {'is' if left == 1 else 'are'} left.")


class Again(NamedTuple):
    """An event that is to be handled again, and the job that will."""

    id: UUID
    job: dict[str, object]


def _replayed(app: "App", row: "Rows | object") -> Again:
    """The job for an event; raises Misconfigured where there is none, or it is on its way."""
    from datetime import UTC, datetime
    from uuid import uuid4

    from portico.core.enlisting import record_of

    id, of, kind, whole, state = row  # type: ignore[misc]  # a record of CHOSEN
    if state in {"waiting", "running"}:
        raise Misconfigured(f"Event {id} is {state}: its job is on its way.")
    if not whole:
        raise Misconfigured(f"Event {id} has lost its body, PORTICO_KEEP_DELIVERIES_DAYS after it was handled.")
    job = _job_for(app, row)
    if job is None or job.task is None:
        raise Misconfigured(f"Event {id} has no handler: the application has none for {kind} of {of}.")
    return Again(id, {**record_of(job, job.task, datetime.now(UTC), id=uuid4()), "event": id})


def _job_for(app: "App", row: "Rows | object") -> "AnyAction | None":
    """The handler that the application has now for an event."""
    _, of, kind, *_ = row  # type: ignore[misc]  # as above
    found = _inboxes(app).get(of)
    return found.handler_of(kind) if found is not None else None


@webhooks.command()
@click.argument("url")
@click.option("--type", "kind", required=True, help="The kind of event, such as invoice.paid or INSERT:customers.")
@click.option("--data", default="{}", show_default=True, help="Its data, as JSON.")
@click.option("--scheme", type=click.Choice(SCHEMES), help="How it is signed; as the webhook at the URL says, else.")
@click.option("--secret", metavar="NAME", help="The variable that holds the secret; as the webhook says, else.")
@app_argument
def send(name: str | None, *, url: str, kind: str, data: str, **signed: str | None) -> None:
    """Send a signed event to a webhook, and show what it answers."""
    import httpx2

    from portico.app.inboxes import written
    from portico.app.settings import read_settings
    from portico.core.schemes import SCHEMES as KNOWN

    proof = _proof_of(name, url, **signed)
    if not (found := written(proof, read_settings())):
        raise Misconfigured(f"{proof.secret} is not set: it signs what is sent.")
    signing = KNOWN[proof.scheme]
    body = json.dumps(signing.sample(kind, _read(data))).encode()
    try:
        headers = signing.sign(body, signing.key(found[0]), time.time())
    except ValueError as problem:
        raise Misconfigured(f"{proof.secret} is no secret of the scheme {proof.scheme}: {problem}.") from None
    try:
        answer = httpx2.post(url, content=body, headers={**headers, "content-type": "application/json"}, timeout=30)
    except httpx2.HTTPError as problem:
        raise Misconfigured(f"Nothing answers at {url}: {problem}.") from None
    click.echo(f"{answer.status_code} {answer.text}")
    if answer.is_error:
        raise SystemExit(1)


def _read(data: str) -> object:
    """The JSON of `--data`; raises BadParameter that says where it ends to be any."""
    try:
        return json.loads(data)
    except ValueError as problem:
        message = f"this is no JSON: {problem}. Quote it for the shell, such as --data '{{\"id\": 1}}'."
        raise click.BadParameter(message, param_hint="--data") from None


def _proof_of(name: str | None, url: str, *, scheme: str | None, secret: str | None) -> "Proof":
    """As the options say; else as the application's webhook at the URL does."""
    from portico.core.proof import Proof
    from portico.core.refusals import served_at

    if scheme is not None and secret is not None:
        return Proof(scheme, secret)  # type: ignore[arg-type]  # one of the choices
    path = urlsplit(url).path
    found = {served_at(i.action, page=False): i for i in _inboxes(load_app(app_name(name))).values()}
    if path not in found:
        known = ", ".join(found) or "none"
        raise Misconfigured(f"The application has no webhook at {path or '/'}; it has {known}.")
    return found[path].proof


def _inboxes(app: "App") -> "dict[str, Inbox]":
    return {inbox.action.name: inbox for module in app.modules for inbox in module.inboxes}
