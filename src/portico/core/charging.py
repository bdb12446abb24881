"""Counting what a call uses up of its limits: all limits of a stage in one go."""

import logging
from collections.abc import Awaitable, Sequence
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import NoReturn, TypeAlias

from portico.core.call import Call
from portico.core.charge import Part, Terms, rule_of
from portico.core.limits import Rate
from portico.core.policy import Policy
from portico.core.reporting import OUTSIDE
from portico.errors import RateLimited, Unavailable
from portico.ports.counters import CountersDown, Rule, Taken, counted

Bill: TypeAlias = tuple[list[str], tuple[Rule, ...]]
"""What a call is counted by, and under which rules."""
WAIT = 5.0
"""Seconds after which it is worth to ask again whether somebody counts."""
log = logging.getLogger("portico")


class Steady(Policy):
    """A limit that says ahead what is the same of its charges: `charge` is not asked of each call."""

    def terms(self, rate: Rate) -> Terms | None:
        """All but the rest of the key, under the settings that `rate` reads; None where that differs by call."""
        return None


class Toll:
    """What calls use up of the limits of a stage; what is the same for all of them is worked out once."""

    __slots__ = ("_limits", "_rate", "_rules", "_shares", "_terms")

    _shares: tuple[tuple[Part, tuple[str, ...]], ...] | None
    """How keys end, with the heads of all that end so; None where the rules depend on the call."""
    _rules: tuple[Rule, ...]
    _terms: Sequence[Terms | None]
    """Of each limit; None where it says of each call what that uses up."""

    def __init__(self, limits: Sequence[Policy]) -> None:
        """Worked out at the first call, whose application knows the settings."""
        self._limits = limits
        self._rate: Rate | None = None

    def of(self, call: Call) -> Bill:
        """What the call uses up."""
        if self._rate is not call.services.rate:
            self._settle(call.services.rate)
        if self._shares is None:
            return self._one_by_one(call)
        keys: list[str] = []
        for part, heads in self._shares:
            key = part(call)
            if key is None:
                return self._one_by_one(call)
            for head in heads:
                keys.append(head + key)  # noqa: PERF401  # a comprehension would cost a frame more
        return keys, self._rules

    def _settle(self, rate: Rate) -> None:
        """Work out what is the same for all calls under those settings."""
        self._terms = [_terms_of(policy, rate) for policy in self._limits]
        known = [terms for terms in self._terms if terms is not None]
        shares = ((part, tuple(one.head for one in ones)) for part, ones in groupby(known, attrgetter("part")))
        self._shares = tuple(shares) if len(known) == len(self._limits) else None
        self._rules = tuple(terms.rule for terms in known)
        self._rate = rate

    def _one_by_one(self, call: Call) -> Bill:
        """Where some limit says only of each call what it uses up, or does not count this one."""
        keys: list[str] = []
        rules: list[Rule] = []
        for policy, terms in zip(self._limits, self._terms, strict=True):
            if terms is None:
                if (charge := policy.charge(call)) is not None:
                    keys.append(charge.attempt.key)
                    rules.append(rule_of(charge))
            elif (key := terms.part(call)) is not None:
                keys.append(terms.head + key)
                rules.append(terms.rule)
        return keys, tuple(rules)


def _terms_of(policy: Policy, rate: Rate) -> Terms | None:
    """What is the same of its charges; None where its class charges otherwise than the terms say."""
    if not isinstance(policy, Steady):
        return None
    last = next(kind for kind in type(policy).__mro__ if "charge" in vars(kind) or "terms" in vars(kind))
    return policy.terms(rate) if "terms" in vars(last) else None


def charge(bill: Bill, call: Call) -> Awaitable[None] | None:
    """Count it all, or nothing where one limit refuses; None where that is done, else what is to be awaited.

    Either raises RateLimited, or Unavailable where nobody can count and one of the limits fails closed.
    """
    keys, rules = bill
    if not keys:
        return None
    try:
        taken = call.services.counters.take(keys, rules)
    except CountersDown:
        _alone(bill, call)
        return None
    if not isinstance(taken, Taken):
        return _waited(bill, taken, call)
    _judge(taken, call)
    return None


async def count_guesses(call: Call) -> None:
    """Count the refused guesses that the call has noted."""
    guesses, call.notes.guesses = call.notes.guesses, []
    try:
        await counted(call.services.counters.take(*_apart(guesses)))
    except CountersDown:
        tell(call.services.clock.seconds() // 60)
        call.services.local.take(*_apart([(key, rule) for key, rule in guesses if rule.fail != "open"]))


async def _waited(bill: Bill, taken: Awaitable[Taken], call: Call) -> None:
    try:
        found = await taken
    except CountersDown:
        _alone(bill, call)
    else:
        _judge(found, call)


def _judge(taken: Taken, call: Call) -> None:
    """Tell the caller what is left of each; raise RateLimited where one is used up."""
    answer = call.answer
    answer.limits = taken if answer.limits is None else answer.limits.then(taken)
    if taken.refused:
        _refuse(taken)


def _refuse(taken: Taken) -> NoReturn:
    refused = [taken.rules[n] for n in taken.refused]
    raise RateLimited(
        retry_after=taken.reset,
        by_input=any(rule.by_input for rule in refused),
        violated=tuple(rule.name for rule in refused),
    )


def _alone(bill: Bill, call: Call) -> None:
    """What holds while nobody can count for all processes."""
    tell(call.services.clock.seconds() // 60)
    if any(rule.fail == "closed" for rule in bill[1]):
        raise Unavailable(retry_after=WAIT)
    held = [(key, rule) for key, rule in zip(*bill, strict=True) if rule.fail == "local"]
    if held:
        _judge(call.services.local.take(*_apart(held)), call)


def _apart(pairs: Sequence[tuple[str, Rule]]) -> Bill:
    """The keys, and the rules."""
    return [key for key, _ in pairs], tuple(rule for _, rule in pairs)


@lru_cache(maxsize=1)
def tell(minute: float) -> None:  # noqa: ARG001  # once in each
    """Say in the log that limits are not held as they should."""
    log.error("the counters of rate limits do not answer: each limit holds as its `fail` says", extra=OUTSIDE)
