"""Write the demo data, as the role that owns the tables, in one transaction."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from salon.demo.accounts import Account, open_accounts
from salon.demo.bookings import CLOSES, OPENS, slots
from salon.demo.businesses import BUSINESSES, Business
from salon.demo.teams import furnish, make_roles

TIMEOUT = 60
LOCK = "select pg_advisory_xact_lock(hashtextextended('salon demo', 0))"
KNOWN = "select id from portico.organizations where slug = $1"
ORGANIZATION = "insert into portico.organizations (name, slug, timezone, plan) values ($1, $2, $3, $4) returning id"
SERVICES = """
    insert into services (org_id, name, duration_minutes, price_minor, currency)
    select $1, n.name, n.minutes, n.price, $2 from unnest($3::text[], $4::int[], $5::int[]) as n (name, minutes, price)
    returning id
"""
STAFF = """
    insert into staff (org_id, name, title)
    select $1, n.name, n.title from unnest($2::text[], $3::text[]) as n (name, title)
    returning id, number
"""
HOURS = """
    insert into opening_hours (org_id, weekday, opens, closes)
    select $1, n.weekday, $2, $3 from generate_series(0, 6) as n (weekday)
    on conflict (org_id, weekday, opens) do nothing
"""
CUSTOMERS = """
    insert into customers (org_id, name, email, phone)
    select $1, n.name, n.email, n.phone from unnest($2::text[], $3::text[], $4::text[]) as n (name, email, phone)
    returning id
"""
# Row level security refuses COPY, even to the owner.
APPOINTMENTS = """
    insert into appointments (org_id, customer_id, service_id, staff_id, staff_number,
                              scheduled_at, ends_at, status, notes, cancel_reason, created_at)
    select $1, n.customer, n.service, n.staff, n.number,
           n.starts, n.ends, n.status, n.notes, n.reason, least(now(), n.starts - interval '9 days')
      from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::bigint[],
                  $6::timestamptz[], $7::timestamptz[], $8::text[], $9::text[], $10::text[])
           as n (customer, service, staff, number, starts, ends, status, notes, reason)
"""


class Urls(Protocol):
    """Where the database is."""

    @property
    def owner(self) -> str:
        """Its address as the role that owns the tables."""
        ...


async def demo(urls: Urls, *, report: Callable[[str], None]) -> list[Account]:
    """Fill the database unless it was filled before; every run opens a fresh session for each account."""
    connection = await asyncpg.connect(urls.owner, timeout=TIMEOUT, command_timeout=TIMEOUT)
    try:
        async with connection.transaction():
            await connection.execute(LOCK)
            organizations = {b.domain: await _business(connection, b, report) for b in BUSINESSES}
            await make_roles(connection, organizations)
            accounts = await open_accounts(connection, organizations)
            await furnish(connection, organizations)
            return accounts
    finally:
        await connection.close(timeout=TIMEOUT)


async def _business(connection: asyncpg.Connection, business: Business, report: Callable[[str], None]) -> UUID:
    known: UUID | None = await connection.fetchval(KNOWN, business.slug)
    if known is not None:
        await connection.execute(HOURS, known, OPENS, CLOSES)
        return known
    org: UUID = await connection.fetchval(ORGANIZATION, business.name, business.slug, business.timezone, business.plan)
    offers, workers, clients = business.offers, business.workers, list(business.clients())
    services = await connection.fetch(SERVICES, org, business.currency, *map(list, zip(*offers, strict=True)))
    staff = await connection.fetch(STAFF, org, *map(list, zip(*workers, strict=True)))
    customers = await connection.fetch(CUSTOMERS, org, *map(list, zip(*clients, strict=True)))
    today = datetime.now(UTC).astimezone(ZoneInfo(business.timezone)).date()
    rows = [
        (
            customers[s.client]["id"],
            services[s.offer]["id"],
            *staff[s.worker],
            s.starts,
            s.ends,
            s.status,
            s.notes,
            s.reason,
        )
        for s in slots(business, today, clients=len(customers))
    ]
    await connection.execute(HOURS, org, OPENS, CLOSES)
    await connection.execute(APPOINTMENTS, org, *map(list, zip(*rows, strict=True)))
    report(f"{business.name}: {len(rows):,} appointments in {business.timezone}")
    return org
