"""Every adapter of the cache, empty."""

from collections.abc import AsyncIterator

import pytest

from portico.adapters.memory.cache import MemoryCache
from portico.adapters.system import SystemClock
from portico.adapters.valkey import Valkey
from portico.adapters.valkey.cache import ValkeyCache
from portico.ports.cache import Cache


@pytest.fixture
async def valkey(portico_valkey: str) -> AsyncIterator[Valkey]:
    """A way to an empty server."""
    found = Valkey(portico_valkey, prefix="shop")
    yield found
    await found.close()


@pytest.fixture(params=["memory", "valkey"])
def cache(request: pytest.FixtureRequest, valkey: Valkey) -> Cache:
    """A cache of each kind."""
    return MemoryCache(SystemClock()) if request.param == "memory" else ValkeyCache(valkey)
