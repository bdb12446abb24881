"""What the processes of an application share."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from portico.adapters.memory.refusals import RefusalsFirst
from portico.adapters.system import SystemClock
from portico.app.settings import Settings
from portico.core.call import Services
from portico.errors import Misconfigured

if TYPE_CHECKING:
    from portico.adapters.valkey import Valkey


@asynccontextmanager
async def open_valkey(settings: Settings, name: str) -> AsyncIterator["Valkey | None"]:
    """The way to the Valkey that the settings name, open as long as the block runs; None where they name none.

    One that does not answer is waited for while the application runs: what uses it says what holds meanwhile. Raises
    Misconfigured where the address is none, or the server does not let us in.
    """
    if settings.valkey_url is None:
        yield None
        return
    from portico.adapters.valkey import Valkey, ValkeyDown  # only who uses it loads the driver

    url, limits = settings.valkey_url.get_secret_value(), (settings.valkey_timeout, settings.valkey_connections)
    try:
        valkey = Valkey(url, prefix=name, timeout=limits[0], connections=limits[1])
    except ValueError as problem:
        raise Misconfigured(f"VALKEY_URL is no address: {problem}.") from None
    try:
        await valkey.check()
    except PermissionError as refusal:
        raise Misconfigured(f"VALKEY_URL: the server does not let us in ({refusal}).") from None
    except ValkeyDown:
        pass  # the log has it
    try:
        yield valkey
    finally:
        await valkey.close()


def sharing(services: Services, valkey: "Valkey | None") -> Services:
    """The services, of which those that count, and the breakers, do so for all processes."""
    if valkey is None:
        return services
    from portico.adapters.valkey.breaker import ValkeyBreakers
    from portico.adapters.valkey.counters import ValkeyCounters

    outbound = replace(services.outbound, breakers=ValkeyBreakers(valkey, services.clock))
    return replace(services, outbound=outbound, counters=RefusalsFirst(ValkeyCounters(valkey), SystemClock()))
