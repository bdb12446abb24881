"""A worker killed in the middle of a webhook's handler: the inbox has the event, and another hand takes it."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from portico.adapters.postgres.embedded import Embedded
from portico.testing import Harness
from tests.chaos import gatehouse
from tests.chaos.conftest import on_database
from tests.chaos.test_workers import until
from tests.chaos.worker import working
from tests.integration.office.latch import held, waiting

pytestmark = [pytest.mark.anyio, pytest.mark.chaos]
KILLS = max(1, int(os.environ.get("CHAOS_KILLS", "10")) // 4)
APP = "tests.chaos.gatehouse:app"
ALL_HANDLED = "select where not exists (select from portico.inbox where handled_at is null)"
FETCHED = "select data ->> 'parcel' as parcel, data ->> 'event' as event from portico.outbox order by 1"
INBOX = """
    select convert_from(body, 'UTF8')::jsonb -> 'data' ->> 'id' as parcel, id::text as event, repeated
      from portico.inbox order by 1
"""
DERIVED = {"PORTICO_DERIVE_WEBHOOK_SECRETS": "true"}


@pytest.fixture
async def site(durable_server: Embedded) -> AsyncIterator[Harness]:
    """The gatehouse on a database of its own."""
    async with on_database(durable_server, gatehouse.app, "inbox") as harness:
        yield harness


async def test_a_handler_that_is_killed_is_run_again_and_seen_once(site: Harness, tmp_path: Path) -> None:
    """By the event's id; what the killed one had done is undone, and what the carrier sends again is known."""
    client = site.client()
    async with working(APP, site.urls, tmp_path / "workers.log", count=1, more=DERIVED) as (worker,):
        for number in range(KILLS):
            sent = {"changes": {"id": f"evt_{number}"}}
            async with held(site):
                first = await client.deliver(gatehouse.parcels, "parcel.sent", {"id": f"p{number}"}, **sent)
                await waiting(site)
                await worker.end()
            await worker.start()
            again = await client.deliver(gatehouse.parcels, "parcel.sent", {"id": f"p{number}"}, **sent)
            assert [reply.json["data"]["duplicate"] for reply in (first, again)] == [False, True]
        await until(site, ALL_HANDLED)

    inbox = await site.rows(INBOX)
    fetched = [(row["parcel"], row["event"]) for row in await site.rows(FETCHED)]
    assert fetched == [(row["parcel"], row["event"]) for row in inbox]
    assert [row["repeated"] for row in inbox] == [1] * KILLS
    assert await site.rows("select from portico.jobs where name = 'gatehouse.fetch'") == []
