"""Before a handler that works outside of the transaction: all decisions, and the claim of the key, committed."""

from datetime import timedelta
from typing import Any

from portico.core.aside import Aside
from portico.core.call import Call
from portico.core.checking import check
from portico.core.decisions import decide_all, let_in
from portico.core.entering import entry_of, must_pass_gate, pass_gate
from portico.core.inputs import Bound
from portico.core.leaving import claim_of, errand_of
from portico.core.plan import Plan
from portico.core.recall import Recall
from portico.core.replaying import replay
from portico.core.result import Result
from portico.core.retrying import ONCE
from portico.errors import InProgress
from portico.ports.database import Entry, Transaction
from portico.ports.outside import PROCESSING

MARGIN = 30.0
"""Seconds that a claim is held beyond what the handler may take: for the settling."""


class Claiming:
    """Prepares such calls."""

    def __init__(self, recall: Recall) -> None:
        """With the refusals that the application remembers."""
        self._recall = recall

    async def claim(self, plan: Plan, call: Call, bound: Bound) -> Result[Any] | None:
        """Decide, and take the key where there is one; a stored answer where there is one."""
        call.errand = None
        entry = entry_of(plan, call, bound) if must_pass_gate(plan, call) else None
        if plan.checks:
            await check(plan, call, bound, entry=entry, recall=self._recall)
        call.transaction = None
        if entry is not None and entry.key is not None:
            return await self._claim_key(plan, call, bound, entry=entry)
        if entry is not None:
            await pass_gate(plan, call, entry, gate=call.services.database.gate)
        if (waiting := let_in(plan, call, self._recall)) is not None:
            await waiting
        decide_all(plan, call, bound)
        call.errand = errand_of(plan, call, None)
        return None

    async def _claim_key(self, plan: Plan, call: Call, bound: Bound, *, entry: Entry) -> Result[Any] | None:
        tx = call.services.database.lazily(read_only=False)
        try:
            await pass_gate(plan, call, entry, gate=tx.gate)
            if (waiting := let_in(plan, call, self._recall)) is not None:
                await waiting
            stored = decide_all(plan, call, bound)
            if stored is None or stored.status == PROCESSING:
                await hold_key(plan, call, tx)
                return None
        except BaseException:
            await tx.rollback()
            raise
        await tx.rollback()
        return replay(plan, call, stored)


async def hold_key(plan: Plan, call: Call, tx: Transaction) -> None:
    """Commit the claim; raises InProgress where another holds the key."""
    claim = claim_of(call, lease_of(plan, call))
    if claim is not None and not await call.services.outside.claim(tx, claim):
        raise InProgress(retry_after=1)
    await tx.commit()
    call.errand = errand_of(plan, call, claim)


def lease_of(plan: Plan, call: Call) -> timedelta:
    """How long a call may hold its key: longer than all its tries and the pauses between them can take."""
    aside, outbound = plan.aside or Aside(), call.services.outbound
    tries = (aside.tries or outbound.tries) if aside.retried else ONCE
    trying, pauses = tries.attempts * outbound.time_for(aside.timeout), (tries.attempts - 1) * tries.cap
    return timedelta(seconds=trying + pauses + MARGIN)
