"""GraphQL over server-sent events: each operation a stream of its own (the distinct connections mode)."""

from collections.abc import Mapping
from typing import Any

from pydantic_core import to_json

from portico.core.answer import Answer
from portico.core.call import Call
from portico.transports.graphql.frames import NextEvents
from portico.transports.graphql.listening import Listening, Picking
from portico.transports.graphql.operations import Operation, Operations
from portico.transports.subscription import PASSING, SseOutlet, bookmark_of, pause_of
from portico.transports.wire import Exchange

FRAMES = NextEvents()


async def tell_operation(operations: Operations, exchange: Exchange, operation: Operation) -> int:
    """Run it and tell its results; returns the status. Raises Refused where nothing of it can run."""
    if not operation.listens:
        body, answer = await operations.answer(exchange, operation)
        return await tell_result(operations, exchange, body, answer=answer)
    listening = Listening(operations, exchange, operation)
    outlet = SseOutlet(exchange.wire, listening.call)
    told = Picking(outlet, listening, FRAMES, bookmark=bookmark_of(exchange.wire))
    async with outlet.ending():
        error = await listening.run(told)
        if error is None:
            last = FRAMES.end()
        elif error.status in PASSING:  # not complete: who is cut off comes back by itself
            last = FRAMES.problem(errors_as_result(listening.why(error)), pause_of(error))
        else:
            last = FRAMES.value("", "", errors_as_result(listening.why(error))) + FRAMES.end()
        await told.last(last)
        await outlet.end()
    return listening.call.answer.status


async def tell_result(operations: Operations, exchange: Exchange, body: Mapping[str, Any], *, answer: Answer) -> int:
    """Tell the only result there is; returns the status, which is 200: a browser would come back for no other."""
    call = Call("", operations.edge.pipeline.services, exchange.request)
    call.answer, answer.status = answer, 200
    outlet = SseOutlet(exchange.wire, call)
    async with outlet.ending():
        await outlet.send(FRAMES.value("", "", to_json(body)) + FRAMES.end())
        await outlet.end()
    return answer.status


def errors_as_result(errors: object) -> bytes:
    """A result that is nothing but errors."""
    return to_json({"errors": errors})
