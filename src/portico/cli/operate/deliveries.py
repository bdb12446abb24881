"""`portico webhooks`: endpoints and deliveries, as the people who run the installation see them."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

import click

from portico.cli.finding import app_argument
from portico.cli.operate.records import audit, on_database, org_of, record_options, show
from portico.errors import Misconfigured

if TYPE_CHECKING:
    from portico.app.settings import Settings
    from portico.cli.operate.records import Connection, Rows

STATES = ("waiting", "done", "failed")
ENDPOINTS = """
select o.slug as organization, e.url, e.events, e.enabled, e.stopped, e.failures,
       (select count(*) from portico.webhook_deliveries d
         where d.org_id = e.org_id and d.endpoint_id = e.id and d.state = 'waiting') as waiting,
       e.id
  from portico.webhook_endpoints e join portico.organizations o on o.id = e.org_id
 where ($1::uuid is null or e.org_id = $1)
 order by o.slug, e.created_at
"""
DELIVERIES = """
select d.state, m.event, e.url, d.attempts, d.status, d.problem, d.due_at as due, d.created_at as created, d.id
  from portico.webhook_deliveries d
  join portico.webhook_endpoints e on e.org_id = d.org_id and e.id = d.endpoint_id
  join portico.webhook_messages m on m.org_id = d.org_id and m.id = d.message_id
 where ($1::uuid is null or d.org_id = $1) and ($2::uuid is null or d.endpoint_id = $2)
   and ($3::text is null or d.state = $3)
 order by d.id desc limit $4
"""
# Whoever changes deliveries holds their endpoint first, as workers do.
HOLD = """
select e.org_id, e.id, e.enabled from portico.webhook_endpoints e
 where e.id = coalesce($1::uuid, (select d.endpoint_id from portico.webhook_deliveries d where d.id = $2))
   for no key update
"""
AGAIN = """
update portico.webhook_deliveries d set state = 'waiting', due_at = clock_timestamp(), tries = 0, ended_at = null
  from portico.webhook_messages m
 where m.org_id = d.org_id and m.id = d.message_id and d.org_id = $1 and d.endpoint_id = $2
   and (d.id = $3 or ($3::uuid is null and d.state = 'failed' and not m.sample))
   and ($4::timestamptz is null or m.at >= $4)
returning d.id
"""


@click.command()
@click.option("--org", metavar="SLUG", help="Only of this organization.")
@record_options
def endpoints(name: str | None, *, org: str | None, as_json: bool) -> None:
    """List endpoints with how many deliveries wait for each."""

    async def work(connection: "Connection", _settings: "Settings") -> "Rows":
        where = (await org_of(connection, org))["id"] if org is not None else None
        rows: Rows = await connection.fetch(ENDPOINTS, where)
        return rows

    show(on_database(name, work), as_json=as_json)


@click.command()
@click.option("--org", metavar="SLUG", help="Only of this organization.")
@click.option("--endpoint", metavar="ID", type=click.UUID, help="Only to this one.")
@click.option("--state", type=click.Choice(STATES), help="Only these; `failed` are those that were given up.")
@click.option("--limit", default=200, show_default=True, type=click.IntRange(1, 10_000), help="At most so many.")
@record_options
def deliveries(name: str | None, **wanted: object) -> None:
    """List deliveries, the newest first."""

    async def work(connection: "Connection", _settings: "Settings") -> "Rows":
        org = (await org_of(connection, str(wanted["org"])))["id"] if wanted["org"] else None
        rows: Rows = await connection.fetch(DELIVERIES, org, wanted["endpoint"], wanted["state"], wanted["limit"])
        return rows

    show(on_database(name, work), as_json=bool(wanted["as_json"]))


@click.command()
@click.option("--id", "delivery", metavar="ID", type=click.UUID, help="This delivery.")
@click.option("--endpoint", metavar="ID", type=click.UUID, help="All that has failed to this endpoint.")
@click.option("--since", type=click.DateTime(), help="Of these, only events from then on, in UTC.")
@app_argument
def redeliver(name: str | None, *, delivery: UUID | None, endpoint: UUID | None, since: datetime | None) -> None:
    """Deliver again, with all attempts: the same webhook-id, signed with the secret of now."""
    if (delivery is None) == (endpoint is None):
        raise click.UsageError("Say which: --id ID, or --endpoint ID for all that has failed to it.")

    async def work(connection: "Connection", _settings: "Settings") -> int:
        found = await connection.fetchrow(HOLD, endpoint, delivery)
        if found is None:
            raise Misconfigured(f"There is no {'delivery' if delivery else 'endpoint'} {delivery or endpoint}.")
        if not found["enabled"]:
            raise Misconfigured(f"The endpoint {found['id']} is switched off: its organization switches it on first.")
        moment = since.replace(tzinfo=UTC) if since else None
        again = await connection.fetch(AGAIN, found["org_id"], found["id"], delivery, moment)
        await audit(connection, "webhook.redelivered", delivery or endpoint, org=found["org_id"])
        return len(again)

    count = on_database(name, work)
    click.echo(f"{count} {'delivery' if count == 1 else 'deliveries'} will be made again.")


DELIVERING = (endpoints, deliveries, redeliver)
