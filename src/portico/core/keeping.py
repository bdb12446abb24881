"""How the answers of a function are kept."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from portico.core.template import Template
from portico.errors import Misconfigured

LONGEST = 30 * 86400.0
"""Thirty days, in seconds."""


class Keeping(NamedTuple):
    """How answers are kept; times in seconds."""

    ttl: float | None
    """None: as long as the setting says."""
    tags: tuple[str, ...] = ()
    shared: bool = False
    stale: float = 0.0
    max_age: float | None = None
    """How long anybody on the way may keep it; None: nobody may."""


def tags_of(tags: str | Sequence[str]) -> tuple[str, ...]:
    """Tags as they were meant: one that stands alone is one, and not its letters.

    Raises Misconfigured where one names the result.
    """
    listed = (tags,) if isinstance(tags, str) else tuple(tags)
    for tag in listed:
        if any(path[0] == "result" for path in Template(tag).paths):
            message = (
                f"The tag {tag!r} names the result, which nobody knows before it is read; name members of the input."
            )
            raise Misconfigured(message)
    return listed


def seconds_of(what: str, given: float | timedelta, *, least: float = 0.0) -> float:
    """A length of time in seconds; raises Misconfigured where it is too short or longer than thirty days."""
    seconds = given.total_seconds() if isinstance(given, timedelta) else float(given)
    if not least <= seconds <= LONGEST:
        bounds = f"from {least:g} to {LONGEST:.0f}"
        message = f"{what}={given!r} is no time to keep an answer for; write seconds {bounds}, or a timedelta."
        raise Misconfigured(message)
    return seconds
