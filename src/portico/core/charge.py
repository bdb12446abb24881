"""What a call uses up of a limit, as a value."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from portico.ports.counters import Fail, Rule, rule_made

if TYPE_CHECKING:
    from portico.core.call import Call

Part: TypeAlias = Callable[["Call"], str | None]
"""Reads a part of a key off a call; None where the input that would say it is invalid."""


class Attempt(NamedTuple):
    """What is to be counted of one limit."""

    key: str
    """What counts together; of each window and kind of caller a key of its own."""
    limit: int
    window: float
    """In seconds."""
    cost: int = 1
    """How much it uses up, at most `limit`; 0 looks and counts nothing."""


class Charge(NamedTuple):
    """What a call uses up of one limit."""

    attempt: Attempt
    name: str
    """What callers are told the limit is called."""
    fail: Fail = "local"
    """What holds while nobody can count."""
    by_input: bool = False
    """Whether another call of the same user might pass: with other input, from elsewhere, on another plan."""


class Terms(NamedTuple):
    """What is the same of a limit's charges, whoever calls."""

    head: str
    """What keys begin with, so that no two limits share a count."""
    part: Part
    """Reads off a call what else is in its key."""
    rule: Rule

    def charge(self, key: str) -> Charge:
        """The charge of a call with that key."""
        rule = self.rule
        attempt = Attempt(self.head + key, rule.limit, rule.window, rule.cost)
        return Charge(attempt, rule.name, rule.fail, rule.by_input)


def rule_of(charge: Charge) -> Rule:
    """All of a charge but its key."""
    (_, limit, window, cost), name, fail, by_input = charge
    return rule_made(limit, window, cost, name, fail, by_input)
