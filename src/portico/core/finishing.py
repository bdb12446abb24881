"""After a handler that worked outside: the journal in the place of the claim, or the key given back."""

import asyncio
import logging

from portico.core.call import Call
from portico.core.decisions import declared
from portico.core.errand import Errand
from portico.core.failing import pause_after
from portico.core.journal import part_of_journal
from portico.core.plan import Plan
from portico.core.replaying import written
from portico.core.reporting import about
from portico.errors import Error, InProgress
from portico.ports.database import Journal, Stored

ATTEMPTS = 3
"""How often the settling runs that the database wants run again."""
NEVER_STORED = frozenset({401, 403, 422, 429})
log = logging.getLogger("portico")


async def settle(call: Call, journal: Journal | None) -> None:
    """Write the journal in the place of the claim, in one transaction; again where the database wants that."""
    errand = call.errand
    if errand is None or (errand.claim is None and journal is None):
        return
    for left in reversed(range(ATTEMPTS)):
        try:
            await _settle_once(errand, journal)
        except Error:
            raise
        except Exception as problem:
            failure = call.services.database.explain(problem)
            if failure is None or not failure.again or left == 0:
                raise
            log.warning("%s is settled again: %s", call.action, failure.log, extra=about(call, category="database"))
            await asyncio.sleep(pause_after(failure))
        else:
            return


async def _settle_once(errand: Errand, journal: Journal | None) -> None:
    """One transaction; raises InProgress where the lease was lost, so that another settles."""
    async with errand.outside.entered(errand.standing, read_only=errand.read_only) as tx:
        if errand.claim is not None and not await errand.outside.release(tx, errand.claim):
            raise InProgress(retry_after=1)
        await tx.commit(journal)


async def settle_refusal(plan: Plan, call: Call, problem: Exception) -> None:
    """Store a refusal that is an answer; else give the key back, so that the same request may run again."""
    facts, fingerprint = call.facts, call.fingerprint
    if not (_is_final(plan, call, problem) and facts.idem_digest and fingerprint):
        await release(call)
        return
    error = problem if isinstance(problem, Error) else Error()
    stored = Stored(facts.idem_digest, fingerprint, error.status, "", written(error))
    try:
        await settle(call, part_of_journal(call, call.notes.mark, stored))
    except Exception:
        log.exception("%s: what it refused could not be stored", call.action, extra=about(call, category="database"))


async def release(call: Call) -> None:
    """Give the key back; where that fails, its lease does."""
    try:
        await settle(call, None)
    except InProgress:
        log.warning(
            "%s took longer than its lease: somebody else holds its key",
            call.action,
            extra=about(call, category="timeout"),
        )
    except Exception:
        log.exception("%s keeps its key until the lease runs out", call.action, extra=about(call, category="database"))


def _is_final(plan: Plan, call: Call, problem: Exception) -> bool:
    """Whether a refusal is the request's answer: the action's own, and something was written on the way to it."""
    if not (isinstance(problem, Error) and call.errand and call.errand.trail.wrote) or problem.status in NEVER_STORED:
        return False
    return problem.status < 500 and (problem.declared or declared(plan, problem))
