"""The life of a call. The order is fixed here, and nobody can put two policies in the wrong one.

`lifecycle.LIFE` names the steps in the order in which these functions take them.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from copy import copy
from typing import Any, ClassVar, Protocol, TypeAlias

from portico.core.call import Call, Services
from portico.core.checking import check
from portico.core.decisions import arrive, count_caller, decide_all, let_in
from portico.core.dropping import drop, drop_doubtful
from portico.core.entering import FirstSight, entry_of, introduce, must_pass_gate, pass_gate
from portico.core.failing import again_or_raise, mask, masking, refuse
from portico.core.handling import encode_answer, perform
from portico.core.inputs import Bound
from portico.core.journal import announce, journal_of
from portico.core.nesting import Nesting
from portico.core.noting import note
from portico.core.plan import Plan
from portico.core.recall import Recall
from portico.core.replaying import replay
from portico.core.reporting import about
from portico.core.result import Err, Ok, Result
from portico.core.streams import Streams
from portico.core.watch import Watch
from portico.errors import Error
from portico.ports.database import Transaction

ATTEMPTS = 3
"""How often a transaction runs that the database wants run again."""
LEFT = tuple(reversed(range(ATTEMPTS)))
LEFT_AFTER_EXCHANGE = (ATTEMPTS, *LEFT)
Receive: TypeAlias = Callable[[], Awaitable[Bound]]
Attempt: TypeAlias = Callable[[Plan, Call, Bound], Awaitable[Result[Any] | None]]
log = logging.getLogger("portico")


class Begin(Protocol):
    """Where a call's transaction comes from."""

    def __call__(self, *, read_only: bool, seconds: float | None) -> Transaction:
        """One that takes a connection when it is used."""
        ...


