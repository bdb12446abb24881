"""A real server for the whole run, and a database of its own for each test."""

from collections.abc import AsyncIterator
from itertools import count

import pytest

from portico.adapters.postgres.embedded import Embedded
from portico.adapters.postgres.servers import Urls

NUMBERS = count(1)


@pytest.fixture(scope="session")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Embedded]:
    """One embedded server, stopped when the run ends."""
    async with await Embedded.start(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture
async def database(server: Embedded) -> AsyncIterator[Urls]:
    """An empty database, prepared for the four roles."""
    name = f"test_{next(NUMBERS)}"
    yield await server.database(name)
    await server.drop(name)
