"""The statements of webhooks; row level security keeps them to the organization."""

from functools import lru_cache
from typing import TYPE_CHECKING

from portico import Listing

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

# Two that are made at once wait for each other here, so that both are counted.
LOCK_ORG = "select id from portico.organizations where id = :org for no key update"
COUNT = "select count(*) from portico.webhook_endpoints where org_id = :org"
CREATE = """
    insert into portico.webhook_endpoints
      (org_id, id, url, description, events, plain_headers, at_once, secret, created_by)
    values (:org, :id, :url, :description, :events, :plain_headers, :at_once, :sealed, :by)
    returning *
"""
FIND = "select * from portico.webhook_endpoints where org_id = :org order by created_at, id"
GET = "select * from portico.webhook_endpoints where org_id = :org and id = :id"
# Whoever changes deliveries holds their endpoint first, as workers do.
HOLD = "select * from portico.webhook_endpoints where org_id = :org and id = :id for no key update"
UPDATE = """
    update portico.webhook_endpoints
       set url = coalesce(:url, url), events = coalesce(cast(:events as text[]), events),
           description = coalesce(:description, description), enabled = coalesce(:enabled, enabled),
           plain_headers = coalesce(:plain_headers, plain_headers), at_once = coalesce(:at_once, at_once),
           version = version + 1
     where org_id = :org and id = :id
    returning *
"""
ROTATE = """
    update portico.webhook_endpoints
       set former_secret = secret, former_until = :until, secret = :sealed, version = version + 1
     where org_id = :org and id = :id
    returning *
"""
DELETE = "delete from portico.webhook_endpoints where org_id = :org and id = :id"
PUT_SAMPLE = """
    insert into portico.webhook_messages (org_id, id, event, body, sample, at)
    values (:org, :id, :event, :body, true, :now)
"""
SEND = """
    insert into portico.webhook_deliveries (org_id, id, endpoint_id, message_id, due_at)
    values (:org, :id, :endpoint, :message, :now)
"""
ONE = """
    select d.*, m.event, m.sample, m.body
      from portico.webhook_deliveries d join portico.webhook_messages m on m.org_id = d.org_id and m.id = d.message_id
     where d.org_id = :org and d.id = :id
"""
LOG = "select * from portico.webhook_attempts where org_id = :org and delivery_id = :id order by attempt"
AGAIN = """
    update portico.webhook_deliveries set state = 'waiting', due_at = :now, tries = 0, ended_at = null
     where org_id = :org and id = :id
"""
# Asked for by hand: workers are told at the commit, and need not look first.
RING = "select portico.ring_v1()"
ALL_AGAIN = """
    update portico.webhook_deliveries d set state = 'waiting', due_at = :now, tries = 0, ended_at = null
      from portico.webhook_messages m
     where m.org_id = d.org_id and m.id = d.message_id and not m.sample
       and d.org_id = :org and d.endpoint_id = :id and d.state = :state
       and (cast(:since as timestamptz) is null or m.at >= :since)
       and (cast(:until as timestamptz) is null or m.at < :until)
"""


@lru_cache(maxsize=1)
def deliveries() -> Listing:
    """Of an endpoint, the newest first."""
    from sqlalchemy import DateTime, Uuid, bindparam, column, select, table  # loads when it is used

    names = ("org_id", "message_id", "state", "attempts", "status", "problem")
    times = (column(name, DateTime(timezone=True)) for name in ("due_at", "created_at", "ended_at"))
    keys = (column("id", Uuid), column("endpoint_id", Uuid))
    d = table("webhook_deliveries", *keys, *map(column, names), *times, schema="portico").alias("d").c
    m = table("webhook_messages", *map(column, ("org_id", "id", "event", "sample")), schema="portico").alias("m").c
    told = [each for each in d if each.name != "org_id"]
    where: dict[str, ColumnElement[bool]] = {
        "endpoint": d.endpoint_id == bindparam("endpoint"),
        "state": d.state == bindparam("state"),
        "event": m.event == bindparam("event"),
    }
    joined = (m.org_id == d.org_id) & (m.id == d.message_id)
    return Listing(select(*told, m.event, m.sample).where(joined), order=(d.id.desc(),), where=where)
