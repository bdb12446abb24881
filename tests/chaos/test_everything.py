"""Servers, relay and workers killed at random moments under load: what was committed is told, once and in order."""

import asyncio
import os
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from random import Random

import httpx2
import pytest
from standardwebhooks import Webhook

from portico import Org, User
from portico.adapters.postgres.embedded import Embedded
from portico.modules.webhooks import IssuedEndpoint, NewEndpoint, create_endpoint
from portico.testing import Harness
from tests.chaos import bazaar
from tests.chaos.conftest import on_database
from tests.chaos.load import AGAIN
from tests.chaos.server import Server
from tests.chaos.test_webhooks import DELIVER
from tests.chaos.test_workers import until
from tests.chaos.worker import Worker, working
from tests.integration.webhooks.receiver import Received, Receiver, Said, receiving

pytestmark = [pytest.mark.anyio, pytest.mark.chaos]
KILLS = int(os.environ.get("CHAOS_KILLS", "10"))
SEED = int(os.environ.get("CHAOS_SEED", "0")) or Random().randrange(1, 10**9)
APP = "tests.chaos.bazaar:app"
STANDS, AT_MOST = 2, 40
"""Stands in each organization, and sales between two kills: what is sold must be told, too."""
ALL_TOLD = """
    select where not exists (select from portico.jobs where name = 'bazaar.note')
       and not exists (select from portico.webhook_deliveries where state <> 'done')
       and not exists (select from portico.outbox o, portico.event_cursors c where (o.xid, o.id) > (c.xid, c.id))
"""
SALES = """
    select org_id, (data ->> 'stand')::int as stand, (data ->> 'number')::int as number, event_id::text as event
      from portico.outbox where name = 'ware.sold' order by xid, id
"""
NOTES = """
    select org_id, (data ->> 'stand')::int as stand, (data ->> 'number')::int as number, data ->> 'event' as event
      from portico.outbox where name = 'ware.noted' order by xid, id
"""


class BazaarServer(Server):
    """The bazaar, in a process of its own."""

    target = APP


class Market:
    """An organization: its stands, and two endpoints, one of which fails now and then."""

    def __init__(self, org: Org, seller: User, token: str) -> None:
        """Nothing is sold."""
        self.org, self.seller, self.token = org, seller, token
        self.sold: set[tuple[int, int]] = set()
        self.endpoints: dict[str, IssuedEndpoint] = {}
        self.arrived: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
        """Stand, number and webhook-id of what came, by path, in the order of first arrivals."""

    async def open(self, site: Harness, receiver: Receiver) -> None:
        """Make the endpoints."""
        caller = site.app.as_(self.seller, org=self.org.id)
        for path in (f"/{self.org.slug}/sound", f"/{self.org.slug}/frail"):
            data = NewEndpoint(url=f"http://127.0.0.1:{receiver.port}{path}", events=["ware.sold"])
            self.endpoints[path] = (await caller.call(create_endpoint, data=data)).unwrap()

    def take(self, request: Received) -> None:
        """Note what has arrived, where it is new."""
        Webhook(self.endpoints[request.path].secret).verify(request.body, dict(request.headers))
        told = request.json["data"]
        found = told["stand"], told["number"], request.id
        if found not in self.arrived[request.path]:
            self.arrived[request.path].append(found)

    async def sell(self, url: str, stand: int, number: int, *, broken: bool = False) -> None:
        """One sale, sent again under its key until it is answered."""
        headers = {"authorization": f"Bearer {self.token}", "x-org-id": str(self.org.id)}
        headers["idempotency-key"] = f"{stand}-{number}-{broken}"
        body = {"stand": stand, "number": number, "broken": broken}
        async with httpx2.AsyncClient(base_url=url, headers=headers, timeout=20) as client:
            while True:
                try:
                    reply = await client.post("/api/v1/wares", json=body)
                except httpx2.TransportError:
                    await asyncio.sleep(0.05)
                    continue
                code = reply.json().get("code", "")
                if reply.status_code == 200 or code == "WARE_BROKEN":
                    break
                assert reply.status_code in AGAIN, reply.text
                await asyncio.sleep(0.02)
        if not broken:
            self.sold.add((stand, number))


