"""Upkeep: what is over goes, of every organization and batch by batch; what is not over stays."""

from dataclasses import replace
from datetime import datetime, timedelta

import asyncpg
import pytest

from portico.testing import Harness
from tests.integration.jobs.conftest import Shop

pytestmark = pytest.mark.anyio
SOON = timedelta(hours=1)
"""Later than the sweep, which comes ten minutes after the rows."""
PAST = timedelta(minutes=-1)
DAY = timedelta(days=1)
SESSION = """
insert into portico.sessions (token_hash, user_id, expires_at)
select sha256($2::bytea || uuid_send(id)), id, $1 from portico.users
"""
KEY = """
insert into portico.idempotency (digest, fingerprint, status, headers, body, expires_at)
values (sha256($2::bytea), sha256($2::bytea), 200, '', '', $1)
"""
CLAIM = """
insert into portico.idempotency (digest, fingerprint, status, headers, body, expires_at, holder, leased_until, action)
values (sha256($2::bytea), sha256($2::bytea), 0, '', '', now() - interval '1 hour', gen_random_uuid(), $1, 'shop.pay')
"""
CHALLENGE = "insert into portico.challenges (token_hash, purpose, expires_at) values (sha256($2::bytea), 'test', $1)"
TOKEN = "insert into portico.ended_tokens (token_key, expires_at) values (sha256($2::bytea), $1)"
DRAFT = """
insert into portico.drafts (id, user_id, org_id, name, created_at, expires_at)
select gen_random_uuid(), user_id, org_id, encode($2::bytea, 'escape'), now(), $1 from portico.members
"""
JOB = """
insert into portico.jobs (id, name, input, state, due_at, ended_at, request_id)
values (gen_random_uuid(), encode($2::bytea, 'escape'), '{}', 'dead', now(), $1, 'test')
"""
EVENT = """
insert into portico.outbox (org_id, name, data, at)
select id, encode($2::bytea, 'escape'), '{}', $1 from portico.organizations
"""
LISTENER = (
    "insert into portico.event_cursors (consumer, xid, id, served_at) values (encode($2::bytea, 'escape'), '0', 0, $1)"
)
OTHERS = "delete from portico.jobs where name in ('portico.seal', 'portico.finish_interrupted')"
KINDS = {
    "sessions": (SESSION, "sessions", "expires_at", PAST, SOON),
    "keys": (KEY, "idempotency", "expires_at", PAST, SOON),
    "claims": (CLAIM, "idempotency", "leased_until", PAST, SOON),
    "challenges": (CHALLENGE, "challenges", "expires_at", PAST, SOON),
    "tokens": (TOKEN, "ended_tokens", "expires_at", PAST, SOON),
    "drafts": (DRAFT, "drafts", "expires_at", PAST, SOON),
    "jobs": (JOB, "jobs", "ended_at", -31 * DAY, -29 * DAY),
    "events": (EVENT, "outbox", "at", -8 * DAY, -6 * DAY),
    "listeners": (LISTENER, "event_cursors", "served_at", -31 * DAY, -29 * DAY),
}


async def sweep(portico: Harness, **settings: object) -> None:
    """Have a worker under these settings sweep, when its schedule is next due."""
    running = portico.app.running
    settings = {"portico_upkeep": True, **settings}
    async with replace(running, settings=running.settings.model_copy(update=settings)).workshop() as workshop:
        await workshop.schedules.tick()
        portico.clock.advance(timedelta(minutes=10))
        await workshop.schedules.tick()
        now = portico.clock.now()
        await portico.rows(OTHERS)  # due as often, and another matter
        hands = workshop.worker.hands._replace(known=["portico.sweep"])
        (job,) = await workshop.queue.claim(hands, 10, as_of=now, strange_since=now - DAY)
        assert job.name == "portico.sweep"
        assert await workshop.attempts.run(job) is None


async def put(portico: Harness, statement: str, at: datetime, *names: bytes) -> None:
    """Rows of these names that are over at that time."""
    for name in names:
        await portico.rows(statement, at, name)


async def times(portico: Harness, table: str, column: str) -> set[datetime]:
    """The times of the rows that are there."""
    return {row["at"] for row in await portico.rows(f"select {column} as at from portico.{table}")}


