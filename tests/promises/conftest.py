"""The Salon and the workshop, each on a real database, with limits that nobody reaches by accident."""

from collections.abc import AsyncIterator
from dataclasses import replace

import asyncpg
import pytest

from portico.adapters.postgres.migrations import revise, upgrade
from portico.adapters.postgres.servers import Urls
from portico.testing import Harness, open_harness
from portico.testing.databases import Databases
from salon.app import app
from tests.promises.business import Business, open_business
from tests.promises.proxy import Proxy, proxy_before
from tests.promises.registry import app as registry_app
from tests.promises.shop import Shop, open_shop
from tests.promises.workshop import FUNCTIONS, metadata
from tests.promises.workshop import app as workshop_app

GENEROUS = 1_000_000


@pytest.fixture(scope="session")
async def salon_urls(portico_databases: Databases) -> Urls:
    """The Salon's database."""
    return await portico_databases.of(app)


@pytest.fixture
async def salon(salon_urls: Urls) -> AsyncIterator[Harness]:
    """The Salon on an empty database."""
    async with open_harness(app, salon_urls, portico_rate_limit_factor=GENEROUS) as harness:
        await harness.empty()
        yield harness


@pytest.fixture
async def alpha(salon: Harness) -> Business:
    """A business."""
    return await open_business(salon, "Alpha")


@pytest.fixture
async def beta(salon: Harness) -> Business:
    """Another business."""
    return await open_business(salon, "Beta")


@pytest.fixture(scope="session")
async def workshop_urls(portico_databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Urls:
    """The workshop's database, with its table as a migration would make it."""
    urls, folder = await portico_databases.of(workshop_app), tmp_path_factory.mktemp("workshop")
    await revise(urls, metadata=metadata, app_migrations=folder, message="notes")
    await upgrade(urls, app_migrations=folder, report=lambda _: None)
    owner = await asyncpg.connect(urls.owner)
    await owner.execute(FUNCTIONS)
    await owner.close()
    return urls


@pytest.fixture
async def shop(workshop_urls: Urls) -> AsyncIterator[Shop]:
    """The workshop on an empty database."""
    async with open_shop(workshop_urls) as opened:
        yield opened


@pytest.fixture(scope="session")
async def registry_urls(portico_databases: Databases) -> Urls:
    """The registry's database."""
    return await portico_databases.of(registry_app)


@pytest.fixture
async def registry(registry_urls: Urls) -> AsyncIterator[Harness]:
    """The registry on an empty database."""
    async with open_harness(registry_app, registry_urls, portico_rate_limit_factor=GENEROUS) as harness:
        await harness.empty()
        yield harness


@pytest.fixture
async def proxy(workshop_urls: Urls) -> AsyncIterator[Proxy]:
    """What stands between the wired shop and its database."""
    async with proxy_before(workshop_urls.app) as standing:
        yield standing


@pytest.fixture
async def wired(workshop_urls: Urls, proxy: Proxy) -> AsyncIterator[Shop]:
    """The workshop on an empty database, which it reaches by way of the proxy."""
    async with open_shop(replace(workshop_urls, app=proxy.url), database_connections=4, database_wait=1) as opened:
        yield opened


@pytest.fixture
async def workshop_limits(workshop_urls: Urls, proxy: Proxy) -> AsyncIterator[Shop]:
    """The wired workshop, with its limits as they are written."""
    async with open_shop(replace(workshop_urls, app=proxy.url), portico_rate_limit_factor=1) as opened:
        yield opened
