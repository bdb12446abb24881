"""The life of a call. The order is fixed here, and nobody can put two policies in the wrong one.

`lifecycle.LIFE` names the steps in the order in which these functions take them.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

from pydantic_core import from_json

from portico.core.call import Call, Services
from portico.core.decisions import arrive, count_caller, decide_all, let_in
from portico.core.entering import FirstSight, entry_of, introduce, must_pass_gate, pass_gate
from portico.core.failing import again_or_raise, mask, masking, refuse
from portico.core.handling import perform
from portico.core.inputs import Bound
from portico.core.journal import journal_of
from portico.core.nesting import Nesting
from portico.core.plan import Plan
from portico.core.recall import Recall
from portico.core.result import Ok, Result
from portico.core.tags import spelled, void
from portico.core.watch import Watch
from portico.errors import Error
from portico.ports.database import Entry, Stored

ATTEMPTS = 3
"""How often a transaction runs that the database wants run again."""
Receive: TypeAlias = Callable[[], Awaitable[Bound]]
log = logging.getLogger("portico")


class Pipeline:
    """Runs calls of an application's actions."""

    def __init__(self, services: Services, plans: Mapping[str, Plan]) -> None:
        """The plans by action name, and the services that every call uses."""
        self.services = services
        self.plans = plans
        self._recall = Recall(services.clock)
        self._nesting = Nesting(plans)
        self._watch = Watch()

    async def run(self, plan: Plan, call: Call, receive: Receive) -> Result[Any]:
        """One call, from its arrival to its commit; whatever is refused comes back as a value."""
        call.invoke, call.prefix = self._nesting.call, plan.action.place.prefix
        if plan.seconds is not None:
            call.patience.seconds = plan.seconds
        try:
            if plan.caller_limits and (waiting := count_caller(plan, call)) is not None:
                await waiting
            arrive(plan, call)
            bound = await receive()
            if bound.refusal is None and bound.errors is None:
                call.values = plan.binder.flatten(bound.arguments)
            self._recall.check(plan.action.name, call)
            return await self._attempts(plan, call, bound)
        except Error as error:
            return await refuse(plan, call, mask(plan, error))
        except Exception as problem:
            log.exception("%s failed", plan.action.name, extra={"request_id": call.request.id})
            return await refuse(plan, call, masking(problem))
        except asyncio.CancelledError:
            if call.patience.cut is None:  # a host's
                raise
            return await refuse(plan, call, _told(call.patience.cut))

    async def _attempts(self, plan: Plan, call: Call, bound: Bound) -> Result[Any]:
        for left in reversed(range(ATTEMPTS)):
            try:
                return await self._enter(plan, call, bound)
            except Error:
                raise
            except Exception as problem:  # noqa: BLE001  # what is none of the database's is raised again
                await drop_doubtful(plan, call, problem)
                again_or_raise(plan, call, problem, last=left == 0)
        raise Error  # the last attempt has raised

    async def _enter(self, plan: Plan, call: Call, bound: Bound) -> Result[Any]:
        """One attempt; a token that is seen for the first time is exchanged before it."""
        try:
            return await self._attempt(plan, call, bound)
        except FirstSight:
            await introduce(plan, call)
        return await self._attempt(plan, call, bound)

    async def _attempt(self, plan: Plan, call: Call, bound: Bound) -> Result[Any]:
        self._watch.enter(call.patience)
        try:
            return await self._transact(plan, call, bound)
        finally:
            self._watch.leave(call.patience)

    async def _transact(self, plan: Plan, call: Call, bound: Bound) -> Result[Any]:
        entry = entry_of(plan, call, bound) if must_pass_gate(plan, call) else None
        if plan.checks:
            await self._check(plan, call, bound, entry=entry)
        call.transaction = tx = self.services.database.lazily(read_only=plan.read_only, seconds=plan.seconds)
        try:
            if entry is not None:
                await pass_gate(plan, call, entry, gate=tx.gate)
            if (waiting := let_in(plan, call, self._recall)) is not None:
                await waiting
            stored = decide_all(plan, call, bound)
            if stored is None:
                value = await perform(plan, call, bound.arguments)
                _encode(plan, call, value)
                self._watch.leave(call.patience)
                await tx.commit(journal_of(call))
                if call.tags:
                    await drop(plan, call)
                _post(call)
                return Ok(value)
        except BaseException:
            self._watch.leave(call.patience)
            await tx.rollback()
            raise
        await tx.rollback()
        return _replay(plan, call, stored)

    async def _check(self, plan: Plan, call: Call, bound: Bound, *, entry: Entry | None) -> None:
        """The gate alone, then what policies must ask elsewhere, with no transaction open."""
        call.transaction = None
        if entry is not None:
            await pass_gate(plan, call, entry, gate=self.services.database.gate)
        if (waiting := let_in(plan, call, self._recall)) is not None:
            await waiting
        if decide_all(plan, call, bound) is None:
            for policy in plan.checks:
                if (error := await policy.check(call)) is not None:
                    raise error


async def drop(plan: Plan, call: Call) -> None:
    """Void what the commit has made stale, before anybody is told of it: who wrote reads what they wrote."""
    await void(call.services.cache, call.tags, call.facts.org_id if plan.needs.tenant else None)


async def drop_doubtful(plan: Plan, call: Call, problem: Exception) -> None:
    """The same where the connection was lost during COMMIT: it may have been done."""
    if call.tags:
        failure = call.services.database.explain(problem)
        if failure is not None and failure.unknown:
            await drop(plan, call)


def _encode(plan: Plan, call: Call, value: object) -> None:
    """The answer's bytes where somebody wants them before the commit, and what became stale, of inner actions too."""
    encode = call.encoder or (plan.codec.encode if call.facts.idem_digest else None)
    if encode is not None:
        call.encoded = encode(value)
    if call.tags:
        call.answer.header("Invalidates", spelled(call.tags))


def _told(cut: BaseException) -> Error:
    """What a call that was cut off tells its client; raises what says that there is none any more."""
    if (task := asyncio.current_task()) is not None:
        task.uncancel()
    if not isinstance(cut, Error):
        raise cut
    return cut


def _post(call: Call) -> None:
    """Hand over the mails that were noted: what they tell of has happened; wake those who have work now."""
    if call.jobs or call.events:
        call.services.wake()
    for mail in call.mails:
        call.services.post(mail)


def _replay(plan: Plan, call: Call, stored: Stored) -> Result[Any]:
    """The stored answer again, marked."""
    answer = call.answer
    answer.status, answer.replayed = stored.status, True
    answer.headers = [(n, v) for n, v in from_json(stored.headers)] if stored.headers else []
    call.encoded = stored.body
    return Ok(plan.codec.decode(stored.body))
