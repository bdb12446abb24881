"""Where an application keeps answers."""

from dataclasses import replace
from typing import TYPE_CHECKING

from portico.adapters.memory.cache import MIB, MemoryCache
from portico.app.settings import Settings
from portico.core.call import Services
from portico.core.flights import Flights
from portico.ports.cache import Cache
from portico.ports.clock import Clock

if TYPE_CHECKING:
    from portico.adapters.valkey import Valkey


def memory_of(settings: Settings, clock: Clock) -> Cache:
    """In this process, within the bounds of the settings."""
    return MemoryCache(clock, entries=settings.portico_cache_entries, size=settings.portico_cache_mib * MIB)


def keeping(services: Services, valkey: "Valkey | None") -> Services:
    """The services, of which the cache is all processes' where there is a Valkey."""
    if valkey is None:
        return services
    from portico.adapters.valkey.cache import ValkeyCache  # only who uses it loads the driver

    cache = ValkeyCache(valkey)
    return replace(services, cache=cache, flights=Flights(cache))
