"""What waits for one stream."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from uuid import UUID

from portico.core.event import Event
from portico.ports.events import Position


class Told:
    """An event on its way to streams: read once for all of them, so that none of them may change it."""

    __slots__ = ("event", "for_whom", "org", "place")

    def __init__(self, place: Position, org: UUID | None, event: Event) -> None:
        """At its place in the outbox."""
        self.place = place
        self.org = org
        self.event = event
        self.for_whom = event.for_whom()


class Letterbox:
    """The events for one stream that it has not taken yet: so many, or it is over with it."""

    __slots__ = ("_most", "_overrun", "_waiting", "_woken", "names", "org", "since", "user")

    def __init__(self, org: UUID, user: UUID | None, names: frozenset[str], *, since: Position) -> None:
        """Of an organization, for one of its members, of some names, after a place."""
        self.org, self.user, self.names, self.since = org, user, names, since
        self._waiting: deque[Told] | None = None  # an empty one takes more than all else of an idle stream's
        self._woken: asyncio.Future[None] | None = None
        self._most = 0
        self._overrun: Callable[[], object] = bool

    def bound(self, most: int, overrun: Callable[[], object]) -> None:
        """Hold no more than so many; where there would be more, `overrun` is called."""
        self._most, self._overrun = most, overrun

    @property
    def idle(self) -> bool:
        """Whether everything was taken, and the stream waits for more."""
        return self._woken is not None and not self._woken.done()

    def put(self, told: Told) -> None:
        """Let an event wait, if it is new to the stream and meant for it."""
        if not self._is_for_us(told):
            return
        if self._waiting is None:
            self._waiting = deque()
        elif len(self._waiting) >= self._most:
            self._overrun()
            return
        self._waiting.append(told)
        if self._woken is not None and not self._woken.done():
            self._woken.set_result(None)

    def put_first(self, earlier: Iterable[Told]) -> None:
        """Let events wait that came before all that waits already."""
        found = deque(told for told in earlier if self._is_for_us(told))
        found.extend(self._waiting or ())
        self._waiting = found or None

    async def take(self) -> Told:
        """The next event; waits for it."""
        while self._waiting is None:
            self._woken = asyncio.get_running_loop().create_future()
            await self._woken
        told = self._waiting.popleft()
        self._waiting = self._waiting or None
        return told

    def _is_for_us(self, told: Told) -> bool:
        return told.place > self.since and (told.for_whom is None or self.user in told.for_whom)
