"""Counting attempts in a sliding window."""

from collections.abc import Awaitable, Sequence
from typing import NamedTuple, Protocol, TypeAlias

from portico.ports.quick import quickly


class Attempt(NamedTuple):
    """What is to be counted of one limit."""

    key: str
    """What counts together; of each window and kind of caller a key of its own."""
    limit: int
    window: float
    """In seconds."""
    cost: int = 1
    """How much it uses up, at most `limit`; 0 looks and counts nothing."""


class Taken(NamedTuple):
    """What one attempt found."""

    allowed: bool
    limit: int
    remaining: int
    reset: float
    """Seconds until the oldest counted attempt leaves the window; of a refused one, until there is room for it."""
    window: float
    """The window's length in seconds."""


attempt_of, taken_of = quickly(Attempt), quickly(Taken)


class CountersDown(Exception):
    """Whoever counts cannot be reached: what that means is for each limit to say."""


Counted: TypeAlias = list[Taken] | Awaitable[list[Taken]]
"""At hand where counting costs no trip; else to be awaited, which may raise CountersDown."""


class Counters(Protocol):
    """Counts attempts by key; never more than the limit in any window."""

    def take(self, attempts: Sequence[Attempt]) -> Counted:
        """Count them all, or none of them where one is refused: in one step, and at most one trip.

        The answers come in the order of the attempts, whose keys differ.
        """
        ...


class LocalCounters(Counters, Protocol):
    """Counts in this process, at once."""

    def take(self, attempts: Sequence[Attempt]) -> list[Taken]:
        """Count them all, or none."""
        ...
