"""Services of no application, for testing what needs none."""

from typing import NoReturn, cast

from portico.adapters.argon2 import CHEAPEST, Argon2Hasher
from portico.adapters.devices import AgentDevices
from portico.adapters.joserfc import JweSealer
from portico.adapters.memory.breaker import MemoryBreakers
from portico.adapters.memory.cache import MemoryCache
from portico.adapters.memory.clock import SettableClock
from portico.adapters.memory.counters import MemoryCounters
from portico.adapters.memory.flags import MemoryFlags
from portico.adapters.memory.touches import MemoryTouches
from portico.adapters.memory.trials import MemoryTrials
from portico.adapters.system import RandomIds
from portico.core.call import Services
from portico.core.flights import Flights
from portico.core.limits import rates
from portico.core.outbound import Outbound
from portico.core.passwords import PasswordRules
from portico.errors import Misconfigured
from portico.ports.database import Database
from portico.ports.outside import Outside


class NoDatabase:
    """Refuses every use."""

    def __getattr__(self, name: str) -> NoReturn:
        """Say what to use instead."""
        message = f"This call has no database ({name}); test it with `portico.context(…)` or over the wire."
        raise Misconfigured(message)


def unwired_services(clock: SettableClock) -> Services:
    """Everything but a database."""
    cache = MemoryCache(clock)
    counters = MemoryCounters(clock)
    return Services(
        database=cast("Database", NoDatabase()),
        counters=counters,
        local=counters,
        clock=clock,
        ids=RandomIds(),
        hasher=Argon2Hasher(CHEAPEST),
        passwords=PasswordRules(),
        roles={"owner": frozenset({"*"})},
        sign=lambda message: message[::-1],
        rate=rates({}, 1.0),
        prove=lambda message: message[::-1],
        post=lambda call, outgoing: call.notes.jobs.append({"mail": outgoing}),
        devices=AgentDevices(),
        touches=MemoryTouches(),
        sealer=JweSealer(bytes(32)),
        outside=cast("Outside", NoDatabase()),
        outbound=Outbound(clock, MemoryBreakers(clock), MemoryBreakers(clock)),
        cache=cache,
        flights=Flights(cache),
        flags=MemoryFlags(),
        trials=MemoryTrials(),
    )
