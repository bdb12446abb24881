"""What becomes of a call that failed: run again, told in the action's words, masked, put on record."""

import logging
import random
from typing import NoReturn

from portico.core.call import Call
from portico.core.charging import WAIT, count_guesses
from portico.core.decisions import declared
from portico.core.journal import leftover_of
from portico.core.notes import Notes
from portico.core.plan import Plan
from portico.core.reporting import about
from portico.core.result import Err
from portico.errors import Duplicate, Error, NotConfigured, Unavailable, WronglySet
from portico.ports.counters import CountersDown
from portico.ports.database import Database, Failure, Journal

FIRST_COME = "idempotency_pkey"
"""The index that decides whose an idempotency key is."""
PAUSE = 0.01, 0.05
log = logging.getLogger("portico")


def again_or_raise(plan: Plan, call: Call, problem: Exception, *, last: bool) -> float:
    """Make ready for another attempt where the database wants one, else raise what the problem means.

    Returns how many seconds to wait before it.
    """
    if isinstance(problem, CountersDown):
        raise Unavailable(retry_after=WAIT) from problem
    failure = call.services.database.explain(problem)
    if failure is None:
        raise problem
    if last or not (failure.again or failure.constraint == FIRST_COME):
        _give_up(plan, call, failure)
    call.begin_again()
    return pause_after(failure)


def pause_after(failure: Failure) -> float:
    """Seconds that the other transaction of a collision has to end in: who comes back at once may take its row first.

    Drawn anew each time, so that two who collided do not come back together.
    """
    return random.uniform(*PAUSE) if failure.collided else 0.0  # noqa: S311  # nothing secret


def raise_meaning(plan: Plan, database: Database, problem: Exception) -> None:
    """Raise what a violated constraint means to an inner action, which the outer one need not know."""
    failure = database.explain(problem)
    meaning = plan.meanings.get(failure.constraint) if failure else None
    if meaning is not None:
        error = meaning()
        error.declared = True
        raise error from problem


def mask(plan: Plan, call: Call, error: Error) -> Error:
    """The error, or the one sentence for all that an action has not declared."""
    if error.declared or declared(plan, error):
        return error
    name, kind = plan.action.name, type(error).__name__
    log.error("%s raised %s, which it does not declare; write Raises(%s)", name, error.code, kind, extra=about(call))
    return masking(error)


def masking(problem: Exception) -> Error:
    """The one sentence for a problem, which is its cause: for who runs jobs, never for a caller."""
    error = NotConfigured() if isinstance(problem, WronglySet) else Error()
    error.__cause__ = problem
    return error


async def refuse(plan: Plan, call: Call, error: Error) -> Err:
    """The refusal as a value, on record where a policy wants it."""
    call.refused, leftover = type(error), leftover_of(call)
    call.begin_again()
    refused = Err(error)
    for policy in plan.records:
        policy.record(call, refused)
    if call.noted is not None:
        await _put_on_record(plan, call, call.noted)
    if leftover is not None:
        await _leave(plan, call, leftover)
    return refused


async def _put_on_record(plan: Plan, call: Call, notes: Notes) -> None:
    """Count the guesses and write the refusals that policies have noted."""
    if notes.guesses:
        await count_guesses(call)
    for blamed in notes.blamed:
        try:
            await call.services.database.record(blamed)
        except Exception:
            log.exception("the audit of a refused %s was lost", plan.action.name, extra=about(call, category="audit"))


async def _leave(plan: Plan, call: Call, leftover: Journal) -> None:
    """Write what a refused call leaves behind, in a transaction of its own."""
    transaction = call.services.database.lazily(read_only=False)
    try:
        await transaction.commit(leftover)
        call.services.wake()
    except Exception:
        await transaction.rollback()
        log.exception("the mails of a refused %s were lost", plan.action.name, extra=about(call, category="database"))


def _give_up(plan: Plan, call: Call, failure: Failure) -> NoReturn:
    """Raise what the failure means; made elsewhere, for a frame that holds what it raises is work for the collector."""
    raise _meant(plan, call, failure)


def _meant(plan: Plan, call: Call, failure: Failure) -> Error:
    """What the failure means to its caller; a lost COMMIT is unknown, and worth a retry only under a key."""
    meaning = plan.meanings.get(failure.constraint)
    error = meaning() if meaning is not None else failure.error
    if isinstance(error, Duplicate) and error.at is None:
        error.at = plan.blames.get(failure.constraint)
    if meaning is not None:
        return error
    if failure.log:
        log.error("%s: %s", plan.action.name, failure.log, extra=about(call, category="database"))
    if failure.wrote and plan.read_only:
        return Error()
    if failure.unknown and call.facts.idem_digest is None and not plan.read_only:
        error.retryable = False  # type: ignore[misc]  # of this one error: nobody knows whether it was done
        error.retry_after = None
    return error
