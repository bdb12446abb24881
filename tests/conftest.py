"""What every test shares: one event loop backend."""

import logging
from collections.abc import AsyncIterator

import pytest

from portico.adapters.postgres.embedded import Embedded
from portico.app.application import settle
from portico.core import breaking, charging


def pytest_collection_finish() -> None:
    """Thousands of tests and what they import are no garbage: the collector need not walk them again and again."""
    settle()


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Asyncio, which is what the drivers and servers run on."""
    return "asyncio"


@pytest.fixture(autouse=True)
def _fresh_log() -> None:
    """Portico's log as no program has set it up, and nothing told in it yet."""
    logger = logging.getLogger("portico")
    logger.handlers.clear()
    logger.propagate = True
    breaking.tell.cache_clear()
    charging.tell.cache_clear()


@pytest.fixture(scope="session")
async def durable_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Embedded]:
    """A server that waits for the disk, as a user's does and `portico_server` does not: for tests that kill."""
    async with await Embedded.start(tmp_path_factory.mktemp("durable")) as server:
        yield server
