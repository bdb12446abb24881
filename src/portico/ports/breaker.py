"""Breakers: a service that keeps failing is left alone for a while, then tried by one call."""

from typing import Literal, NamedTuple, Protocol, TypeAlias

State: TypeAlias = Literal["closed", "open", "half-open"]


class Rule(NamedTuple):
    """When a breaker opens, and when it is tried again; times are in seconds."""

    failures: int = 5
    """So many of them within `window` open it."""
    window: float = 60.0
    reset: float = 30.0
    """How long it stays open before one call is let through."""
    lease: float = 60.0
    """After this time a probe that nobody has heard of frees its place."""


class Pass(NamedTuple):
    """What a call is told that wants to go out."""

    allowed: bool
    probe: str = ""
    """The token of the one probe; empty for any other call."""
    wait: float = 0.0
    """Seconds after which asking again makes sense, where it is not allowed."""


class Condition(NamedTuple):
    """What a breaker looks like from outside."""

    state: State
    failures: int
    """Those that still count."""
    wait: float
    """Seconds until a call may be let through; 0 where one may now."""


class BreakersDown(Exception):
    """Whoever keeps the breakers cannot be reached: each process then keeps its own."""


class Breakers(Protocol):
    """Keeps one breaker for each service. Every method may raise BreakersDown.

    closed: calls pass, failures are counted. open: none passes. half-open: one probe passes at a time; its success
    closes the breaker, its failure opens it again. What calls come to that began before it opened changes nothing.
    """

    async def admit(self, service: str, rule: Rule) -> Pass:
        """May a call go out? In half-open the first to ask is the probe."""
        ...

    async def succeed(self, service: str, *, probe: str) -> None:
        """The probe came back: close the breaker, and forget the failures."""
        ...

    async def fail(self, service: str, rule: Rule, *, probe: str) -> None:
        """A call failed: count it, or, where it was the probe, open again."""
        ...

    async def abandon(self, service: str, *, probe: str) -> None:
        """The probe was given up and shows nothing: another may go."""
        ...

    async def condition(self, service: str, rule: Rule) -> Condition:
        """What it looks like now; changes nothing."""
        ...