class Pipeline:
    """Runs calls of an application's actions."""

    plain: ClassVar[bool] = True
    """Whether nobody looks at the calls, so that what needs no run of its own may take a shorter way."""

    def __init__(self, services: Services, plans: Mapping[str, Plan]) -> None:
        """The plans by action name, and the services that every call uses."""
        self.services = services
        self.plans = plans
        self._recall = Recall(services.clock)
        if any(plan.aside for plan in plans.values()):
            from portico.core.errands import Errands  # only who calls other services loads it

            self._errands = Errands(self._recall)
        self._nesting = Nesting(plans)
        self._watch = Watch()
        self.begin: Begin | None = None
        self.streams: Streams | None = None
        """Those that are open, where there are subscriptions."""

    def on(self, begin: Begin) -> "Pipeline":
        """The same for calls on transactions that somebody else begins; with it they share limits and watch."""
        other = copy(self)
        other.begin = begin
        return other

    def under(self, services: Services) -> "Pipeline":
        """The same with other services."""
        other = copy(self)
        other.services = services
        return other

    async def admit(self, plan: Plan, call: Call) -> None:
        """401, 403 and limits of a plan, for a call that has passed the gate; raises what refuses."""
        if (waiting := let_in(plan, call, self._recall)) is not None:
            await waiting

    async def count(self, plan: Plan, call: Call) -> Err | None:
        """Count a call whose answer is at hand, so that it is not run: the refusal where its limits are used up."""
        try:
            if plan.caller_limits and (waiting := count_caller(plan, call)) is not None:
                await waiting
            if (waiting := let_in(plan, call, self._recall)) is not None:
                await waiting
        except Error as error:
            return await refuse(plan, call, mask(plan, call, error))
        return None

    async def run(self, plan: Plan, call: Call, receive: Receive) -> Result[Any]:
        """One call, from its arrival to its commit; whatever is refused comes back as a value."""
        call.invoke, call.prefix = self._nesting.call, plan.action.place.prefix
        call.patience.seconds = plan.seconds or call.patience.seconds
        try:
            if plan.caller_limits and (waiting := count_caller(plan, call)) is not None:
                await waiting
            arrive(plan, call)
            bound = await receive()
            if bound.refusal is None and bound.errors is None:
                call.values = plan.binder.flatten(bound.arguments)
            self._recall.check(plan.action.name, call)
            attempt = self._attempt if plan.aside is None else self._errands.claim
            result = await self._attempts(plan, call, bound, attempt=attempt)
            if call.noted is not None and plan.read_only:
                await note(call)
            return await self._outside(plan, call, bound) if result is None else result
        except Error as error:
            return await refuse(plan, call, mask(plan, call, error))
        except Exception as problem:
            log.exception("%s failed", plan.action.name, extra=about(call, problem))
            return await refuse(plan, call, masking(problem))
        except asyncio.CancelledError:
            if call.patience.cut is None:  # a host's
                raise
            return await refuse(plan, call, _told(call.patience.cut))

    async def _outside(self, plan: Plan, call: Call, bound: Bound) -> Result[Any]:
        """The handler of a call that was let in, with no transaction open."""
        if plan.action.kind == "subscription":
            from portico.core.subscribing import subscribe  # only who has streams loads it

            return await subscribe(plan, call, bound.arguments, streams=self.streams)
        return await self._errands.run(plan, call, bound.arguments)

    async def _attempts(self, plan: Plan, call: Call, bound: Bound, *, attempt: Attempt) -> Result[Any] | None:
        """Until one has an end; a token that is seen for the first time is exchanged in between."""
        for left in LEFT if call.bearer is None else LEFT_AFTER_EXCHANGE:
            try:
                return await attempt(plan, call, bound)
            except FirstSight:
                await introduce(plan, call)
            except Error:
                raise
            except Exception as problem:  # noqa: BLE001  # what is none of the database's is raised again
                await drop_doubtful(plan, call, problem)
                pause = again_or_raise(plan, call, problem, last=left == 0 or _has_begun(call))
                if pause:
                    await asyncio.sleep(pause)
        raise Error  # the last attempt has raised

    async def _attempt(self, plan: Plan, call: Call, bound: Bound) -> Result[Any]:
        watch, patience = self._watch, call.patience
        watch.enter(patience)
        tx = None
        try:
            entry = entry_of(plan, call, bound) if must_pass_gate(plan, call) else None
            if plan.checks:
                await check(plan, call, bound, entry=entry, recall=self._recall)
            database = self.services.database
            begin = self.begin or (database.glancing if plan.kept else database.lazily)
            call.transaction = tx = begin(read_only=plan.read_only, seconds=plan.seconds)
            if entry is not None:
                await pass_gate(plan, call, entry, gate=tx.gate)
            if (waiting := let_in(plan, call, self._recall)) is not None:
                await waiting
            stored = decide_all(plan, call, bound)
            if stored is None:
                return await self._done(plan, call, bound, tx=tx)
        except BaseException:
            watch.leave(patience)
            if tx is not None:
                await tx.rollback()
            raise
        watch.leave(patience)
        await tx.rollback()
        return replay(plan, call, stored)

    async def _done(self, plan: Plan, call: Call, bound: Bound, *, tx: Transaction) -> Ok[Any]:
        """Handled, encoded, committed, told; whoever cancels from the commit on does so when all of it is done."""
        result = await perform(plan, call, bound.arguments)
        encode_answer(plan, call, result.data)
        task = self._watch.leave(call.patience)
        await tx.commit(journal_of(call, read_only=plan.read_only))
        if call.noted is not None:
            try:
                if call.noted.tags and (dropping := drop(plan, call)) is not None:
                    await asyncio.shield(dropping)
            finally:
                announce(call)
        if task is not None and task.cancelling():
            await asyncio.sleep(0)
        return result


def _has_begun(call: Call) -> bool:
    """Whether rows have left, so that nothing can be run again."""
    return call.sink is not None and call.sink.begun


def _told(cut: BaseException) -> Error:
    """What a call that was cut off tells its client; raises what says that there is none any more."""
    if (task := asyncio.current_task()) is not None:
        task.uncancel()
    if not isinstance(cut, Error):
        raise cut
    return cut
