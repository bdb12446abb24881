"""Subscriptions over server-sent events."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from portico.core.call import Call
from portico.core.inputs import Bound, Raw
from portico.core.plan import Plan
from portico.core.result import Result
from portico.errors import Error, SlowClient, UpgradeRequired
from portico.transports import problems
from portico.transports.answers import headers_of
from portico.transports.frames import EventStream, wants_events
from portico.transports.line import Headers
from portico.transports.rest import Edge, RestEndpoint, begin_call, send_refusal
from portico.transports.telling import Renewed, Telling, Writer
from portico.transports.wire import Exchange, Wire

BOOKMARK = "last_event_id"
"""The member of the query string that says it where a client cannot send the header Last-Event-ID."""
PASSING = frozenset({408, 429, 500, 503, 504})
"""Refusals that pass. A browser that is answered so never comes back by itself: it is told by an event."""
AGAIN = 5.0
"""Seconds after which it is worth coming back, where the refusal does not say."""
UNSEEN = 1024 * 1024
"""Bytes that a server may hold for a client of which it does not tell us what it has taken."""


class SubscriptionEndpoint(RestEndpoint):
    """One subscription."""

    __slots__ = ("_writer",)

    def __init__(self, plan: Plan, edge: Edge) -> None:
        """Serve the plan's stream."""
        super().__init__(plan, edge)
        self._writer = Writer(plan.codec.returns, EventStream())

    async def __call__(self, exchange: Exchange) -> int:
        """Run the call for as long as its client stays; returns the status."""
        wire, edge = exchange.wire, self.edge
        if not wants_events(wire.headers):
            raise UpgradeRequired
        call, kept_back = begin_call(self.plan, edge, exchange)
        outlet = SseOutlet(wire, call)
        told = Telling(outlet, self._writer, stall=call.services.stall, bookmark=bookmark_of(wire))
        async with outlet.ending():
            result = await self.open(exchange, call, kept_back, told=told)
            error = result.error
            if error is not None and not (told.begun or error.status in PASSING):
                return await send_refusal(edge, call, error, wire=wire)
            await told.last(told.frames.end() if error is None else self.last_word(call, error, told=told))
            await outlet.end()
        return call.answer.status

    async def open(self, exchange: Exchange, call: Call, kept_back: Error | None, *, told: Telling) -> Result[int]:
        """Run the call, whose values go where it is told; `kept_back` is what was wrong before."""
        call.sink = told

        async def receive() -> Bound:
            if kept_back is not None:
                return Bound({}, None, kept_back)
            wire = exchange.wire
            query = {name: value for name, value in wire.query().items() if name != BOOKMARK}
            return self.plan.binder.bind(Raw(exchange.values, query, wire.headers, wire.cookies, b""))

        result: Result[int] = await self.edge.pipeline.run(self.plan, call, receive)
        return result

    def last_word(self, call: Call, error: Error, *, told: Telling) -> bytes:
        """Why the stream ends."""
        return told.frames.problem(problems.problem(error, call.request, self.edge.catalogs), pause_of(error))


class SseOutlet:
    """The answer of a request that stays open."""

    __slots__ = ("_begun", "_call", "_wire", "most")

    def __init__(self, wire: Wire, call: Call) -> None:
        """Nothing is sent yet."""
        self.most = None if wire.waits else UNSEEN
        self._wire = wire
        self._call = call
        self._begun = False

    async def begin(self) -> None:
        """Send the head; to HEAD, that is all."""
        if self._wire.method == "HEAD":
            raise Renewed
        self._begun = True
        await self._wire.begin(self._call.answer.status, self._headers(), stays=True)

    async def send(self, frame: bytes) -> None:
        """Send a frame, after the head."""
        if not self._begun:
            await self.begin()
        await self._wire.send(frame, more=True)

    @asynccontextmanager
    async def ending(self) -> AsyncIterator[None]:
        """Let go of the line after the block, in which a client may be too slow, or the stream be made anew."""
        try:
            yield
        except SlowClient:
            pass  # the rest is not waited for: the server closes the line
        except Renewed:
            await self.end()
        finally:
            self._wire.drop()

    async def end(self) -> None:
        """Say that this was all."""
        if self._begun:
            await self._wire.send(b"", more=False)
        else:
            await self._wire.respond(self._call.answer.status, self._headers(), b"")

    def _headers(self) -> Headers:
        """As with any answer; a proxy in between is asked to hold nothing back."""
        headers = headers_of(self._call.answer, self._call.request, EventStream.media_type)
        return [*headers, ("x-accel-buffering", "no"), ("vary", "Accept"), *self._wire.leave]


def pause_of(error: Error) -> float:
    """Seconds after which to come back. All are told at once where a server ends; they do not come back all at once."""
    return (error.retry_after or AGAIN) * random.uniform(1, 2)  # noqa: S311  # no secret


def bookmark_of(wire: Wire) -> str | None:
    """What the client says that it has seen last."""
    said = wire.headers.get("last-event-id") or wire.query().get(BOOKMARK)
    return said if isinstance(said, str) else None
