"""What is counted wherever metrics go: outcomes of calls, looks into the cache, lines of the log."""

import logging
from collections.abc import Sequence

from portico.core.observing import Sight
from portico.errors import Error, RateLimited
from portico.ports.cache import Cache, Look
from portico.ports.metrics import AUDIT, CACHE, LOGGED, Counting

FAULT = 500


def outcome_and_code(sight: Sight) -> tuple[str, str]:
    """How a call that is over went, and the code that it was refused with."""
    error = sight.error
    if error is None:
        return ("left", "") if sight.left else ("ok", "")
    return outcome_of(error), error.code


def limits_of(error: Error | None) -> Sequence[str]:
    """The rate limits that have refused a call, where any have."""
    return (error.violated or ("",)) if isinstance(error, RateLimited) else ()


def outcome_of(error: Error) -> str:
    """Whose fault it was: the caller's, or our own."""
    return "failed" if error.status >= FAULT else "refused"


class CountedCache:
    """A cache whose looks are counted."""

    def __init__(self, cache: Cache, meter: Counting) -> None:
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

    def __init__(self, meter: Counting) -> None:
        """Count from warnings on."""
        super().__init__(logging.WARNING)
        self._meter = meter
        meter.count(AUDIT, by=0)  # shown as 0: an alert sees how it grows

    def emit(self, record: logging.LogRecord) -> None:
        """Count one."""
        category = getattr(record, "category", "internal")
        self._meter.count(LOGGED, record.levelname.lower(), category)
        if category == "audit":
            self._meter.count(AUDIT)
