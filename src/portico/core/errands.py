"""A handler that works outside of the transaction: under its service's breaker, in time, tried again, or replaced."""

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast

from portico.core.aside import Aside
from portico.core.breaking import NO_FALLBACK, Guard
from portico.core.call import Call
from portico.core.claiming import MARGIN, Claiming
from portico.core.dropping import drop_doubtful, dropped
from portico.core.errand import Errand
from portico.core.failing import again_or_raise
from portico.core.finishing import release, settle, settle_refusal
from portico.core.handling import encode_answer, perform
from portico.core.inputs import Arguments
from portico.core.journal import announce, journal_of
from portico.core.outages import is_outage
from portico.core.plan import Plan
from portico.core.reporting import about
from portico.core.result import Ok, Result
from portico.core.retrying import repeated
from portico.errors import CircuitOpen, Error, Unavailable

T = TypeVar("T")
LATER = 60.0
"""Seconds after which a caller may try again where a service has just failed."""
log = logging.getLogger("portico")


class Errands(Claiming):
    """Runs such calls: claimed first, then handled and settled."""

    @staticmethod
    async def run(plan: Plan, call: Call, arguments: Arguments) -> Result[Any]:
        """The handler, then the settling: to the end, whether or not the client stays."""
        aside, errand = cast("Aside", plan.aside), cast("Errand", call.errand)
        return await unbroken(_Running(plan, call, aside, errand, arguments).run())


async def unbroken(work: Coroutine[Any, Any, T]) -> T:
    """Run it to its end, also where whoever waits for it is cancelled."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        if not task.done():
            await asyncio.wait({task})
        if not task.cancelled():
            task.exception()  # nobody waits for it any more
        raise


@dataclass(frozen=True, slots=True)
class _Running:
    """One such call, once its key is claimed."""

    plan: Plan
    call: Call
    aside: Aside
    errand: Errand
    arguments: Arguments

    async def run(self) -> Result[Any]:
        plan, call = self.plan, self.call
        try:
            value = await self._handled()
            encode_answer(plan, call, value)
        except Exception as problem:
            told = self._meaning(problem)
            await settle_refusal(plan, call, told)
            if told is problem:
                raise
            raise told from problem
        except BaseException:
            await release(call)
            raise
        try:
            await settle(call, journal_of(call))
        except Exception as problem:
            await drop_doubtful(plan, call, problem)
            await release(call)
            if isinstance(problem, Error):
                raise
            again_or_raise(plan, call, problem, last=True)
        if call.noted is not None and call.noted.tags:
            await dropped(plan, call)
        announce(call)
        return Ok(value)

    async def _handled(self) -> object:
        """What the handler returns, tried again where its policies say so, or its fallback."""
        aside, outbound = self.aside, self.call.services.outbound
        try:
            if not aside.retried:
                return await self._once()
            worth = self._is_worth_retrying
            return await repeated(outbound, aside.service, self._once, tries=aside.tries, worth=worth)
        except Exception as problem:
            down = isinstance(problem, CircuitOpen) or self._is_to_blame(problem)
            if aside.fallback is NO_FALLBACK or self.errand.trail.wrote or not down:
                raise
            more = about(self.call, category="external")
            log.warning(
                "%s: %s is out of reach (%r): its fallback answers",
                self.call.action,
                aside.service,
                problem,
                extra=more,
            )
            return (await perform(_instead(self.plan, aside), self.call, self.arguments)).data

    async def _once(self) -> object:
        """One try, under the service's breaker and in a time of its own; what it noted in vain is forgotten."""
        call, outbound = self.call, self.call.services.outbound
        seconds = outbound.time_for(self.aside.timeout)
        answer, mark = call.answer, call.notes.mark
        kept = len(answer.headers), len(answer.cookies)
        guard = Guard(outbound, self.aside.service, lease=seconds + MARGIN)
        await guard.enter()
        try:
            async with asyncio.timeout(seconds):
                result = await perform(self.plan, call, self.arguments)
        except BaseException as problem:
            await guard.leave(problem, failed=self._is_to_blame(problem))
            call.notes.rewind(mark)
            del answer.headers[kept[0] :], answer.cookies[kept[1] :]
            raise
        await guard.leave(None, failed=False)
        return result.data

    def _meaning(self, problem: Exception) -> Exception:
        """What the problem means to the caller."""
        if isinstance(problem, Error):
            return problem
        if self._is_to_blame(problem):
            more = about(self.call, category="external")
            log.error("%s: %s is out of reach", self.call.action, self.aside.service, exc_info=problem, extra=more)
            return Unavailable(retry_after=LATER)
        try:
            again_or_raise(self.plan, self.call, problem, last=True)
        except Exception as told:  # noqa: BLE001  # handed to the caller
            return told
        return problem

    def _is_worth_retrying(self, problem: BaseException) -> bool:
        """Whether another try is: not once something was written, and not where the database has failed."""
        trail = self.errand.trail
        return not trail.wrote and problem is not trail.failed and self.aside.worth(problem)

    def _is_to_blame(self, problem: BaseException) -> bool:
        """Whether the other service is, and not the database."""
        return is_outage(problem) and problem is not self.errand.trail.failed


def _instead(plan: Plan, aside: Aside) -> Plan:
    """The plan with the fallback as its handler."""

    async def handler(*arguments: object, **input: object) -> object:
        return await aside.fallback(*arguments, **input) if callable(aside.fallback) else aside.fallback

    return replace(plan, handler=handler, refinements=(), wraps=())
