"""Calls, looks into the cache and lines of the log, counted."""

import logging
from bisect import bisect_left
from collections.abc import Mapping

from portico.adapters.prometheus.meter import Meter
from portico.adapters.prometheus.metrics import AUDIT, BOUNDS, CACHE, CALLS, LIMITS, LOGGED, SECONDS
from portico.core.observing import Observer, Sight
from portico.core.plan import Plan
from portico.errors import Error, RateLimited
from portico.ports.cache import Cache, Look

FAULT = 500


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
        error = sight.error
        outcome, code = ("left", "") if error is None else (outcome_of(error), error.code)
        self._meter.count(CALLS, name, sight.plan.action.kind, outcome, code)
        if isinstance(error, RateLimited):
            for limit in error.violated or ("",):
                self._meter.count(LIMITS, name, limit)


def outcome_of(error: Error) -> str:
    """Whose fault it was: the caller's, or our own."""
    return "failed" if error.status >= FAULT else "refused"


class CountedCache:
    """A cache whose looks are counted."""

    def __init__(self, cache: Cache, meter: Meter) -> None:
        """Stand before the cache."""
        self._cache, self._meter = cache, meter
        self.keep, self.drop, self.doubt = cache.keep, cache.drop, cache.doubt
        self.lead, self.resign, self.close = cache.lead, cache.resign, cache.close

    async def look(self, key: str, tags: tuple[str, ...]) -> Look:
        """As the cache's."""
        look = await self._cache.look(key, tags)
        self._meter.count(CACHE, "miss" if look.kept is None else "hit" if look.fresh else "stale")
        return look


class LineCounter(logging.Handler):
    """Counts what the log warns of."""

    def __init__(self, meter: Meter) -> None:
        """Count from warnings on."""
        super().__init__(logging.WARNING)
        self._meter = meter
        meter.place(AUDIT)  # shown as 0: an alert sees how it grows

    def emit(self, record: logging.LogRecord) -> None:
        """Count one."""
        category = getattr(record, "category", "internal")
        self._meter.count(LOGGED, record.levelname.lower(), category)
        if category == "audit":
            self._meter.count(AUDIT)
