"""Every adapter of the cache, empty."""

from collections.abc import AsyncIterator

import pytest

from portico.adapters.memory.cache import MemoryCache
from portico.adapters.system import SystemClock
from portico.ports.cache import Cache


@pytest.fixture
async def cache() -> AsyncIterator[Cache]:
    """A cache of each kind."""
    kept = MemoryCache(SystemClock())
    yield kept
    await kept.close()
