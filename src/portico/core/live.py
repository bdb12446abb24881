"""One stream that is open: whose, where it is in the outbox, how it ends."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Hashable
from typing import Any

from portico.core.bookmark import Bookmark
from portico.core.call import Call
from portico.core.hub import Hub
from portico.core.letterbox import Letterbox
from portico.errors import SlowClient, TimedOut
from portico.ports.events import Position


class LiveSink(ABC):
    """What a transport gives to a call that stays open: it tells what happens at once, and that it is still there."""

    __slots__ = ("begun", "bookmark", "live", "sent", "wrote")

    def __init__(self, bookmark: str | None = None) -> None:
        """Nothing has left."""
        self.live: Live | None = None
        """The open stream, as soon as there is one."""
        self.bookmark = bookmark
        """What the client says that it has seen last, if anything."""
        self.begun = False
        self.sent = 0
        self.wrote = 0.0
        """When something was told last, in the event loop's time."""

    @abstractmethod
    async def open(self, *, resumed: bool) -> None:
        """Tell that from now on everything is told; `resumed`: from the bookmark on."""

    @abstractmethod
    async def drain(self, rows: AsyncIterator[Any]) -> None:
        """Tell each value at once."""

    @abstractmethod
    async def keep_alive(self) -> None:
        """Tell that there is nothing to tell."""

    @abstractmethod
    async def resync(self) -> None:
        """Tell that something was missed that cannot be told any more."""


class Live:
    """An open stream. Its values are made in the task that has opened it, which `end` cancels."""

    __slots__ = ("_due", "_hub", "_leaving", "_most", "_task", "call", "letterbox", "place", "sink", "whose")

    def __init__(self, call: Call, sink: LiveSink, hub: Hub, *, place: Position, most: int) -> None:
        """From a place on; no more than `most` events wait for it."""
        self.call, self.sink, self.place = call, sink, place
        self.letterbox: Letterbox | None = None
        self.whose: tuple[Hashable, ...] = ()
        """What it counts for."""
        self._hub, self._most = hub, most
        self._task = asyncio.current_task()
        self._leaving: asyncio.Future[BaseException] | None = None
        self._due: asyncio.TimerHandle | None = None
        sink.live = self

    @property
    def bookmark(self) -> Bookmark:
        """What the client has seen once it has been told all that was to be told so far."""
        idle = self.letterbox is not None and self.letterbox.idle
        return Bookmark(self._hub.place if idle else self.place, self.call.services.clock.now())

    def listen(self, letterbox: Letterbox) -> Position:
        """Let events wait in the letterbox; those up to the place that is returned are not among them."""
        self.letterbox = letterbox
        letterbox.bound(self._most, self._overrun)
        return self._hub.enter(letterbox)

    async def catch_up(self, letterbox: Letterbox, until: Position) -> None:
        """Put into the letterbox what it has missed up to a place; tell the client where that is too much."""
        earlier = await self._hub.missed(letterbox, until)
        if earlier is None:
            self.place = until
            await self.sink.resync()
        else:
            letterbox.put_first(earlier)

    def watch(self, seconds: float | None) -> None:
        """End with the client's leave, and after so many seconds, if any."""
        if seconds is not None:
            self._due = asyncio.get_running_loop().call_later(seconds, self.end, TimedOut())
        if (leaving := self.call.patience.leaving) is not None:
            self._leaving = asyncio.ensure_future(leaving())
            self._leaving.add_done_callback(self._left)

    def end(self, why: BaseException) -> None:
        """Make no more values, for this reason; the first one counts."""
        patience = self.call.patience
        if patience.cut is None and self._task is not None:
            patience.cut = why
            self._task.cancel()

    def close(self) -> None:
        """Let go of everything: a line is closed by some servers once nobody holds it any more."""
        self.sink.live = None
        if self.letterbox is not None:
            self._hub.leave(self.letterbox)
        if self._leaving is not None:
            self._leaving.cancel()
        if self._due is not None:
            self._due.cancel()

    def _overrun(self) -> None:
        self.end(SlowClient())

    def _left(self, leaving: "asyncio.Future[BaseException]") -> None:
        """End for the reason that was waited for, or for what went wrong with the waiting."""
        if not leaving.cancelled():
            why = leaving.exception() or leaving.result()
            if self.sink.live is self:
                self.end(why)
