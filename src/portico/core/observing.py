"""Calls that are looked at while they run: for logs of what is slow, metrics and traces.

An application that nobody looks at has the plain `Pipeline` and plain connections: it pays nothing for what is here.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import replace
from time import perf_counter
from typing import Any, ClassVar, TypeAlias

from portico.core.call import Call, Services
from portico.core.pipeline import Pipeline, Receive
from portico.core.plan import Plan
from portico.core.policy import Handler, Policy
from portico.core.result import Result
from portico.errors import Error
from portico.ports.statements import Kind, Seen

Span: TypeAlias = Callable[[str], AbstractContextManager[object]]
"""Opens a span of a trace, by name, as long as a block runs."""


class Sight:
    """What is seen of one call."""

    __slots__ = (
        "began",
        "call",
        "error",
        "handled",
        "kept",
        "left",
        "parts",
        "plan",
        "policies",
        "seconds",
        "statements",
    )

    def __init__(self, plan: Plan, call: Call) -> None:
        """It begins now."""
        self.plan, self.call = plan, call
        self.parts: dict[Kind, float] = {}
        """Seconds of trips to the database, by what they were for."""
        self.policies: dict[str, float] = {}
        """Seconds of the policies that waited, by name: their checks and refinements."""
        self.statements = 0
        """How many of the handler's own."""
        self.handled = 0.0
        """Seconds of the handler, what it waited for included."""
        self.kept: dict[object, Any] = {}
        """What observers keep of this call, each under itself."""
        self.error: Error | None = None
        self.left = False
        """Whether it was cut off: nobody waits for its answer."""
        self.seconds = 0.0
        """How long it took, once it is over."""
        self.began = perf_counter()

    def note(self, seen: Seen) -> None:
        """Count a trip."""
        parts = self.parts
        parts[seen.kind] = parts.get(seen.kind, 0.0) + seen.seconds
        self.statements += seen.kind == "statement"

    def timings(self) -> dict[str, object]:
        """For a line in the log: milliseconds of its parts, and the number of its statements."""
        found: dict[str, object] = {
            "sql_ms" if kind == "statement" else f"{kind}_ms": round(seconds * 1000, 2)
            for kind, seconds in self.parts.items()
            if kind != "begin"
        }
        if self.handled:
            found["handler_ms"] = round(self.handled * 1000, 2)
        if self.policies:
            found["policies_ms"] = {name: round(seconds * 1000, 2) for name, seconds in self.policies.items()}
        return {**found, "statements": self.statements}


class Observer:
    """Looks at calls; override only the hooks that it needs. None of them may raise."""

    trips: ClassVar[bool] = False
    """Whether it wants to know of trips to the database without looking at each."""

    def begin(self, sight: Sight) -> None:
        """A call begins."""

    def saw(self, seen: Seen, sight: Sight | None) -> None:
        """A trip to the database is over; None where no call made it."""

    def end(self, sight: Sight) -> None:
        """A call is over."""


CURRENT: ContextVar[Sight | None] = ContextVar("portico_sight", default=None)


class Eyes:
    """The observers of an application, sorted by their hooks."""

    def __init__(self, observers: Sequence[Observer]) -> None:
        """Ask each only what it answers."""
        self.begin = [o.begin for o in observers if type(o).begin is not Observer.begin]
        self.end = [o.end for o in observers if type(o).end is not Observer.end]
        self._saw = [o.saw for o in observers if type(o).saw is not Observer.saw]
        self.trips = bool(self._saw) or any(o.trips for o in observers)
        """Whether connections must be watched."""

    def __bool__(self) -> bool:
        """Whether anybody looks."""
        return self.trips or bool(self.begin or self.end)

    def saw(self, seen: Seen) -> None:
        """Show a trip to whoever looks: what connections are given."""
        sight = CURRENT.get()
        if sight is not None:
            sight.note(seen)
        for look in self._saw:
            look(seen, sight)


class Observed(Pipeline):
    """A pipeline whose calls are looked at."""

    plain = False

    def __init__(self, services: Services, plans: Mapping[str, Plan], eyes: Eyes, *, span: Span | None = None) -> None:
        """With `span`, the handler and each policy that may wait are parts of a trace.

        Without it, and where nobody wants trips, calls are only counted: their plans stay as they are.
        """
        inside = span is not None or eyes.trips
        seen = {name: watched(plan, span or untraced) for name, plan in plans.items()} if inside else plans
        super().__init__(services, seen)
        self._seen = {plan: seen[name] for name, plan in plans.items()}
        self._eyes = eyes

    async def run(self, plan: Plan, call: Call, receive: Receive) -> Result[Any]:
        """As the plain one. How long a client listens is no time that anything took: streams are not looked at."""
        if plan.action.kind == "subscription":
            return await super().run(plan, call, receive)
        sight = call.sight = Sight(plan, call)
        token = CURRENT.set(sight)
        for begin in self._eyes.begin:
            begin(sight)
        sight.left = True
        try:
            result = await super().run(self._seen.get(plan, plan), call, receive)
            sight.error, sight.left = result.error, False
        finally:
            sight.seconds = perf_counter() - sight.began
            for end in self._eyes.end:
                end(sight)
            CURRENT.reset(token)
        return result


def watched(plan: Plan, span: Span) -> Plan:
    """The plan, its handler and its waiting policies timed, each in a span."""

    def clocked(policies: Sequence[Policy]) -> tuple[Policy, ...]:
        return tuple(Clocked(policy, span) for policy in policies)

    return replace(
        plan,
        checks=clocked(plan.checks),
        refinements=clocked(plan.refinements),
        wraps=(Handling(span), *clocked(plan.wraps)),
    )


@contextmanager
def untraced(_name: str) -> Iterator[None]:
    """The span of who traces nothing."""
    yield


class Handling(Policy):
    """Times the handler; stands around all that wraps it."""

    span: Span

    async def wrap(self, call: Call, handler: Handler) -> object:
        """Run it; what another action calls is part of the outer one's time."""
        sight, began = CURRENT.get(), perf_counter()
        inner = sight is None or sight.call is not call
        try:
            with self.span(call.action if inner else "handle"):
                return await handler()
        finally:
            if sight is not None and not inner:
                sight.handled += perf_counter() - began


class Clocked(Policy):
    """A policy whose waiting hooks are timed, under its name."""

    policy: Policy
    span: Span

    async def check(self, call: Call) -> Error | None:
        """As the policy's."""
        with self._part("check"):
            return await self.policy.check(call)

    async def refine(self, call: Call) -> Error | None:
        """As the policy's."""
        with self._part("refine"):
            asked = self.policy.refine(call)
            return await asked if asked is not None else None

    async def wrap(self, call: Call, handler: Handler) -> object:
        """As the policy's; how long the handler takes within it is no time of its own."""
        with self.span(f"wrap {type(self.policy).__name__}"):
            return await self.policy.wrap(call, handler)

    @contextmanager
    def _part(self, hook: str) -> Iterator[None]:
        name, sight, began = type(self.policy).__name__, CURRENT.get(), perf_counter()
        try:
            with self.span(f"{hook} {name}"):
                yield
        finally:
            if sight is not None:
                sight.policies[name] = sight.policies.get(name, 0.0) + perf_counter() - began
