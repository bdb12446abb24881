"""Counting attempts in a sliding window."""

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple, Protocol, TypeAlias

from portico.ports.quick import quickly

Fail: TypeAlias = Literal["open", "closed", "local"]


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """What is the same of a limit, whoever tries. `rule_made` makes each once: it is equal to itself alone."""

    limit: int
    window: float
    """In seconds."""
    cost: int = 1
    """How much an attempt uses up, at most `limit`; 0 looks and counts nothing."""
    name: str = ""
    """What callers are told the limit is called."""
    fail: Fail = "local"
    """What holds while nobody can count."""
    by_input: bool = False
    """Whether another call of the same user might pass: with other input, from elsewhere, on another plan."""


rule_made = lru_cache(maxsize=4096)(Rule)
Left: TypeAlias = tuple[int, float]
"""How much is left of a limit; and seconds until the oldest counted attempt leaves the window, or, where the limit
refuses, until there is room for what it has refused."""


class Taken(NamedTuple):
    """What an attempt has found under all of its rules."""

    rules: tuple[Rule, ...]
    left: list[Left]
    """Of each rule."""
    refused: Sequence[int]
    """Which of the rules refuse it, by their places; where one does, it is counted under none."""

    @property
    def allowed(self) -> bool:
        """Whether it has been counted."""
        return not self.refused

    @property
    def reset(self) -> float:
        """Seconds until there is room for it, where it was refused."""
        return max(self.left[n][1] for n in self.refused)

    def then(self, other: "Taken") -> "Taken":
        """This, and what was found later under other rules."""
        refused = other.refused and [*map(len(self.rules).__add__, other.refused)]
        if self.refused:
            refused = [*self.refused, *refused]
        return taken_of((self.rules + other.rules, self.left + other.left, refused))


taken_of = quickly(Taken)


class CountersDown(Exception):
    """Whoever counts cannot be reached: what that means is for each limit to say."""


Counted: TypeAlias = Taken | Awaitable[Taken]
"""At hand where counting costs no trip; else to be awaited, which may raise CountersDown."""


async def counted(taken: Counted) -> Taken:
    """What was counted, wherever; may raise CountersDown."""
    return taken if isinstance(taken, Taken) else await taken


class Counters(Protocol):
    """Counts attempts by key; never more than the limit in any window."""

    def take(self, keys: Sequence[str], rules: tuple[Rule, ...]) -> Counted:
        """Count an attempt under each rule, or under none where one refuses it: in one step, and at most one trip.

        There is a key for each rule, which says what counts together; of each window and kind of caller another one.
        """
        ...


class LocalCounters(Counters, Protocol):
    """Counts in this process, at once."""

    def take(self, keys: Sequence[str], rules: tuple[Rule, ...]) -> Taken:
        """Count an attempt under each rule, or under none."""
        ...
