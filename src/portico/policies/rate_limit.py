"""RateLimit: so many attempts in any window."""

from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING, ClassVar, Literal

from portico.core.call import Call
from portico.core.limits import parse_rate
from portico.core.policy import Contract, Policy, Stage
from portico.core.template import Template
from portico.errors import BadCredentials, Error, RateLimited
from portico.ports.counters import Taken

if TYPE_CHECKING:
    from portico.core.result import Result

HEADERS = ("RateLimit", "RateLimit-Policy", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")


class RateLimit(Policy):
    """At most so many attempts in any window: `RateLimit("5/15m", by="ip+{email}")`.

    `rate` is a number over a window (`30/m`, `5/15m`, `100/h`, `1/d`) or the name of a preset (`api`, `auth`, …), whose
    number is a setting. `by` joins with `+` what counts together: `user` (the address where nobody is signed in),
    `org`, `ip` (an IPv6 address by its /64), a word, or a template of input members. Each layer that declares a limit
    counts for itself: the application's over all actions, a module's over its own, an action's alone.
    """

    rate: str
    by: str = "user"
    counts: Literal["attempts", "failures"] = "attempts"
    """`failures`: only refused credentials use it up, so that success costs nothing."""
    scope: str = ""
    """Which attempts count together; the layer that declares it, unless said otherwise."""
    stacks: ClassVar[bool] = True
    limits: ClassVar[bool] = True

    def __post_init__(self) -> None:
        """Raise Misconfigured where the rate cannot be read."""
        parse_rate(self.rate)

    @property
    def stage(self) -> Stage:
        """By address alone: before anything else; otherwise once the caller is known."""
        return Stage.CALLER if self.by == "ip" else Stage.LIMIT

    def placed(self, layer: str, action: str) -> "RateLimit":
        """Count by the layer where it was written."""
        kind = FailureLimit if self.counts == "failures" else RateLimit
        return kind(self.rate, self.by, self.counts, self.scope or layer)

    def decide(self, call: Call) -> Error | None:
        """Count the attempt, or refuse it."""
        key = self.key(call)
        if key is None:
            return None
        limit, window = call.services.rate(self.rate)
        return self.judge(call, call.services.counters.take(key, limit, window))

    def judge(self, call: Call, taken: Taken) -> Error | None:
        """Tell the caller what is left; refuse where nothing is."""
        call.answer.limits.append((self.scope, taken))
        return None if taken.allowed else RateLimited(retry_after=taken.reset, by_input="{" in self.by)

    def contract(self) -> Contract:
        """It may answer RATE_LIMIT_EXCEEDED, and tells what is left."""
        return Contract(errors=(RateLimited,), headers=HEADERS)

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
        filled = part.fill(call.values) if isinstance(part, Template) else part
        return filled.casefold() if filled is not None else None


class FailureLimit(RateLimit):
    """A limit that only refused credentials use up."""

    def decide(self, call: Call) -> Error | None:
        """Refuse where too many have failed."""
        key = self.key(call)
        if key is None:
            return None
        limit, window = call.services.rate(self.rate)
        return self.judge(call, call.services.counters.peek(key, limit, window))

    def record(self, call: Call, result: "Result[object]") -> None:
        """Count a failure."""
        key = self.key(call) if isinstance(result.error, BadCredentials) else None
        if key is not None:
            call.services.counters.take(key, *call.services.rate(self.rate))


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
