"""The handler and what stands around it: refinements before, wraps about, the record after."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from portico.core.call import Call
from portico.core.inputs import Arguments, Errors
from portico.core.plan import Plan
from portico.core.result import Ok
from portico.core.tags import spelled
from portico.errors import Error, Invalid

NONE: Errors = {}


async def perform(plan: Plan, call: Call, arguments: Arguments) -> Ok[object]:
    """Run the handler inside the open transaction, and let policies note what came of it."""
    context = plan.context(call)
    call.mailable = plan.mails
    if plan.refinements:
        call.context, found = context, NONE
        for policy in plan.refinements:  # one after another, all of them: every refused member is reported
            asked = policy.refine(call)
            if asked is not None and (error := await asked) is not None:
                found = _refused(error, found)
        call.context = None
        if found:
            raise Invalid(errors=found)
    try:
        if plan.wraps:
            value = await _within(plan, call, lambda: plan.handler(context, **arguments))
        else:
            value = await plan.handler(context, **arguments)
    except (asyncio.CancelledError, SystemExit) as end:
        _refuse_end(end)
        raise
    result = Ok(value)
    for policy in plan.records:
        policy.record(call, result)
    return result


def encode_answer(plan: Plan, call: Call, value: object) -> None:
    """The answer's bytes, made once, and the tags that it makes stale."""
    encode = call.encoder or (plan.codec.encode if call.facts.idem_digest else None)
    if encode is not None:
        call.encoded = encode(value)
    if call.noted is not None and call.noted.tags:  # an inner action's too
        call.answer.headers.append(("Invalidates", spelled(call.noted.tags)))  # nothing in it that no header can carry


def _refused(error: Error, before: Errors) -> Errors:
    """What was refused before, and now; raises what is no finding about the input."""
    if not isinstance(error, Invalid):
        raise error
    return {**before, **(error.errors or {})}


def _refuse_end(end: BaseException) -> None:
    """A handler that ends itself has failed: it neither ends the process, nor is it cut off where nobody wanted it.

    Raises RuntimeError. A task that it awaited may have been cancelled, or what it calls may be made for a command.
    """
    task = asyncio.current_task()
    if isinstance(end, SystemExit) or (task is not None and not task.cancelling()):
        raise RuntimeError(f"the handler raised {end!r}, which nobody else wanted") from end


async def _within(plan: Plan, call: Call, run: Callable[[], Awaitable[object]]) -> object:
    """The handler inside the policies that wrap it; the first one written is the outermost."""
    for policy in reversed(plan.wraps):
        run = partial(policy.wrap, call, run)
    return await run()
