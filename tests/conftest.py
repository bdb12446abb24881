"""What every test shares: one event loop backend."""

import logging

import pytest

from portico.core import breaking, charging


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
