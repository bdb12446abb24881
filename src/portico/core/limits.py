"""Rates, as people write them, and the presets whose numbers are settings."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from portico.errors import Misconfigured

PRESETS: Mapping[str, str] = {
    "api": "100/m",
    "auth": "10/m",
    "failed-sign-in": "5/15m",
    "mail": "5/h",
    "public-form": "5/m",
    "writes": "30/m",
}
"""The application's default and its siblings, by name."""
RATE = re.compile(r"(\d{1,9})/(\d{0,4})(s|m|h|d)")
SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
Rate = Callable[[str], tuple[int, float]]


def parse_rate(rate: str) -> tuple[int, float]:
    """Number and window in seconds; raises Misconfigured where it is neither a rate nor a preset's name."""
    found = RATE.fullmatch(PRESETS.get(rate, rate))
    if found is None or int(found[1]) == 0 or found[2].strip("0") == "" != found[2]:
        known = ", ".join(PRESETS)
        message = f"RateLimit({rate!r}): write a number over a window, such as 30/m or 5/15m, or a preset ({known})"
        raise Misconfigured(message)
    return int(found[1]), int(found[2] or 1) * SECONDS[found[3]]


def rates(presets: Mapping[str, str], factor: float) -> Rate:
    """Reads rates under an application's settings: its presets, every number times `factor`."""

    @lru_cache(maxsize=1024)
    def rate(written: str) -> tuple[int, float]:
        limit, window = parse_rate(presets.get(written, written))
        return max(1, round(limit * factor)), window

    return rate
