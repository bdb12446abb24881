"""Rates, as people write them, and the presets whose numbers are settings."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple

from portico.errors import Misconfigured
from portico.ports.counters import Fail


class Preset(NamedTuple):
    """A limit by its name: what it is unless its user or the settings say otherwise."""

    rate: str
    by: str = "user"
    fail: Fail = "local"


PRESETS: Mapping[str, Preset] = {
    "api": Preset("100/m"),
    "auth": Preset("10/m", fail="closed"),
    "failed-sign-in": Preset("5/15m", fail="closed"),
    "mail": Preset("5/h"),
    "writes": Preset("30/m"),
    "messages": Preset("5/m"),
    "upload": Preset("20/h"),
    "payment": Preset("10/h", fail="closed"),
    "expensive": Preset("5/m"),
    "ai": Preset("5/m"),
    "public-form": Preset("5/m", by="ip"),
    "webhooks": Preset("1000/m", by="ip"),
}
"""The application's default, `api`, and its siblings."""
RATE = re.compile(r"(\d{1,9})/(\d{0,4})(s|m|h|d)")
SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
Rate = Callable[[str], tuple[int, float]]


def parse_rate(rate: str) -> tuple[int, float]:
    """Number and window in seconds; raises Misconfigured where it is neither a rate nor a preset's name."""
    return _parsed(rate, where=f"RateLimit({rate!r})")


def _parsed(rate: str, *, where: str) -> tuple[int, float]:
    preset = PRESETS.get(rate)
    found = RATE.fullmatch(preset.rate if preset else rate)
    if found is None or int(found[1]) == 0 or found[2].strip("0") == "" != found[2]:
        known = ", ".join(PRESETS)
        message = f"{where}: write a number over a window, such as 30/m or 5/15m, or a preset ({known})"
        raise Misconfigured(message)
    return int(found[1]), int(found[2] or 1) * SECONDS[found[3]]


def rates(presets: Mapping[str, str], factor: float) -> Rate:
    """Reads rates under an application's settings: its presets, every number times `factor`.

    Raises Misconfigured where the settings name a preset that there is not, or a rate that is none.
    """
    for name, written in presets.items():
        if name not in PRESETS:
            message = f"PORTICO_RATE_LIMITS: there is no preset {name!r}; there are {', '.join(PRESETS)}."
            raise Misconfigured(message)
        _parsed(written, where=f"PORTICO_RATE_LIMITS: {name!r} is {written!r}")

    @lru_cache(maxsize=1024)
    def rate(written: str) -> tuple[int, float]:
        limit, window = parse_rate(presets.get(written, written))
        return max(1, round(limit * factor)), window

    return rate
