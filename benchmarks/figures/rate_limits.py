"""Rate limits: what an attempt costs in memory, and how many trips all limits of a call make to Valkey."""

from __future__ import annotations

from collections.abc import Mapping
from time import process_time
from types import MappingProxyType
from uuid import UUID

from benchmarks.databases import Dsn
from benchmarks.figures import Ground, Most
from benchmarks.trips import Proxy
from portico import Request
from portico.adapters.memory.counters import MemoryCounters
from portico.adapters.system import SystemClock
from portico.adapters.valkey import Valkey
from portico.adapters.valkey.counters import ValkeyCounters
from portico.adapters.valkey.embedded import EmbeddedValkey
from portico.core.call import Call
from portico.core.charging import Toll, charge
from portico.policies.rate_limit import RateLimit
from portico.ports.counters import Counters
from portico.ports.database import Facts
from portico.testing import Harness

WANTED: Mapping[str, Most] = MappingProxyType({"rate_limit_memory_us": Most(5), "rate_limit_valkey_trips": Most(1)})
LIMITS = (
    RateLimit("api").placed("app", "book"),
    RateLimit("writes").placed("appointments", "book"),
    RateLimit("10/h").placed("appointments.book", "book"),
)
"""Of an application, a module and an action: what an ordinary mutation is under."""
TOLL = Toll(LIMITS)
USERS, ROUNDS = 1_000, 100


async def measure(ground: Ground) -> Mapping[str, float]:
    """Both figures."""
    return {"rate_limit_memory_us": in_memory(), "rate_limit_valkey_trips": await over_valkey(ground)}


def calls(counters: Counters) -> list[Call]:
    """A call of each of many users."""
    made = []
    for number in range(USERS):
        call = Harness.policy_call(facts=Facts(user_id=UUID(int=number)))
        call.request = Request(ip="192.0.2.1", id="bench")
        object.__setattr__(call.services, "counters", counters)
        made.append(call)
    return made


def in_memory() -> float:
    """Microseconds of processor time for one attempt of one limit, users in turn.

    The best of many short rounds: the others measure what else the machine does.
    """
    counters, toll = MemoryCounters(SystemClock()), Toll([RateLimit("1000000/m").placed("app", "book")])
    attempts = [toll.of(call) for call in calls(counters)]
    rounds = []
    for _ in range(ROUNDS):
        began = process_time()
        for keys, rules in attempts:
            counters.take(keys, rules)
        rounds.append((process_time() - began) / len(attempts) * 1e6)
    return min(rounds)


async def over_valkey(ground: Ground) -> float:
    """Trips on the wire for each call that is under three limits, once the server knows the script."""
    async with await EmbeddedValkey.start() as server:
        proxy = Proxy(Dsn(server.url))
        async with proxy.listening():
            valkey = Valkey(proxy.through(Dsn(server.url)).url, prefix="bench", timeout=10)
            made = calls(ValkeyCounters(valkey))
            await judged(made[0])
            before = proxy.trips
            for call in made[1:]:
                await judged(call)
            trips = (proxy.trips - before) / (len(made) - 1)
            ground.say(f"  {len(LIMITS)} limits a call")
            await valkey.close()
    return trips


async def judged(call: Call) -> None:
    """Count all limits of a call."""
    waiting = charge(TOLL.of(call), call)
    if waiting is not None:
        await waiting
