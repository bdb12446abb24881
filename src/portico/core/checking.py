"""What policies must ask elsewhere, before anything is begun."""

from portico.core.call import Call
from portico.core.decisions import decide_all, let_in
from portico.core.entering import pass_gate
from portico.core.inputs import Bound
from portico.core.plan import Plan
from portico.core.recall import Recall
from portico.ports.database import Entry


async def check(plan: Plan, call: Call, bound: Bound, *, entry: Entry | None, recall: Recall) -> None:
    """The gate alone, then the checks, with no transaction open; a replay is asked nothing."""
    call.transaction = None
    if entry is not None:
        await pass_gate(plan, call, entry, gate=call.services.database.gate)
    if (waiting := let_in(plan, call, recall)) is not None:
        await waiting
    if decide_all(plan, call, bound) is None:
        for policy in plan.checks:
            if (error := await policy.check(call)) is not None:
                try:
                    raise error
                finally:
                    del error  # as in `decide`