@pytest.mark.parametrize("kind", KINDS)
async def test_what_is_over_goes_and_what_is_not_stays(shop: Shop, kind: str) -> None:
    """Of several organizations and people alike, however small the batches are."""
    statement, table, column, past, kept = KINDS[kind]
    other = await shop.portico.organization("Other")
    await shop.portico.member("ben@example.com", org=other.id)
    await shop.portico.rows(f"delete from portico.{table}")
    now = shop.portico.clock.now()
    await put(shop.portico, statement, now + past, b"one", b"two", b"three")
    await put(shop.portico, statement, now + kept, b"four")

    await sweep(shop.portico, portico_upkeep_batch=2)

    assert await times(shop.portico, table, column) == {now + kept}


async def test_a_batch_is_bounded(shop: Shop) -> None:
    """No transaction removes more rows than it was told to, and the application itself may remove none."""
    await put(shop.portico, CHALLENGE, shop.portico.clock.now() + PAST, b"one", b"two", b"three")
    statement = "select portico.sweep_v1('challenges', clock_timestamp(), 2)"

    worker = await asyncpg.connect(shop.portico.urls.worker)
    removed = [await worker.fetchval(statement) for _ in range(3)]
    await worker.close()
    application = await asyncpg.connect(shop.portico.urls.app)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await application.fetchval(statement)
    await application.close()

    assert removed == [2, 1, 0]


async def test_an_event_stays_until_every_listener_has_read_it(shop: Shop) -> None:
    """However old it is."""
    now = shop.portico.clock.now()
    await put(shop.portico, EVENT, now - 100 * DAY, b"article.sold")
    await put(shop.portico, LISTENER, now, b"behind")
    await shop.portico.rows("insert into portico.event_cursors (consumer, xid, id) values ('ahead', '99999999', 0)")

    await sweep(shop.portico)
    before = await times(shop.portico, "outbox", "at")
    await shop.portico.rows("update portico.event_cursors set xid = '99999999' where consumer = 'behind'")
    await sweep(shop.portico)

    assert before == {now - 100 * DAY}
    assert await times(shop.portico, "outbox", "at") == set()


ACCOUNTS = """
insert into portico.users (email, created_at, password_hash, email_verified_at, operator) values
  ('forgotten@example.com', $1, 'x', null, false),
  ('member@example.com', $1, 'x', null, false),
  ('linked@example.com', $1, 'x', null, false),
  ('made@example.com', $1, null, null, false),
  ('operator@example.com', $1, 'x', null, true),
  ('confirmed@example.com', $1, 'x', now(), false)
"""


async def accounts(portico: Harness) -> list[str]:
    """Who has one, by the first part of the address."""
    return [
        row["who"]
        for row in await portico.rows("select split_part(email, '@', 1) as who from portico.users order by 1")
    ]


async def test_an_account_that_nobody_has_confirmed_goes(shop: Shop) -> None:
    """Unless it is younger than the setting says, or somebody else has made it or relies on it."""
    await shop.portico.rows(ACCOUNTS, shop.portico.clock.now() - 6 * DAY)
    await shop.portico.rows(
        "insert into portico.members (user_id, org_id, role) select u.id, o.id, 'member' "
        "from portico.users u, portico.organizations o where u.email = 'member@example.com'"
    )
    await shop.portico.rows(
        "insert into portico.identities (issuer, subject, user_id) "
        "select 'https://issuer.example', '1', id from portico.users where email = 'linked@example.com'"
    )
    everybody = await accounts(shop.portico)

    await sweep(shop.portico, portico_keep_accounts_days=7)
    young = await accounts(shop.portico)
    await sweep(shop.portico, portico_keep_accounts_days=5, portico_email_verification="optional")
    optional = await accounts(shop.portico)
    await sweep(shop.portico, portico_keep_accounts_days=5)

    assert young == optional == everybody
    assert set(everybody) - set(await accounts(shop.portico)) == {"forgotten"}


async def test_workers_leave_everything_where_they_are_told_to(shop: Shop) -> None:
    """Without upkeep there is no schedule."""
    async with shop.portico.app.running.workshop() as workshop:
        await workshop.schedules.tick()

    assert await shop.portico.rows("select from portico.schedules where name like 'portico.%'") == []
