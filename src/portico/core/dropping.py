"""Kept answers that a call has made stale."""

from portico.core.call import Call
from portico.core.plan import Plan
from portico.core.tags import void


async def drop(plan: Plan, call: Call) -> None:
    """Void what the commit has made stale, before anybody is told of it: who wrote reads what they wrote."""
    await void(call.services.cache, call.notes.tags, call.facts.org_id if plan.needs.tenant else None)


async def drop_doubtful(plan: Plan, call: Call, problem: Exception) -> None:
    """The same where the connection was lost during COMMIT: it may have been done."""
    if call.noted is not None and call.noted.tags:
        failure = call.services.database.explain(problem)
        if failure is not None and failure.unknown:
            await drop(plan, call)
