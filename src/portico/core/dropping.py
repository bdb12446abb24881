"""Kept answers that a call has made stale."""

from portico.core.call import Call
from portico.core.plan import Plan
from portico.core.tags import void
from portico.ports.cache import Told


def drop(plan: Plan, call: Call) -> Told:
    """Void what the commit has made stale, before anybody is told of it: who wrote reads what they wrote."""
    return void(call.services.cache, call.notes.tags, call.facts.org_id if plan.needs.tenant else None)


async def dropped(plan: Plan, call: Call) -> None:
    """The same, to be awaited."""
    if (dropping := drop(plan, call)) is not None:
        await dropping


async def drop_doubtful(plan: Plan, call: Call, problem: Exception) -> None:
    """The same where the connection was lost during COMMIT: it may have been done."""
    if call.noted is not None and call.noted.tags:
        failure = call.services.database.explain(problem)
        if failure is not None and failure.unknown:
            await dropped(plan, call)
