"""Calls to other services: breakers around them, retries of them, and what both need of an application."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from portico.core.value import Value
from portico.errors import Misconfigured
from portico.ports.breaker import Breakers, BreakersDown, Condition, Rule, State
from portico.ports.clock import Clock

PRESETS: Mapping[str, str] = {
    "default": "5/60s reset 30s",
    "stripe": "3/60s reset 30s",
    "email": "5/30s reset 30s",
    "ai": "3/120s reset 30s",
}
"""Failures over a window, and how long the breaker then stays open, by service."""
RULE = re.compile(r"(\d{1,6})/(\d{1,6})s reset (\d{1,6})s")
RESERVE = 10.0
"""Retries that a service has in hand at first, and at most: the few that a quiet service needs."""
MOST_SERVICES = 10_000


class Tries(Value):
    """How often a call is made at most, and the pauses between: `base` seconds, doubled, `cap` at most."""

    attempts: int = 3
    base: float = 1.0
    cap: float = 30.0

    def __post_init__(self) -> None:
        """Raise Misconfigured where the numbers make no sense."""
        if self.attempts < 1 or self.base < 0 or self.cap < self.base:
            message = f"{self}: write attempts of 1 or more, a base of 0 s or more, and a cap that is not below it"
            raise Misconfigured(message)


@dataclass(slots=True)
class Budget:
    """Retries by service: each call earns `share` of one, so that retries stay a share of all calls."""

    share: float = 0.2
    _left: dict[str, float] = field(default_factory=dict)

    def earn(self, service: str) -> None:
        """A call goes out for the first time."""
        left = self._left
        left[service] = min(RESERVE, left.get(service, RESERVE) + self.share)
        if len(left) > MOST_SERVICES:
            del left[next(iter(left))]

    def spend(self, service: str) -> bool:
        """Take one retry; False where none is left."""
        left = self._left.get(service, RESERVE)
        if left < 1:
            return False
        self._left[service] = left - 1
        return True


def part_of(most: float) -> float:
    """A random part of it."""
    from random import SystemRandom  # needed only where something has failed

    return SystemRandom().uniform(0, most)


@dataclass(frozen=True, slots=True)
class Outbound:
    """What an application has for calls to other services."""

    clock: Clock
    breakers: Breakers
    """Shared between processes where there is a place to share them."""
    local: Breakers
    """This process's own, for when the shared ones do not answer."""
    written: Mapping[str, str] = field(default_factory=dict)
    """Rules by service, instead of the presets."""
    tries: Tries = field(default_factory=Tries)
    timeout: float = 30.0
    """Seconds that each try of an `External` action's handler may take, unless it says otherwise."""
    budget: Budget = field(default_factory=Budget)
    jitter: Callable[[float], float] = part_of
    """How long a pause is of the longest that it may be: all of it is random, for those who failed together."""
    seen: dict[str, None] = field(default_factory=dict)
    """The services that this process has called."""

    def rule(self, service: str) -> Rule:
        """When the service's breaker opens; what is written of it is instead of the preset."""
        for known in (self.written, PRESETS):
            if service in known:
                return parse_rule(service, known[service])
        return parse_rule("default", self.written.get("default", PRESETS["default"]))

    def time_for(self, timeout: float | None) -> float:
        """Seconds that a handler may take which says so much, or nothing."""
        return self.timeout if timeout is None else timeout

    async def conditions(self) -> Mapping[str, Condition]:
        """How the breakers of all services stand that this process has called."""
        return {service: await self.breakers.condition(service, self.rule(service)) for service in sorted(self.seen)}

    async def states(self) -> dict[str, State]:
        """How the breakers stand of the services that this process has called; its own while nobody shares any."""
        try:
            return {service: condition.state for service, condition in (await self.conditions()).items()}
        except BreakersDown:
            return {name: (await self.local.condition(name, self.rule(name))).state for name in self.seen}


def parse_rule(service: str, written: str) -> Rule:
    """`3/60s reset 30s`: three failures within 60 s open the breaker for 30 s. Raises Misconfigured."""
    found = RULE.fullmatch(written)
    failures, window, reset = map(int, found.groups()) if found else (0, 0, 0)
    if not (failures and window and reset):
        message = f"PORTICO_BREAKERS: {service}: {written!r} is no rule; write failures over seconds: 3/60s reset 30s"
        raise Misconfigured(message)
    return Rule(failures, float(window), float(reset))


_running: list[Outbound] = []


@contextmanager
def serving(outbound: Outbound) -> Iterator[None]:
    """Let `breaker` and `retry` find it while the application is open."""
    _running.append(outbound)
    try:
        yield
    finally:
        _running.remove(outbound)


def running(what: str) -> Outbound:
    """That of the application which was opened last; raises Misconfigured where none is."""
    if not _running:
        message = f"{what} needs an application that is open: use it in a call, or inside `async with app.lifespan()`."
        raise Misconfigured(message)
    return _running[-1]
