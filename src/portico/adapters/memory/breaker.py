"""Breakers in memory."""

from collections import OrderedDict, deque
from itertools import count

from portico.ports.breaker import Condition, Pass, Rule
from portico.ports.clock import Clock

MOST_SERVICES = 10_000
"""So many are kept; the one that failed first is forgotten first."""
PROBING = 1.0
"""Seconds after which asking again makes sense while a probe is out."""


class _Circuit:
    """One service's failures, or until when it is left alone."""

    __slots__ = ("failures", "leased", "probe", "until")

    def __init__(self) -> None:
        self.failures: deque[float] = deque()
        self.until: float | None = None
        self.probe, self.leased = "", 0.0


class MemoryBreakers:
    """Keeps the breakers of this process alone."""

    def __init__(self, clock: Clock) -> None:
        """All closed."""
        self._clock = clock
        self._circuits: OrderedDict[str, _Circuit] = OrderedDict()
        self._tokens = count(1)

    async def admit(self, service: str, rule: Rule) -> Pass:
        """May a call go out?"""
        circuit = self._circuits.get(service)
        if circuit is None or circuit.until is None:
            return Pass(allowed=True)
        now = self._clock.seconds()
        if now < circuit.until:
            return Pass(allowed=False, wait=circuit.until - now)
        if circuit.probe and now < circuit.leased:
            return Pass(allowed=False, wait=min(PROBING, circuit.leased - now))
        circuit.probe, circuit.leased = str(next(self._tokens)), now + rule.lease
        return Pass(allowed=True, probe=circuit.probe)

    async def succeed(self, service: str, *, probe: str) -> None:
        """Close, where it was the probe."""
        if self._probing(service, probe):
            del self._circuits[service]

    async def fail(self, service: str, rule: Rule, *, probe: str) -> None:
        """Count, or open again."""
        circuit, now = self._circuits.setdefault(service, _Circuit()), self._clock.seconds()
        if len(self._circuits) > MOST_SERVICES:
            self._circuits.popitem(last=False)
        if circuit.until is not None:
            if self._probing(service, probe):
                circuit.until, circuit.probe = now + rule.reset, ""
            return
        failures = circuit.failures
        failures.append(now)
        _forget(failures, now - rule.window)
        if len(failures) >= rule.failures:
            circuit.until = now + rule.reset
            failures.clear()

    async def abandon(self, service: str, *, probe: str) -> None:
        """Let another go."""
        if self._probing(service, probe):
            self._circuits[service].probe = ""

    async def condition(self, service: str, rule: Rule) -> Condition:
        """What it looks like now."""
        circuit, now = self._circuits.get(service), self._clock.seconds()
        if circuit is None:
            return Condition("closed", 0, 0.0)
        if circuit.until is not None:
            wait = max(0.0, circuit.until - now)
            return Condition("open" if wait else "half-open", 0, wait)
        _forget(circuit.failures, now - rule.window)
        return Condition("closed", len(circuit.failures), 0.0)

    def _probing(self, service: str, probe: str) -> bool:
        circuit = self._circuits.get(service)
        return bool(probe) and circuit is not None and circuit.probe == probe


def _forget(failures: deque[float], before: float) -> None:
    while failures and failures[0] <= before:
        failures.popleft()
