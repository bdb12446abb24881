"""Workers killed at random moments: every event that was committed is delivered, and no other."""

import asyncio
import os
from collections import defaultdict
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random
from time import monotonic

import pytest
from standardwebhooks import Webhook

from portico import Caller
from portico.adapters.postgres.embedded import Embedded
from portico.modules.webhooks import IssuedEndpoint, NewEndpoint, create_endpoint
from portico.testing import Harness
from tests.chaos import stall
from tests.chaos.conftest import on_database
from tests.chaos.worker import working
from tests.integration.webhooks.receiver import Received, Receiver, Said, receiving

pytestmark = [pytest.mark.anyio, pytest.mark.chaos]
KILLS = int(os.environ.get("CHAOS_KILLS", "10"))
SEED = int(os.environ.get("CHAOS_SEED", "0")) or Random().randrange(1, 10**9)
APP = "tests.chaos.stall:app"
PATIENCE = 60.0
LEFT = """
    select (select count(*) from portico.webhook_deliveries where state <> 'done') as waiting,
           (select count(*) from portico.webhook_deliveries) as all,
           (select count(*) from portico.outbox o, portico.event_cursors c
             where (o.xid, o.id) > (c.xid, c.id)) as unread
"""
DELIVER = {
    "PORTICO_MAIL": "mailbox",
    "PORTICO_URL": "https://stall.example.com",
    "PORTICO_REACH_PRIVATE": "true",
    "PORTICO_WEBHOOK_SCHEDULE": " ".join(["1s"] * 20),
}


@pytest.fixture
async def site(durable_server: Embedded) -> AsyncIterator[Harness]:
    """The stall on a database of its own."""
    async with on_database(durable_server, stall.app, "webhooks", portico_reach_private=True) as harness:
        yield harness


class Post:
    """Two endpoints, one of which fails now and then, and what has arrived at each."""

    def __init__(self, receiver: Receiver, moments: Random) -> None:
        """Nothing has arrived."""
        self.receiver, self._moments = receiver, moments
        self.endpoints: dict[str, IssuedEndpoint] = {}
        self.arrived: dict[tuple[str, int], set[str]] = defaultdict(set)
        """The webhook-ids under which each number came, by path."""
        receiver.answer = self._answer

    async def open(self, seller: Caller) -> None:
        """Make the endpoints."""
        for path in ("/sound", "/frail"):
            data = NewEndpoint(url=f"http://127.0.0.1:{self.receiver.port}{path}", events=["fruit.*"])
            self.endpoints[path] = (await seller.call(create_endpoint, data=data)).unwrap()

    async def _answer(self, request: Received) -> Said:
        Webhook(self.endpoints[request.path].secret).verify(request.body, dict(request.headers))
        await asyncio.sleep(self._moments.uniform(0, 0.02))
        if request.path == "/frail" and self._moments.random() < 0.2:
            return Said(503)
        self.arrived[request.path, request.json["data"]["number"]].add(request.id)
        return Said()


async def until_delivered(site: Harness, count: int) -> None:
    """Wait until everything has been read and delivered."""
    deadline = monotonic() + PATIENCE
    while True:
        (row,) = await site.rows(LEFT)
        if (row["waiting"], row["unread"], row["all"]) == (0, 0, count):
            return
        assert monotonic() < deadline, dict(row)
        await asyncio.sleep(0.05)


async def test_killed_workers_lose_no_delivery(site: Harness, tmp_path: Path) -> None:
    """SIGKILL at random moments under load: each event arrives under one id, those that were undone never do."""
    print(f"\n{KILLS} kills, CHAOS_SEED={SEED}")
    moments, number = Random(SEED), 0
    org = await site.organization("Chaos")
    seller = stall.app.as_(await site.member("ann@example.com", org=org.id, role="owner"), org=org.id)
    async with receiving() as receiver:
        post = Post(receiver, moments)
        await post.open(seller)
        async with working(APP, site.urls, tmp_path / "workers.log", more=DELIVER) as workers:
            for _ in range(KILLS):
                for _ in range(moments.randrange(1, 30)):
                    (await seller.call(stall.sell, number=number)).unwrap()
                    await seller.call(stall.sell, number=-number - 1, rotten=True)
                    number += 1
                await asyncio.sleep(moments.uniform(0, 1.5))
                victim = moments.choice(workers)
                await victim.end()
                await victim.start()
            await until_delivered(site, 2 * number)

    events = await site.rows("select (data ->> 'number')::int as number, event_id::text as id from portico.outbox")
    assert dict(post.arrived) == {(path, row["number"]): {row["id"]} for row in events for path in post.endpoints}
    assert len(events) == number
