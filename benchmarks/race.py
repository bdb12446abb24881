"""Interleaved rounds: every contestant in turn, the others paused, and the ratios of each round."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count as counter
from pathlib import Path
from statistics import median

from benchmarks.load import Figures, Kind, Load, run
from benchmarks.servers import Running

PATHS: dict[Kind, str] = {
    "mutation": "/api/v1/appointments",
    "list": "/api/v1/appointments",
    "empty": "/api/v1/empty",
}
WARM_UP = 2.0
SETTLE = 0.3
STRIDE = 1_000_000
"""Requests are numbered in strides: no two runs on one database book the same slot."""

_strides = counter()


@dataclass(frozen=True, slots=True)
class Contestant:
    """A server and the path on which it is loaded."""

    name: str
    running: Running
    path: str


@dataclass(frozen=True, slots=True)
class Lap:
    """One contestant's turn in one round."""

    figures: Figures
    cpu: float | None

    @property
    def cpu_per_1000(self) -> float | None:
        """CPU seconds of the server for 1,000 requests."""
        return self.cpu / self.figures.requests * 1000 if self.cpu and self.figures.requests else None


@dataclass(slots=True)
class Race:
    """All rounds of one kind of request."""

    kind: Kind
    laps: dict[str, list[Lap]] = field(default_factory=dict)

    def rate(self, name: str) -> float:
        """The median throughput."""
        return median(lap.figures.rate for lap in self.laps[name])

    def percentile(self, name: str, *, p99: bool = False) -> float:
        """The median p50 (or p99) in milliseconds."""
        return median(lap.figures.p99_ms if p99 else lap.figures.p50_ms for lap in self.laps[name])

    def cpu(self, name: str) -> float | None:
        """The median CPU seconds for 1,000 requests."""
        return _median([lap.cpu_per_1000 for lap in self.laps[name]])

    def ratio(self, name: str, peer: str) -> float:
        """The median, over the rounds, of the throughput of one over the other's."""
        pairs = zip(self.laps[name], self.laps[peer], strict=True)
        return median(one.figures.rate / other.figures.rate for one, other in pairs)

    def saving(self, name: str, peer: str) -> float | None:
        """How many times the CPU seconds of one the other spends on the same number of requests."""
        pairs = zip(self.laps[name], self.laps[peer], strict=True)
        return _median([_over(other.cpu_per_1000, one.cpu_per_1000) for one, other in pairs])

    def errors(self) -> dict[str, int]:
        """Who failed how often; a race with an entry here proves nothing."""
        totals = {name: sum(lap.figures.errors for lap in laps) for name, laps in self.laps.items()}
        return {name: errors for name, errors in totals.items() if errors}

    def requests(self, name: str) -> int:
        """How many requests were answered."""
        return sum(lap.figures.requests for lap in self.laps[name])


@dataclass(frozen=True, slots=True)
class Course:
    """How a race is run."""

    rounds: int
    seconds: float
    people: Callable[[str], Path]
    say: Callable[[str], None]


async def race(kind: Kind, contestants: Sequence[Contestant], course: Course) -> Race:
    """Warms everybody up, then runs the rounds; each starts with the next contestant, so that no place is the best."""
    result = Race(kind, {one.name: [] for one in contestants})
    for one in contestants:
        await lap(kind, one, course, seconds=WARM_UP)
    for number in range(course.rounds):
        turn = number % len(contestants)
        for one in (*contestants[turn:], *contestants[:turn]):
            done = await lap(kind, one, course)
            result.laps[one.name].append(done)
            course.say(_line(f"{kind} {number + 1}/{course.rounds}", one.name, done))
    return result


async def lap(kind: Kind, one: Contestant, course: Course, *, seconds: float | None = None) -> Lap:
    """Loads one contestant alone."""
    people = course.people(one.running.kind.name)
    load = Load(kind, one.path, one.running.port, seconds or course.seconds, people, next(_strides) * STRIDE)
    with awake(one.running):
        before = one.running.cpu()
        figures = await run(load)
        # What is still under way when the load ends finishes before the server is paused: it holds locks.
        await asyncio.sleep(SETTLE)
        used = one.running.cpu() - before
    return Lap(figures, used or None)


@contextmanager
def awake(running: Running) -> Iterator[None]:
    """Lets a paused server run for a while."""
    running.resume()
    try:
        yield
    finally:
        running.pause()


def _line(where: str, name: str, done: Lap) -> str:
    figures, cpu = done.figures, done.cpu_per_1000
    spent = f"{cpu:6.3f} CPU s/1000" if cpu else ""
    wrong = f"  {figures.errors} ERRORS" if figures.errors else ""
    latency = f"p50 {figures.p50_ms:6.1f} ms  p99 {figures.p99_ms:6.1f} ms"
    return f"  {where:14} {name:20} {figures.rate:8.0f} req/s  {latency}  {spent}{wrong}"


def _over(one: float | None, other: float | None) -> float | None:
    return one / other if one and other else None


def _median(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None
