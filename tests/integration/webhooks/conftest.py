"""The shop, somebody who sells, and a receiver."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from portico import Caller, Org, User
from portico.modules.webhooks import IssuedEndpoint, NewEndpoint, create_endpoint
from portico.testing import Client, Harness, open_harness
from portico.testing.databases import Databases
from tests.integration.webhooks import shop
from tests.integration.webhooks.receiver import Receiver, receiving

LOG = "select state, attempts, tries, status, problem from portico.webhook_deliveries order by seq"


@dataclass
class Site:
    """An organization that sells, and where it tells of it."""

    portico: Harness
    org: Org
    owner: User
    receiver: Receiver

    @property
    def caller(self) -> Caller:
        """Calls as the owner."""
        return self.portico.app.as_(self.owner, org=self.org.id)

    @property
    def client(self) -> Client:
        """Asks over the wire as the owner."""
        return self.portico.client(self.owner, org=self.org.id)

    async def endpoint(self, *events: str, url: str = "", **more: Any) -> IssuedEndpoint:
        """An endpoint at the receiver."""
        data = NewEndpoint(url=url or self.receiver.url, events=list(events or ("*",)), **more)
        return (await self.caller.call(create_endpoint, data=data)).unwrap()

    async def sell(self, *articles: str) -> None:
        """Sell, one after another."""
        for article in articles:
            (await self.caller.call(shop.sell, article=article)).unwrap()

    async def log(self) -> list[tuple[object, ...]]:
        """State, attempts, status of every delivery."""
        return [(row["state"], row["attempts"], row["status"]) for row in await self.portico.rows(LOG)]

    @property
    def sold(self) -> list[str]:
        """The articles of which the receiver was told, in order."""
        return [request.json["data"]["article"] for request in self.receiver.got]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """One that says yes to everything."""
    async with receiving() as listening:
        yield listening


@pytest.fixture
async def site(portico_databases: Databases, receiver: Receiver) -> AsyncIterator[Site]:
    """The shop, which may reach this machine."""
    urls = await portico_databases.of(shop.app)
    async with open_harness(
        shop.app, urls, portico_reach_private=True, portico_webhook_failures=2, portico_rate_limit_factor=1000
    ) as harness:
        await harness.empty()
        org = await harness.organization("Corner")
        owner = await harness.member("ann@example.com", org=org.id, role="owner")
        yield Site(harness, org, owner, receiver)