@pytest.fixture
async def site(durable_server: Embedded) -> AsyncIterator[Harness]:
    """The bazaar on a database of its own."""
    async with on_database(durable_server, bazaar.app, "everything", portico_reach_private=True) as harness:
        yield harness


@pytest.fixture
async def markets(site: Harness) -> list[Market]:
    """Two organizations."""
    found = []
    for name in ("Alpha", "Beta"):
        org = await site.organization(name)
        seller = await site.member(f"seller@{org.slug}.test", org=org.id, role="owner")
        found.append(Market(org, seller, site.token(seller)))
    return found


class Load:
    """All stands sell, one ware after another at each, every third one broken first, for as long as the block runs."""

    def __init__(self, markets: list[Market], url: str) -> None:
        """Nobody sells yet."""
        self._markets, self._url = markets, url
        self._news, self._over, self._sold = asyncio.Condition(), False, 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Sell; at the end, until every sale that was begun is acknowledged."""
        async with asyncio.TaskGroup() as stands:
            for market in self._markets:
                for stand in range(STANDS):
                    stands.create_task(self._tend(market, stand))
            try:
                yield
            finally:
                self._over = True

    async def more(self, sales: int) -> None:
        """Wait until so many more were acknowledged."""
        wanted = self._sold + sales
        async with self._news:
            await self._news.wait_for(lambda: self._sold >= wanted)

    async def _tend(self, market: Market, stand: int) -> None:
        for number in count():
            if self._over:
                return
            if number % 3 == 0:
                await market.sell(self._url, stand, number, broken=True)
            await market.sell(self._url, stand, number)
            self._sold += 1
            async with self._news:
                self._news.notify_all()


async def test_what_was_committed_is_told_whoever_is_killed(
    site: Harness, markets: list[Market], tmp_path: Path
) -> None:
    """To each endpoint under one id, to the handler once, in the order of each organization; nothing else is."""
    print(f"\n{KILLS} kills, CHAOS_SEED={SEED}")
    moments = Random(SEED)

    async def answer(request: Received) -> Said:
        if request.path.endswith("frail") and moments.random() < 0.1:
            return Said(503)
        next(market for market in markets if request.path in market.endpoints).take(request)
        return Said()

    server = BazaarServer(site.urls, tmp_path / "server.log", **DELIVER)
    victims: list[Server | Worker] = [server]
    async with receiving() as receiver, working(APP, site.urls, tmp_path / "workers.log", more=DELIVER) as workers:
        receiver.answer = answer
        victims += workers
        for market in markets:
            await market.open(site, receiver)
        await server.start()
        try:
            load = Load(markets, server.url)
            async with asyncio.timeout(60 + 10 * KILLS), load.running():
                for _ in range(KILLS):
                    await load.more(moments.randrange(5, AT_MOST))
                    await kill(moments.choice(victims))
                await load.more(AT_MOST)
            await until(site, ALL_TOLD)
        finally:
            await server.kill()

    await check(site, markets)


async def kill(victim: Server | Worker) -> None:
    """SIGKILL, and start it again."""
    if isinstance(victim, Server):
        await victim.kill()
    else:
        await victim.end()
    await victim.start()


async def check(site: Harness, markets: list[Market]) -> None:
    """Hold what was told against what was committed."""
    sales, notes = await site.rows(SALES), await site.rows(NOTES)
    print(f"{len(sales)} sales, {sum(len(found) for m in markets for found in m.arrived.values())} deliveries")
    for market in markets:
        own = [tuple(row)[1:] for row in sales if row["org_id"] == market.org.id]
        assert sorted((stand, number) for stand, number, _ in own) == sorted(market.sold)
        assert [tuple(row)[1:] for row in notes if row["org_id"] == market.org.id] == own
        for path, arrived in market.arrived.items():
            assert sorted(arrived) == sorted(own), path
        assert market.arrived[f"/{market.org.slug}/sound"] == own
        for stand in range(STANDS):
            assert [number for its, number, _ in own if its == stand] == list(range(count_of(own, stand)))


def count_of(sales: list[tuple[object, ...]], stand: int) -> int:
    """How many there were at a stand."""
    return sum(sale[0] == stand for sale in sales)
