"""The Salon on a database of its own, with a business that takes bookings."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from portico import App
from portico.adapters.postgres.embedded import Embedded
from portico.adapters.postgres.servers import Urls
from portico.app.migrating import migrate
from portico.testing import Harness, open_harness
from portico.testing.harness import settings_for
from salon.app import app
from tests.promises.business import Business, open_business


@dataclass
class Site:
    """A business on a database where a server may be killed, and what its owner of the tables sees."""

    urls: Urls
    harness: Harness
    business: Business

    @property
    def token(self) -> str:
        """The bearer token of the business's owner."""
        return self.harness.token(self.business.owner)

    @property
    def visit(self) -> dict[str, object]:
        """A booking, whose time is yet to be chosen."""
        return {name: value for name, value in self.business.visit().items() if name != "scheduled_at"}


@asynccontextmanager
async def on_database(server: Embedded, app: App, name: str, **settings: object) -> AsyncIterator[Harness]:
    """An application on a new database, which nobody else uses."""
    name = f"{name}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    await server.drop(name)
    urls = await server.database(name)
    await migrate(app, urls, settings_for(urls), report=lambda _: None)
    usual = {"portico_rate_limit_factor": 1_000_000, "database_connections": 4, "portico_wake_seconds": 0.02}
    async with open_harness(app, urls, **usual, **settings) as harness:
        yield harness
    await server.drop(name)


@pytest.fixture
async def site(durable_server: Embedded) -> AsyncIterator[Site]:
    """A business, its services five minutes long, on a new database."""
    name = f"chaos_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    await durable_server.drop(name)
    urls = await durable_server.database(name)
    await migrate(app, urls, settings_for(urls), report=lambda _: None)
    async with open_harness(app, urls, portico_rate_limit_factor=1_000_000, database_connections=2) as harness:
        business = await open_business(harness, "Chaos")
        business.service = await business.create("services", name="Quick", duration_minutes=5)
        yield Site(urls, harness, business)
    await durable_server.drop(name)
