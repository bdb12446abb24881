"""A real server for the whole run, a database for each test, and the office as the application under test."""

from collections.abc import AsyncIterator
from itertools import count

import pytest

from portico import App
from portico.adapters.postgres.embedded import Embedded
from portico.adapters.postgres.servers import Urls
from portico.testing import Harness
from tests.integration.office.app import app
from tests.integration.office.people import Office, open_office

NUMBERS = count(1)


@pytest.fixture(scope="session")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Embedded]:
    """One embedded server, stopped when the run ends."""
    async with await Embedded.start(tmp_path_factory.mktemp("server"), durable=False) as running:
        yield running


@pytest.fixture
async def database(server: Embedded) -> AsyncIterator[Urls]:
    """An empty database, prepared for the four roles."""
    name = f"test_{next(NUMBERS)}"
    yield await server.database(name)
    await server.drop(name)


@pytest.fixture(scope="session")
def portico_app() -> App:
    """The office."""
    return app


@pytest.fixture
async def alpha(portico: Harness) -> Office:
    """One office."""
    return await open_office(portico, "Alpha")


@pytest.fixture
async def beta(portico: Harness) -> Office:
    """Another office."""
    return await open_office(portico, "Beta")
