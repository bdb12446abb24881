"""RateLimit: so many attempts in any window."""

import re
from collections.abc import Mapping, Sized
from dataclasses import field, replace
from functools import cached_property, lru_cache, reduce
from typing import TYPE_CHECKING, ClassVar, Literal

from portico.core.addresses import address_of, prefix_of
from portico.core.call import Call
from portico.core.charge import Charge, Part, Terms, rule_of
from portico.core.charging import Steady
from portico.core.limits import PRESETS, Rate, parse_rate
from portico.core.policy import Contract, Stage
from portico.core.template import Template
from portico.errors import Misconfigured, RateLimited, Unavailable
from portico.ports.counters import Fail, rule_made

if TYPE_CHECKING:
    from portico.core.result import Result

SEPARATOR = "\x1f"
HEADERS = ("RateLimit", "RateLimit-Policy", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")
BY_ADDRESS = {"ip", "prefix"}
BY_CALL = {*BY_ADDRESS, "org"}
"""What may differ between two calls with one credential; which organization it works in may change, too."""
NAME = re.compile(r"[\x20-\x7e]*")
MEMBER = re.compile(r"\{[^{}]+\}")


class RateLimit(Steady):
    """At most so many attempts in any window: `RateLimit("5/15m", by="prefix+{email}")`.

    `rate` is a number over a window (`30/m`, `5/15m`, `100/h`, `1/d`) or the name of a preset (`api`, `auth`, …), whose
    number is a setting. `by` joins with `+` what counts together: `user` (the address where nobody is signed in),
    `org`, `ip` (an IPv6 address by its /64), `prefix` (an IPv4 address by its /24, too), a word, or a template of input
    members. Each layer that declares a limit counts for itself: the application's over all actions, a module's over
    its own, an action's alone.
    """

    rate: str
    by: str = ""
    """What counts together; as the preset says, else by `user`."""
    counts: Literal["attempts", "failures"] = "attempts"
    """`failures`: only refused guesses at a secret use it up, so that success costs nothing."""
    scope: str = ""
    """Which attempts count together; the layer that declares it, unless said otherwise."""
    fail: Fail | None = None
    """What holds while nobody can count for all processes: `local` lets each process count for itself, `open` lets all
    pass, `closed` refuses all with 503; as the preset says, else `local`. The log says so."""
    cost: int | str = 1
    """How much one attempt uses up: a number, or `{member}`, the input member that is one or is as long as that."""
    plans: Mapping[str, str] = field(default_factory=dict, hash=False)
    """The rates of organizations on certain plans: `{"pro": "300/m"}`."""
    stacks: ClassVar[bool] = True
    limits: ClassVar[bool] = True

    def __post_init__(self) -> None:
        """Raise Misconfigured where a rate, the cost or the scope cannot be read."""
        for rate in (self.rate, *self.plans.values()):
            parse_rate(rate)
        self._check()

    @cached_property
    def counted_by(self) -> str:
        """What counts together."""
        return self.by or (PRESETS[self.rate].by if self.rate in PRESETS else "user")

    @cached_property
    def failing(self) -> Fail:
        """What holds while nobody can count."""
        return self.fail or (PRESETS[self.rate].fail if self.rate in PRESETS else "local")

    @cached_property
    def _by_input(self) -> bool:
        """Whether another call of the same user might pass: with other input, from elsewhere, on another plan."""
        known = BY_CALL.isdisjoint(self.counted_by.split("+")) and "{" not in self.counted_by
        return isinstance(self.cost, str) or bool(self.plans) or not known

    @property
    def stage(self) -> Stage:
        """By address alone: before anything else; otherwise once the caller is known."""
        early = self.counted_by in BY_ADDRESS and isinstance(self.cost, int) and not self.plans
        return Stage.CALLER if early else Stage.LIMIT

    def placed(self, layer: str, action: str) -> "RateLimit":
        """Count by the layer where it was written."""
        kind = FailureLimit if self.counts == "failures" else RateLimit
        scope = self.scope or layer
        return kind(self.rate, self.by, self.counts, scope, self.fail, self.cost, self.plans)

    def charge(self, call: Call) -> Charge | None:
        """Count the attempt; not where the input that would say what counts is invalid."""
        key = part_of(self.counted_by)(call)
        if key is None:
            return None
        limit, window = call.services.rate(self.plans.get(call.facts.org_plan or "", self.rate))
        return self._terms(limit, window, self._weigh(call, self.cost)).charge(key)

    def terms(self, rate: Rate) -> Terms | None:
        """All but the rest of the key, unless a plan or the input has a say."""
        if self.plans or isinstance(self.cost, str):
            return None
        return self._terms(*rate(self.rate), self.cost)

    def contract(self) -> Contract:
        """It may answer RATE_LIMIT_EXCEEDED, and where it fails closed that nobody can count; it tells what is left."""
        errors = (RateLimited, Unavailable) if self.failing == "closed" else (RateLimited,)
        return Contract(errors=errors, headers=HEADERS, plans=tuple(self.plans))

    def _terms(self, limit: int, window: float, cost: int) -> Terms:
        rule = rule_made(limit, window, min(cost, limit), self.scope, self.failing, self._by_input)
        return Terms(head_of(self.scope, self.counted_by, window), part_of(self.counted_by), rule)

    @staticmethod
    def _weigh(call: Call, cost: int | str) -> int:
        """How much it costs: at least 1, as an invalid attempt is one, too."""
        if isinstance(cost, int):
            return cost
        found = call.values.get(cost[1:-1])
        return max(1, found if isinstance(found, int) else len(found) if isinstance(found, Sized) else 1)

    def _check(self) -> None:
        whole = self.cost if isinstance(self.cost, int) else 1
        if whole < 1 or (isinstance(self.cost, str) and not MEMBER.fullmatch(self.cost)):
            message = (
                f"RateLimit(cost={self.cost!r}): write a whole number from 1, or an input member such as {{items}}"
            )
        elif not all(self.counted_by.split("+")):
            message = f"RateLimit(by={self.by!r}): write what counts together, such as user+{{email}}"
        elif not NAME.fullmatch(self.scope) or '"' in self.scope or "\\" in self.scope:
            message = f"RateLimit(scope={self.scope!r}): callers read it in a header; write plain words without quotes"
        else:
            return
        raise Misconfigured(message)


class FailureLimit(RateLimit):
    """A limit that only refused guesses use up."""

    def charge(self, call: Call) -> Charge | None:
        """Look how many have failed."""
        charge = super().charge(call)
        return None if charge is None else charge._replace(attempt=charge.attempt._replace(cost=0))

    def terms(self, rate: Rate) -> Terms | None:
        """The same of all looks."""
        terms = super().terms(rate)
        return None if terms is None else terms._replace(rule=replace(terms.rule, cost=0))

    def record(self, call: Call, result: "Result[object]") -> None:
        """Note a failure, to be counted."""
        if result.error is not None and result.error.guess and (charge := super().charge(call)) is not None:
            call.notes.guesses.append((charge.attempt.key, rule_of(charge)))


@lru_cache(maxsize=1024)
def head_of(scope: str, counted_by: str, window: float) -> str:
    """What keys of a limit begin with."""
    return f"{scope}{SEPARATOR}{counted_by}{SEPARATOR}{window}"


@lru_cache(maxsize=1024)
def part_of(counted_by: str) -> Part:
    """Reads what counts together off a call; the same one for all limits that count by the same."""
    return reduce(_joined, [PARTS.get(part) or _part_of(part) for part in counted_by.split("+")])


def _joined(one: Part, other: Part) -> Part:
    """One after the other; None where one of them is."""

    def joined(call: Call) -> str | None:
        first, second = one(call), other(call)
        return None if first is None or second is None else first + second

    return joined


def _part_of(written: str) -> Part:
    """A word counts as it is; a template as it is filled, whatever its case."""
    if "{" not in written:
        return lambda _call: SEPARATOR + written.casefold()
    fill = Template(written).fill

    def filled(call: Call) -> str | None:
        found = fill(call.values)
        return None if found is None else SEPARATOR + found.casefold()

    return filled


def _user(call: Call) -> str:
    user = call.facts.user_id
    return SEPARATOR + user.hex if user else SEPARATOR + address_of(call.request.ip)


def _org(call: Call) -> str:
    org = call.facts.org_id
    return f"{SEPARATOR}{org!s}" if org else SEPARATOR


PARTS: Mapping[str, Part] = {
    "user": _user,
    "org": _org,
    "ip": lambda call: SEPARATOR + address_of(call.request.ip),
    "prefix": lambda call: SEPARATOR + (prefix_of(call.request.ip) or ""),
}
