"""What counters are asked and have found, one limit after another."""

from collections.abc import Sequence
from typing import NamedTuple

from portico.core.charge import Attempt
from portico.ports.counters import Rule, Taken


class Found(NamedTuple):
    """What an attempt has found of one limit."""

    allowed: bool
    limit: int
    remaining: int
    reset: float
    window: float


def asked(attempts: Sequence[Attempt]) -> tuple[list[str], tuple[Rule, ...]]:
    """The keys, and the rules."""
    return [attempt.key for attempt in attempts], tuple(Rule(*attempt[1:]) for attempt in attempts)


def each(taken: Taken) -> list[Found]:
    """What was found of each limit."""
    found = zip(taken.rules, taken.left, strict=True)
    return [
        Found(n not in taken.refused, rule.limit, remaining, reset, rule.window)
        for n, (rule, (remaining, reset)) in enumerate(found)
    ]
