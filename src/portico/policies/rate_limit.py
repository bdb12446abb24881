"""RateLimit: so many attempts in any window."""

import logging
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING, ClassVar, Literal

from portico.core.addresses import prefix_of
from portico.core.call import Call
from portico.core.limits import parse_rate
from portico.core.policy import Contract, Policy, Stage
from portico.core.template import Template
from portico.errors import Error, RateLimited, Unavailable
from portico.ports.counters import CountersDown, Taken

if TYPE_CHECKING:
    from portico.core.result import Result

HEADERS = ("RateLimit", "RateLimit-Policy", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")
log = logging.getLogger("portico")


class RateLimit(Policy):
    """At most so many attempts in any window: `RateLimit("5/15m", by="prefix+{email}")`.

    `rate` is a number over a window (`30/m`, `5/15m`, `100/h`, `1/d`) or the name of a preset (`api`, `auth`, …), whose
    number is a setting. `by` joins with `+` what counts together: `user` (the address where nobody is signed in),
    `org`, `ip` (an IPv6 address by its /64), `prefix` (an IPv4 address by its /24, too), a word, or a template of input
    members. Each layer that declares a limit counts for itself: the application's over all actions, a module's over
    its own, an action's alone.
    """

    rate: str
    by: str = "user"
    counts: Literal["attempts", "failures"] = "attempts"
    """`failures`: only refused guesses at a secret use it up, so that success costs nothing."""
    scope: str = ""
    """Which attempts count together; the layer that declares it, unless said otherwise."""
    fail: Literal["open", "closed"] = "open"
    """What holds while nobody can count: `open` lets all pass, and the log says so; `closed` refuses all."""
    stacks: ClassVar[bool] = True
    limits: ClassVar[bool] = True

    def __post_init__(self) -> None:
        """Raise Misconfigured where the rate cannot be read."""
        parse_rate(self.rate)

    @property
    def stage(self) -> Stage:
        """By address alone: before anything else; otherwise once the caller is known."""
        return Stage.CALLER if self.by in {"ip", "prefix"} else Stage.LIMIT

    def placed(self, layer: str, action: str) -> "RateLimit":
        """Count by the layer where it was written."""
        kind = FailureLimit if self.counts == "failures" else RateLimit
        return kind(self.rate, self.by, self.counts, self.scope or layer, self.fail)

    def decide(self, call: Call) -> Error | None:
        """Count the attempt, or refuse it."""
        key = self.key(call)
        if key is None:
            return None
        try:
            taken = self.count(call, key)
        except CountersDown:
            return self._unheld(call)
        return self.judge(call, taken)

    def count(self, call: Call, key: str) -> Taken:
        """Count the attempt."""
        return call.services.counters.take(key, *call.services.rate(self.rate))

    def judge(self, call: Call, taken: Taken) -> Error | None:
        """Tell the caller what is left; refuse where nothing is."""
        call.answer.limits.append((self.scope, taken))
        return None if taken.allowed else RateLimited(retry_after=taken.reset, by_input="{" in self.by)

    def contract(self) -> Contract:
        """It may answer RATE_LIMIT_EXCEEDED, and where it fails closed that nobody can count; it tells what is left."""
        errors = (RateLimited, Unavailable) if self.fail == "closed" else (RateLimited,)
        return Contract(errors=errors, headers=HEADERS)

    def key(self, call: Call) -> str | None:
        """What counts together; None where the input that would say it is invalid."""
        key = self.scope
        for part in _parts(self.by):
            found = self._part(part, call)
            if found is None:
                return None
            key = f"{key}\x1f{found}"
        return key

    @staticmethod
    def _part(part: str | Template, call: Call) -> str | None:
        facts = call.facts
        if part == "user":
            return facts.user_id.hex if facts.user_id else address_of(call.request.ip)
        if part == "org":
            return str(facts.org_id or "")
        if part == "ip":
            return address_of(call.request.ip)
        if part == "prefix":
            return prefix_of(call.request.ip) or ""
        filled = part.fill(call.values) if isinstance(part, Template) else part
        return filled.casefold() if filled is not None else None

    def _unheld(self, call: Call) -> Error | None:
        """Nobody can count."""
        if self.fail == "closed":
            return Unavailable()
        tell(call.services.clock.seconds() // 60)
        return None


class FailureLimit(RateLimit):
    """A limit that only refused guesses use up."""

    def count(self, call: Call, key: str) -> Taken:
        """Look how many have failed."""
        return call.services.counters.peek(key, *call.services.rate(self.rate))

    def record(self, call: Call, result: "Result[object]") -> None:
        """Count a failure."""
        key = self.key(call) if result.error is not None and result.error.guess else None
        if key is None:
            return
        try:
            super().count(call, key)
        except CountersDown:
            tell(call.services.clock.seconds() // 60)


@lru_cache(maxsize=1)
def tell(minute: float) -> None:  # noqa: ARG001  # once in each
    """Say in the log that limits are not held."""
    log.error("the counters of rate limits do not answer: limits that fail open are not held")


@lru_cache(maxsize=1024)
def _parts(by: str) -> tuple[str | Template, ...]:
    """The parts of a key; those with places are templates."""
    return tuple(Template(part) if "{" in part else part for part in by.split("+"))


def address_of(ip: str | None) -> str:
    """The address that counts: IPv6 by its /64, which one subscriber has whole (RFC 6177)."""
    if ip is None or ":" not in ip:
        return ip or ""
    address = ip_address(ip)
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return ":".join(address.exploded.split(":")[:4]) + "::/64"
