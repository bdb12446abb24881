"""What a statement can do that somebody slipped in: nothing to another organization, nothing that is the workers'."""

from collections.abc import AsyncIterator
from typing import TypeAlias

import asyncpg
import pytest

from portico.modules.webhooks import get_delivery, redeliver
from tests.integration.webhooks.conftest import Site

pytestmark = pytest.mark.anyio
DENIED = asyncpg.InsufficientPrivilegeError
TABLES = ("webhook_endpoints", "webhook_messages", "webhook_deliveries", "webhook_attempts")
Injected: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@pytest.fixture
async def injected(site: Site) -> AsyncIterator[Injected]:
    """A connection as the application's role, beside an endpoint that was delivered to."""
    await site.endpoint()
    await site.sell("bread")
    await site.portico.deliver()
    connection = await asyncpg.connect(site.portico.urls.app)
    yield connection
    await connection.close()


@pytest.mark.parametrize("table", TABLES)
async def test_an_organization_sees_its_own(site: Site, injected: Injected, table: str) -> None:
    """And nobody in none."""
    other = await site.portico.organization("Other")
    seen = []
    for org in ("", other.id, site.org.id):
        await injected.execute(f"set app.org = '{org}'")
        seen.append(await injected.fetchval(f"select count(*) from portico.{table}"))

    assert seen == [0, 0, 1]


@pytest.mark.parametrize(
    "statement",
    [
        "update portico.webhook_endpoints set due_at = now()",
        "update portico.webhook_endpoints set lease = gen_random_uuid(), leased_until = 'infinity'",
        "update portico.webhook_endpoints set org_id = gen_random_uuid()",
        "update portico.webhook_endpoints set failures = 0",
        "update portico.webhook_messages set body = '{}'",
        "update portico.webhook_deliveries set attempts = 0",
        "delete from portico.webhook_deliveries",
        "delete from portico.webhook_messages",
        "insert into portico.webhook_attempts (org_id) values (null)",
        "update portico.webhook_attempts set answer = ''",
        "delete from portico.webhook_attempts",
        "select portico.claim_endpoints_v1(1, 1, now(), interval '1 hour')",
        "select portico.release_endpoint_v1(gen_random_uuid(), gen_random_uuid(), gen_random_uuid())",
        "select portico.extend_endpoints_v1(null, null, null, interval '1 hour')",
        "select portico.put_deliveries_v1('{}', '{}', '{}', '{}', '{}', now())",
        "select portico.settle_delivery_v1(gen_random_uuid(), null, null, null, '{}', 1, '[]')",
    ],
)
async def test_the_workers_part_is_the_workers(site: Site, injected: Injected, statement: str) -> None:
    """Neither leases nor the log can be written, not for one's own organization either."""
    await injected.execute(f"set app.org = '{site.org.id}'")

    with pytest.raises(DENIED):
        await injected.execute(statement)


async def test_nothing_is_sent_to_another_organizations_endpoint(site: Site, injected: Injected) -> None:
    """A delivery belongs to one organization, with its endpoint and its message."""
    other = await site.portico.organization("Other")
    (row,) = await site.portico.rows("select id, endpoint_id, message_id from portico.webhook_deliveries")
    await injected.execute(f"set app.org = '{other.id}'")
    columns = "insert into portico.webhook_deliveries (org_id, id, endpoint_id, message_id, due_at)"
    values = f"gen_random_uuid(), '{row['endpoint_id']}', '{row['message_id']}', now()"

    with pytest.raises(DENIED, match="row-level security"):
        await injected.execute(f"{columns} values ('{site.org.id}', {values})")
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await injected.execute(f"{columns} values ('{other.id}', {values})")


async def test_a_reader_sees_nothing_of_it(site: Site, injected: Injected) -> None:
    """Questions that a model answers are not about secrets and messages."""
    reader = await asyncpg.connect(site.portico.urls.reader)
    await reader.execute(f"set app.org = '{site.org.id}'")

    for table in TABLES:
        with pytest.raises(DENIED):
            await reader.execute(f"select from portico.{table}")
    await reader.close()


async def test_somebody_elses_delivery_is_none(site: Site, injected: Injected) -> None:
    """Neither looked at nor made again."""
    other = await site.portico.organization("Other")
    ben = await site.portico.member("ben@example.com", org=other.id, role="owner")
    (row,) = await site.portico.rows("select id from portico.webhook_deliveries")
    theirs = site.portico.app.as_(ben, org=other.id)

    for result in (await theirs.call(get_delivery, id=row["id"]), await theirs.call(redeliver, id=row["id"])):
        assert result.error is not None
        assert result.error.code == "NOT_FOUND"
    assert await site.portico.deliver() == 0
