"""Calls, counted in cells."""

from bisect import bisect_left
from collections.abc import Mapping

from portico.adapters.prometheus.meter import Meter
from portico.core.counting import limits_of, outcome_and_code
from portico.core.observing import Observer, Sight
from portico.core.plan import Plan
from portico.ports.metrics import BOUNDS, CALLS, LIMITS, SECONDS


class CallCounter(Observer):
    """Counts calls when they are over."""

    def __init__(self, meter: Meter, plans: Mapping[str, Plan]) -> None:
        """Have a place at hand for every action; one for its times is made with its first call."""
        self._meter = meter
        self._seconds: dict[str, int] = {}
        self._well = {name: meter.place(CALLS, name, plan.action.kind, "ok", "") for name, plan in plans.items()}

    def end(self, sight: Sight) -> None:
        """Count it and its time."""
        values, name, seconds = self._meter.cells.values, sight.plan.action.name, sight.seconds
        if sight.error is None and not sight.left:
            values[self._well[name]] += 1
        else:
            self._count_failed(sight, name)
        first = self._seconds.get(name)
        if first is None:
            first = self._seconds[name] = self._meter.place(SECONDS, name, sight.plan.action.kind)
        values[first + bisect_left(BOUNDS, seconds)] += 1
        values[first + len(BOUNDS) + 1] += seconds

    def _count_failed(self, sight: Sight, name: str) -> None:
        self._meter.count(CALLS, name, sight.plan.action.kind, *outcome_and_code(sight))
        for limit in limits_of(sight.error):
            self._meter.count(LIMITS, name, limit)
