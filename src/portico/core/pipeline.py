"""The life of a call. The order is fixed here, and nobody can put two policies in the wrong one.

`lifecycle.LIFE` names the steps in the order in which these functions take them.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from hashlib import sha256
from typing import Any, NoReturn

from pydantic_core import from_json, to_json

from portico.core.action import AnyAction
from portico.core.call import Call, Services
from portico.core.inputs import Bound
from portico.core.keys import clean_key
from portico.core.plan import Plan
from portico.core.policy import Policy
from portico.core.recall import Recall
from portico.core.result import Err, Ok, Result
from portico.errors import (
    Error,
    Forbidden,
    Invalid,
    Misconfigured,
    NoOrganization,
    NotFound,
    RateLimited,
    Unauthorized,
)
from portico.ports.database import Entry, Facts, Failure, Journal, Stored, Transaction

ATTEMPTS = 3
"""How often a transaction runs that the database wants run again."""
FIRST_COME = "idempotency_pkey"
"""The index that decides whose an idempotency key is."""
Arguments = tuple[tuple[object, ...], Mapping[str, object]]
Receive = Callable[[], Awaitable[Bound]]
log = logging.getLogger("portico")


class Pipeline:
    """Runs calls of an application's actions."""

    def __init__(self, services: Services, plans: Mapping[str, Plan]) -> None:
        """The plans by action name, and the services that every call uses."""
        self.services = services
        self.plans = plans
        self.recall = Recall(services.clock)

    async def run(self, plan: Plan, call: Call, receive: Receive) -> Result[Any]:
        """One call, from its arrival to its commit; whatever is refused comes back as a value."""
        call.invoke, call.prefix = self.nested, plan.action.place.prefix
        try:
            self._arrive(plan, call)
            bound = await receive()
            if bound.refusal is None and bound.errors is None:
                call.values = plan.binder.flatten(bound.arguments)
            self.recall.check(plan.action.name, call)
            return await self._attempts(plan, call, bound)
        except Error as error:
            return await self._refuse(plan, call, self._mask(plan, error))
        except Exception:
            log.exception("%s failed", plan.action.name, extra={"request_id": call.request.id})
            return await self._refuse(plan, call, Error())

    def _arrive(self, plan: Plan, call: Call) -> None:
        """Refuse what the wire alone shows: too many from one address, nobody where somebody is needed."""
        if plan.caller:
            _decide(plan.caller, call)
        if call.credential is None and not plan.public:
            raise Unauthorized

    async def _attempts(self, plan: Plan, call: Call, bound: Bound) -> Result[Any]:
        for left in reversed(range(ATTEMPTS)):
            try:
                return await self._attempt(plan, call, bound)
            except Error:
                raise
            except Exception as problem:  # noqa: BLE001  # what is none of the database's is raised again
                self._again_or_raise(plan, call, problem, last=left == 0)
        raise Error  # the last attempt has raised

    def _again_or_raise(self, plan: Plan, call: Call, problem: Exception, *, last: bool) -> None:
        """Make ready for another attempt where the database wants one, else raise what the problem means."""
        failure = self.services.database.explain(problem)
        if failure is None:
            raise problem
        if last or not (failure.again or failure.constraint == FIRST_COME):
            self._give_up(plan, call, failure)
        call.begin_again()

    async def _attempt(self, plan: Plan, call: Call, bound: Bound) -> Result[Any]:
        database = self.services.database
        entry = self._entry(plan, call, bound) if _must_pass_gate(plan, call) else None
        if plan.checks:
            await self._check(plan, call, bound, entry=entry)
        call.transaction = tx = database.lazily(read_only=plan.read_only)
        try:
            if entry is not None:
                call.pass_gate(await tx.gate(entry))
            stored = self._decide_all(plan, call, bound)
            if stored is None:
                value = await self._perform(plan, call, bound.arguments)
                encode = call.encoder or (plan.codec.encode if call.facts.idem_digest else None)
                if encode is not None:
                    call.encoded = encode(value)
                await self._close(call, tx)
                await tx.commit()
                return Ok(value)
        except BaseException:
            await tx.rollback()
            raise
        await tx.rollback()
        return self._replay(plan, call, stored)

    async def _check(self, plan: Plan, call: Call, bound: Bound, *, entry: Entry | None) -> None:
        """The gate alone, then what policies must ask elsewhere, with no transaction open."""
        call.transaction = None
        if entry is not None:
            call.pass_gate(await self.services.database.gate(entry))
        if self._decide_all(plan, call, bound) is None:
            for policy in plan.checks:
                if (error := await policy.check(call)) is not None:
                    raise error

    def _decide_all(self, plan: Plan, call: Call, bound: Bound) -> Stored | None:
        """401, 403, limits, 422, replay, and the row's state, in this order; a stored answer where there is one."""
        facts = call.facts
        _admit(plan, call)
        _decide(plan.access, call)
        if plan.limit and not call.charged:
            self._charge(plan, call)
        if bound.errors is not None or bound.refusal is not None:
            raise bound.refusal or Invalid(errors=bound.errors)
        if plan.needs.tenant and facts.org_id is None:
            raise NotFound
        _decide(plan.replay, call)
        if facts.idem_status is not None:
            return _stored(facts)
        _decide_state(plan, call)
        return None

    def _charge(self, plan: Plan, call: Call) -> None:
        """Count the attempt once, however often its transaction runs."""
        call.charged = True
        try:
            _decide(plan.limit, call)
        except RateLimited as refusal:
            self.recall.remember(plan.action.name, call, refusal)
            raise

    async def _perform(self, plan: Plan, call: Call, arguments: dict[str, Any]) -> Any:
        """Refinements, the handler within its wraps, the record."""
        context = plan.context(call)
        if plan.refinements:
            call.context = context
            await _refine(plan.refinements, call)
            call.context = None
        if plan.wraps:
            value = await _within(plan, call, lambda: plan.action.handler(context, **arguments))
        else:
            value = await plan.action.handler(context, **arguments)
        if plan.records:
            result = Ok(value)
            for policy in plan.records:
                policy.record(call, result)
        return value

    async def _close(self, call: Call, tx: Transaction) -> None:
        """Write the journal in one trip; a call that leaves nothing behind makes none."""
        facts, stored = call.facts, None
        if facts.idem_digest is not None and call.fingerprint is not None:
            headers = to_json(call.answer.headers).decode() if call.answer.headers else ""
            stored = Stored(facts.idem_digest, call.fingerprint, call.answer.status, headers, call.encoded or b"")
        if stored or call.audits or call.events:
            request = call.request
            agent = request.headers.get("user-agent")
            await tx.close(Journal(call.audits, call.events, request.id, request.ip, agent, stored))

    def _replay(self, plan: Plan, call: Call, stored: Stored) -> Result[Any]:
        answer = call.answer
        answer.status, answer.replayed = stored.status, True
        answer.headers = [(n, v) for n, v in from_json(stored.headers)] if stored.headers else []
        call.encoded = stored.body
        return Ok(plan.codec.decode(stored.body))

    def _entry(self, plan: Plan, call: Call, bound: Bound) -> Entry:
        """What the gate is asked; the input's part only where the input is valid."""
        ask, valid = plan.ask, bound.errors is None and bound.refusal is None
        key = clean_key(call.key) if ask.key and valid else None
        if key is not None:
            name = f"{plan.action.place.prefix}/{plan.action.name}\0".encode()
            call.fingerprint = sha256(name + plan.binder.canonical(bound.arguments)).digest()
        slug = plan.slug.fill(call.values) if plan.slug else None
        row = plan.row.fill(call.values) if plan.row and valid else None
        return Entry(
            call.credential,
            call.wanted_org,
            slug,
            key,
            call.scope,
            ask.table if row else None,
            row,
            ask.owner or None,
            ask.version or None,
        )

    async def nested(self, outer: Call, action: AnyAction, given: Arguments) -> Any:
        """An action called by another: its authorization, rules and record, in the outer's transaction."""
        plan = self._inner_plan(outer, action)
        bound = plan.binder.values(*given)
        if bound.errors is not None:
            raise Invalid(errors=bound.errors)
        call = outer.inner(action.name)
        call.prefix = action.place.prefix
        call.values = plan.binder.flatten(bound.arguments)
        try:
            _admit(plan, call)
            _decide(plan.access, call)
            if plan.row and call.transaction:
                call.pass_gate(await call.transaction.row(self._entry(plan, call, bound), call.facts))
                _decide(plan.access, call)
            _decide_state(plan, call)
            return await self._perform(plan, call, bound.arguments)
        except Error as error:
            error.declared = error.declared or _declared(plan, error)
            raise
        except Exception as problem:
            self._raise_meaning(plan, problem)
            raise
        finally:
            outer.blamed = call.blamed

    def _raise_meaning(self, plan: Plan, problem: Exception) -> None:
        """Raise what a violated constraint means to an inner action, which the outer one need not know."""
        failure = self.services.database.explain(problem)
        meaning = plan.meanings.get(failure.constraint) if failure else None
        if meaning is not None:
            error = meaning()
            error.declared = True
            raise error from problem

    def _inner_plan(self, outer: Call, action: AnyAction) -> Plan:
        plan = self.plans.get(action.name)
        if plan is None or plan.action is not action:
            message = f"{outer.action} calls {action.name}, which is not in this application; add its module."
            raise Misconfigured(message)
        if not plan.read_only and self.plans[outer.action].read_only:
            message = f"{outer.action} is a query and calls the mutation {action.name}; a query may not write."
            raise Misconfigured(message)
        if plan.checks:
            message = (
                f"{outer.action} calls {action.name}, whose checks want no transaction open; call it from outside."
            )
            raise Misconfigured(message)
        return plan

    def _give_up(self, plan: Plan, call: Call, failure: Failure) -> NoReturn:
        """Raise what the failure means; a lost COMMIT is unknown, and worth a retry only under a key."""
        meaning = plan.meanings.get(failure.constraint)
        if meaning is not None:
            raise meaning()
        if failure.log:
            log.error("%s: %s", plan.action.name, failure.log, extra={"request_id": call.request.id})
        if failure.wrote and plan.read_only:
            raise Error
        error = failure.error
        if failure.unknown and call.facts.idem_digest is None and not plan.read_only:
            error.retryable = False  # type: ignore[misc]  # of this one error: nobody knows whether it was done
            error.retry_after = None
        raise error

    def _mask(self, plan: Plan, error: Error) -> Error:
        """What an action has not declared does not reach a caller."""
        if error.declared or _declared(plan, error):
            return error
        log.error(
            "%s raised %s, which it does not declare; write Raises(%s)",
            plan.action.name,
            error.code,
            type(error).__name__,
        )
        return Error()

    async def _refuse(self, plan: Plan, call: Call, error: Error) -> Result[Any]:
        """The refusal as a value, on record where a policy wants it."""
        call.begin_again()
        refused: Err = Err(error)
        for policy in plan.records:
            policy.record(call, refused)
        for blamed in call.blamed:
            try:
                await self.services.database.record(blamed)
            except Exception:
                log.exception("the audit of a refused %s was lost", plan.action.name)
        return refused


