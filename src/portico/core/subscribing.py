"""Subscriptions: calls that stay open, with no transaction and no connection, and tell what happens.

All that stands before the handler is as with any call; then it is looked again and again whether the caller
would still be let in. It ends when its function does, its client leaves, or `Live.end` says why.
"""

from typing import Any

from portico.core.bookmark import Bookmark
from portico.core.call import Call
from portico.core.handling import perform
from portico.core.inputs import Arguments
from portico.core.live import Live, LiveSink
from portico.core.noting import note
from portico.core.plan import Plan
from portico.core.result import Ok, Result
from portico.core.streams import Streams
from portico.errors import Misconfigured


async def subscribe(plan: Plan, call: Call, arguments: Arguments, *, streams: Streams | None) -> Result[Any]:
    """Run the function of a call that was let in, until it ends."""
    sink = call.sink
    if streams is None or not isinstance(sink, LiveSink):
        raise Misconfigured(f"{plan.action.name} is a subscription; draw its values with app.as_(…).stream(…).")
    if call.entry is not None:  # what was active when it began: to switch elsewhere does not change what it is about
        call.entry = call.entry._replace(org=call.facts.org_id or call.entry.org)
    place = await streams.hub.join()
    try:
        given, known = sink.bookmark, Bookmark.read(sink.bookmark or "")
        resumed = (
            known is not None and known.holds(call.services.clock.now()) and await streams.hub.has_reached(known.place)
        )
        start = known.place if known is not None and resumed else place
        live = Live(call, sink, streams.hub, place=start, most=streams.bounds.waiting)
        streams.hold(plan, live)
        try:
            await _put_on_record(plan, call)
            await sink.open(resumed=resumed)
            live.watch(plan.seconds)
            if given and not resumed:
                await sink.resync()
            await perform(plan.unrecorded, call, arguments)
        finally:
            streams.let_go(live)
    finally:
        streams.hub.part()
    return Ok(sink.sent)


async def _put_on_record(plan: Plan, call: Call) -> None:
    """Note that it was opened: when it ends, that may be by a crash."""
    for policy in plan.records:
        policy.record(call, Ok(None))
    if call.noted is not None:
        await note(call)
        call.noted = None
