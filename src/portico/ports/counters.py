"""Counting attempts in a sliding window."""

from typing import NamedTuple, Protocol


class Taken(NamedTuple):
    """What one attempt found."""

    allowed: bool
    limit: int
    remaining: int
    reset: float
    """Seconds until the oldest counted attempt leaves the window."""
    window: float
    """The window's length in seconds."""


class CountersDown(Exception):
    """Whoever counts cannot be reached: what that means is for each limit to say."""


class Counters(Protocol):
    """Counts attempts by key; never more than the limit in any window. Both methods may raise CountersDown."""

    def take(self, key: str, limit: int, window: float) -> Taken:
        """Count one attempt, unless the window is full.

        `window` is in seconds. A refused attempt is not counted.
        """
        ...

    def peek(self, key: str, limit: int, window: float) -> Taken:
        """What an attempt would find, without counting one."""
        ...
