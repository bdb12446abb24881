"""A breaker around a call to another service."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import lru_cache, wraps
from types import TracebackType
from typing import ParamSpec, TypeVar, cast

from portico.core.fitting import refuse_bare
from portico.core.outages import is_outage
from portico.core.outbound import Outbound, running
from portico.core.reporting import OUTSIDE
from portico.errors import CircuitOpen
from portico.ports.breaker import Breakers, BreakersDown, Condition, Pass, Rule

P = ParamSpec("P")
T = TypeVar("T")
NO_FALLBACK = object()
log = logging.getLogger("portico")


class Guard:
    """One call under its service's breaker; raises CircuitOpen where the service is left alone."""

    __slots__ = ("_breakers", "_outbound", "_pass", "_rule", "_service")

    def __init__(self, outbound: Outbound, service: str, *, lease: float | None = None) -> None:
        """`lease` is how long the call may take at most, in seconds, where that is known."""
        rule = outbound.rule(service)
        self._outbound, self._service = outbound, service
        self._rule: Rule = rule if lease is None else rule._replace(lease=lease)
        self._breakers: Breakers = outbound.breakers
        self._pass = Pass(allowed=True)

    async def enter(self) -> None:
        """Ask for the way out."""
        self._outbound.seen[self._service] = None
        try:
            self._pass = await self._breakers.admit(self._service, self._rule)
        except BreakersDown:
            tell(self._outbound.clock.seconds() // 60)
            self._breakers = self._outbound.local
            self._pass = await self._breakers.admit(self._service, self._rule)
        if not self._pass.allowed:
            raise CircuitOpen(retry_after=self._pass.wait)

    async def leave(self, problem: BaseException | None, *, failed: bool) -> None:
        """Say what came of it; a call that was given up says nothing."""
        probe, service = self._pass.probe, self._service
        try:
            if failed:
                await self._breakers.fail(service, self._rule, probe=probe)
            elif probe and (problem is None or isinstance(problem, Exception)):
                await self._breakers.succeed(service, probe=probe)
            elif probe:
                await self._breakers.abandon(service, probe=probe)
        except BreakersDown:
            if failed:
                await self._outbound.local.fail(service, self._rule, probe="")


class Breaking:
    """What `breaker` makes: `async with` it, or decorate a function with it; one may serve many calls at once."""

    def __init__(self, service: str, fallback: object = NO_FALLBACK) -> None:
        """Under that service's breaker; without a fallback, failures are raised."""
        self.service = service
        self._fallback = fallback
        self._inside: dict[asyncio.Task[object] | None, list[Guard]] = {}

    async def __aenter__(self) -> None:
        """Raise CircuitOpen where the service is left alone."""
        guard = Guard(running(f"breaker({self.service!r})"), self.service)
        await guard.enter()
        self._inside.setdefault(asyncio.current_task(), []).append(guard)

    async def __aexit__(
        self, _kind: type[BaseException] | None, problem: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Count what failed."""
        task = asyncio.current_task()
        guard = self._inside[task].pop()
        if not self._inside[task]:
            del self._inside[task]
        await guard.leave(problem, failed=problem is not None and is_outage(problem))

    def __call__(self, function: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
        """The function under the breaker, or what stands in for it."""

        @wraps(function)
        async def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
            try:
                async with self:
                    return await function(*args, **kwargs)
            except Exception as problem:
                if self._fallback is NO_FALLBACK or not (isinstance(problem, CircuitOpen) or is_outage(problem)):
                    raise
                log.warning(
                    "%s is out of reach (%s): its fallback answers", self.service, type(problem).__name__, extra=OUTSIDE
                )
                if callable(self._fallback):
                    return cast("T", await self._fallback(*args, **kwargs))
                return cast("T", self._fallback)

        return guarded


def breaker(service: str, *, fallback: object = NO_FALLBACK) -> Breaking:
    """Leave a service alone that keeps failing.

    Write `async with breaker("holidays"): …`, or use it as a decorator. Network errors, timeouts and answers of 500
    and above count; after too many the service is left alone for a while, and callers are told CircuitOpen at once.
    Under the decorator `fallback` stands in then, and where a call fails: a value, or an async function of the same
    arguments. The numbers are the setting PORTICO_BREAKERS.
    """
    refuse_bare('breaker("service")', service)
    return Breaking(service, fallback)


async def breakers() -> Mapping[str, Condition]:
    """How the breakers of the services stand that this process has called, by name."""
    return await running("breakers()").conditions()


@lru_cache(maxsize=1)
def tell(minute: float) -> None:
    """Say in the log that breakers are not shared; once in each minute."""
    del minute
    log.error("the shared breakers do not answer: each process keeps its own until they do", extra=OUTSIDE)
