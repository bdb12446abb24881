"""The till on a real database, and the bank that it calls."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from portico import Org, User
from portico.adapters.postgres.embedded import Embedded
from portico.adapters.postgres.migrations import revise
from portico.adapters.postgres.servers import Urls
from portico.app.migrating import migrate
from portico.testing import Client, Harness, Reply, open_harness
from portico.testing.databases import Databases
from portico.testing.harness import settings_for
from tests.integration.outbound.bank import Bank, open_bank
from tests.integration.outbound.till import Where, app, metadata

GENEROUS = 1_000_000


@dataclass
class Desk:
    """The running till, the bank, and a member of one organization."""

    portico: Harness
    bank: Bank
    org: Org
    user: User

    @property
    def client(self) -> Client:
        """The member, over the wire."""
        return self.portico.client(self.user, org=self.org.id)

    async def post(self, path: str, *, key: str = "", **json: object) -> Reply:
        """Post as the member, under a key where one is given."""
        return await self.client.post(f"/api/v1{path}", json, headers={"idempotency-key": key} if key else {})

    async def payments(self) -> list[tuple[str, str]]:
        """Reference and state of every payment."""
        rows = await self.portico.rows("select reference, state from payments order by reference")
        return [(row[0], row[1]) for row in rows]

    async def keys(self) -> list[tuple[int, bool]]:
        """Status of each stored answer, and whether somebody holds the key."""
        rows = await self.portico.rows("select status, holder is not null from portico.idempotency order by status")
        return [(row[0], row[1]) for row in rows]


@pytest.fixture(scope="session")
async def till_urls(durable_server: Embedded, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Urls]:
    """The till's database, its tables made as it declares them, on a server that waits for the disk."""
    app.migrations = folder = tmp_path_factory.mktemp("till")
    databases = Databases(durable_server, "till")
    urls = await databases.of(app)
    await revise(urls, metadata=metadata, app_migrations=Path(folder), message="the till")
    await migrate(app, urls, settings_for(urls), report=lambda _: None)
    yield urls
    await databases.drop()


@pytest.fixture
async def bank() -> AsyncIterator[Bank]:
    """A bank that answers."""
    async with open_bank() as bank:
        Where.bank = bank.url
        yield bank


@pytest.fixture
async def desk(till_urls: Urls, bank: Bank) -> AsyncIterator[Desk]:
    """Somebody at the till."""
    async with open_harness(app, till_urls, portico_rate_limit_factor=GENEROUS) as portico:
        await portico.empty()
        org = await portico.organization("Till")
        yield Desk(portico, bank, org, await portico.member("teller@till.test", org=org.id))