def _stored(facts: Facts) -> Stored:
    """The answer that the gate has found under the key."""
    return Stored(
        facts.idem_digest or b"",
        facts.idem_fingerprint or b"",
        facts.idem_status or 0,
        facts.idem_headers or "",
        facts.idem_body or b"",
    )


def _admit(plan: Plan, call: Call) -> None:
    """Somebody, where the action needs a user; a member, where it needs an organization's."""
    facts = call.facts
    if facts.user_id is None and not plan.public:
        raise Unauthorized
    if plan.needs.org and (facts.org_id is None or facts.org_role is None):
        raise NoOrganization if call.wanted_org is None and plan.slug is None else Forbidden


def _must_pass_gate(plan: Plan, call: Call) -> bool:
    return not plan.public or call.credential is not None or plan.slug is not None or (plan.ask.key and bool(call.key))


def _decide(policies: Sequence[Policy], call: Call) -> None:
    for policy in policies:
        if (error := policy.decide(call)) is not None:
            raise error


def _decide_state(plan: Plan, call: Call) -> None:
    """Rules about what is there; a row that is not there comes first."""
    if call.facts.row_found is False:
        raise NotFound
    _decide(plan.state, call)


async def _refine(policies: Sequence[Policy], call: Call) -> None:
    """One after another, all of them: every refused member is reported."""
    found: dict[str, Any] = {}
    for policy in policies:
        error = await policy.refine(call)
        if error is None:
            continue
        if not isinstance(error, Invalid):
            raise error
        found.update(error.errors or {})
    if found:
        raise Invalid(errors=found)


async def _within(plan: Plan, call: Call, run: Callable[[], Awaitable[Any]]) -> Any:
    """The handler inside the policies that wrap it; the first one written is the outermost."""
    for policy in reversed(plan.wraps):
        run = partial(policy.wrap, call, run)
    return await run()


def _declared(plan: Plan, error: Error) -> bool:
    kind = type(error)
    return kind.__module__ == Error.__module__ or any(issubclass(kind, known) for known in plan.errors)
