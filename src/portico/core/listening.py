"""Events as a subscription's function takes them."""

from collections.abc import AsyncIterator, Sequence
from functools import lru_cache
from typing import Generic, TypeVar, cast

from portico.core.call import Call
from portico.core.event import Event
from portico.core.letterbox import Letterbox
from portico.core.live import LiveSink
from portico.errors import Misconfigured

E = TypeVar("E", bound=Event)


@lru_cache(maxsize=256)
def _names(kinds: tuple[type[Event], ...]) -> frozenset[str]:
    """One set for all streams of the same kinds."""
    return frozenset(kind.event_name for kind in kinds)


class Events(AsyncIterator[E], Generic[E]):
    """The organization's events of some kinds, one after another, for ever; none that is another user's alone."""

    __slots__ = ("_letterbox", "_live", "_until")

    def __init__(self, call: Call, kinds: Sequence[type[Event]]) -> None:
        """Listen from now on. Raises Misconfigured outside of a subscription, and for a second time."""
        live = call.sink.live if isinstance(call.sink, LiveSink) else None
        org = call.facts.org_id
        if live is None or org is None:
            message = (
                f"{call.action} uses ctx.events, which is for subscriptions of an organization: @module.subscription."
            )
            raise Misconfigured(message)
        if live.letterbox is not None or not kinds:
            raise Misconfigured(f"{call.action} uses ctx.events: once, with all kinds of events that it wants.")
        self._live = live
        self._letterbox = Letterbox(org, call.facts.user_id, _names(tuple(kinds)), since=live.place)
        self._until = live.listen(self._letterbox)

    async def __anext__(self) -> E:
        """The next event. It is the same object for all streams: take a copy to change it."""
        if self._until > self._letterbox.since:
            until, self._until = self._until, self._letterbox.since
            await self._live.catch_up(self._letterbox, until)
        told = await self._letterbox.take()
        self._live.place = told.place
        return cast("E", told.event)
