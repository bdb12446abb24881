"""Actions called by actions: in the same transaction, as the same caller."""

from collections.abc import Mapping

from portico.core.action import STREAMS, AnyAction
from portico.core.call import Call, Given
from portico.core.decisions import admit, decide, decide_state, declared
from portico.core.entering import entry_of
from portico.core.failing import raise_meaning
from portico.core.handling import perform
from portico.core.plan import Plan
from portico.core.transacting import whole_transaction
from portico.errors import Error, Invalid, Misconfigured, NotFound


class Nesting:
    """Calls inner actions of one application."""

    def __init__(self, plans: Mapping[str, Plan]) -> None:
        """The plans by action name."""
        self._plans = plans

    async def call(self, outer: Call, action: AnyAction, given: Given) -> object:
        """Run the inner action: its authorization, its rules, its record; limits are not charged again."""
        plan = self._plan(outer, action)
        if outer.errand is not None and outer.transaction is None:
            async with whole_transaction(outer, outer.errand):
                return await self._run(plan, outer, given)
        return await self._run(plan, outer, given)

    @staticmethod
    async def _run(plan: Plan, outer: Call, given: Given) -> object:
        bound = plan.binder.values(*given)
        if bound.errors is not None:
            raise Invalid(errors=bound.errors)
        call = outer.inner(plan.action.name)
        call.prefix = plan.action.place.prefix
        call.values = plan.binder.flatten(bound.arguments)
        try:
            admit(plan, call)
            _refuse_elsewhere(plan, call)
            decide(plan.access, call)
            if plan.row and call.transaction:
                call.pass_gate(await call.transaction.row(entry_of(plan, call, bound), call.facts))
                decide(plan.access, call)
            decide(plan.input, call)
            decide_state(plan, call)
            return (await perform(plan, call, bound.arguments)).data
        except Error as error:
            error.declared = error.declared or declared(plan, error)
            raise
        except Exception as problem:
            raise_meaning(plan, call.services.database, problem)
            raise

    def _plan(self, outer: Call, action: AnyAction) -> Plan:
        plan = self._plans.get(action.name)
        if plan is None or plan.action is not action:
            message = f"{outer.action} calls {action.name}, which is not in this application; add its module."
            raise Misconfigured(message)
        if not plan.read_only and self._plans[outer.action].read_only:
            message = f"{outer.action} is a query and calls the mutation {action.name}; a query may not write."
            raise Misconfigured(message)
        if action.kind == "job":
            raise Misconfigured(f"{outer.action} calls {action.name}, which is a job; write ctx.enqueue(…).")
        if action.kind in STREAMS:
            raise Misconfigured(f"{outer.action} calls {action.name}, which is a stream; nothing takes its rows there.")
        if plan.aside is not None:
            words = "which works outside of the transaction that is open here; call it from outside."
            raise Misconfigured(f"{outer.action} calls {action.name}, {words}")
        if plan.checks:
            words = "whose checks want no transaction open; call it from outside."
            raise Misconfigured(f"{outer.action} calls {action.name}, {words}")
        return plan


def _refuse_elsewhere(plan: Plan, call: Call) -> None:
    """An inner action works in the outer's organization; one that its input names must be the same."""
    if plan.ask.org and call.values[plan.ask.org] != call.facts.org_id:
        raise NotFound
