"""One reader of the outbox for all streams of a process: what it reads is handed around in memory."""

import asyncio
import logging
from collections.abc import Iterator
from uuid import UUID

from portico.core.event import EVENTS
from portico.core.letterbox import Letterbox, Told
from portico.errors import Unavailable
from portico.ports.events import Emitted, Position
from portico.ports.tail import Span, Tail

SOON, LOOK = 0.02, 0.5
"""Seconds between two looks at the outbox, after something was told and when nothing was."""
PAUSE = 1.0
"""Seconds before it is read again after a failure."""
PATIENCE = 5.0
"""Seconds in which reading must have begun."""
MOST = 500
"""Events that are read at once."""
MISSED = 20_000
"""Events of all organizations that a stream which comes back may have missed."""
log = logging.getLogger("portico")


class Hub:
    """Reads as long as there is a stream."""

    def __init__(self, tail: Tail) -> None:
        """Nobody listens."""
        self.place = Position(0, 0)
        """Everything up to it was handed around."""
        self._tail = tail
        self._ear = tail.ear(soon=SOON, late=LOOK)
        self._letterboxes: dict[tuple[UUID, str], dict[Letterbox, None]] = {}
        self._streams = 0
        self._wanted, self._begun = asyncio.Event(), asyncio.Event()

    @property
    def listened(self) -> int:
        """How many letterboxes there are of an organization and a name."""
        return sum(map(len, self._letterboxes.values()))

    def ring(self) -> None:
        """Look at once: something was committed."""
        self._ear.ring()

    async def join(self) -> Position:
        """Read for one stream more, from a place that is returned; raises Unavailable where it cannot be read."""
        self._streams += 1
        self._wanted.set()
        try:
            if not self._begun.is_set():
                self._ear.ring()
                async with asyncio.timeout(PATIENCE):
                    await self._begun.wait()
        except BaseException as problem:
            self.part()
            if isinstance(problem, TimeoutError):
                raise Unavailable(retry_after=PATIENCE) from problem
            raise
        return self.place

    def part(self) -> None:
        """Read for one stream less."""
        self._streams -= 1
        if not self._streams:
            self._wanted.clear()
            self._begun.clear()

    async def has_reached(self, place: Position) -> bool:
        """Whether the outbox has come as far: a place beyond its end is none of this database's."""
        return place <= self.place or place <= await self._tail.end()

    def enter(self, letterbox: Letterbox) -> Position:
        """Put events into the letterbox from now on; those up to the place that is returned are not among them."""
        for name in letterbox.names:
            self._letterboxes.setdefault((letterbox.org, name), {})[letterbox] = None
        return self.place

    def leave(self, letterbox: Letterbox) -> None:
        """Put nothing into it any more."""
        for name in letterbox.names:
            there = self._letterboxes[letterbox.org, name]
            del there[letterbox]
            if not there:
                del self._letterboxes[letterbox.org, name]

    async def missed(self, letterbox: Letterbox, until: Position) -> list[Told] | None:
        """What the letterbox is to hold first, up to a place; None where that is too much."""
        span = Span(letterbox.since, until)
        found = await self._tail.between(letterbox.org, sorted(letterbox.names), span, most=MISSED)
        return None if found is None else list(_read(found))

    async def run(self) -> None:
        """Hand around, for ever; a database that is away is waited for."""
        while True:
            await self._wanted.wait()
            try:
                await self._look()
            except Exception as problem:  # noqa: BLE001  # whatever the database goes through, streams stay open
                log.warning("the outbox cannot be read for streams: %r", problem)
                await asyncio.sleep(PAUSE)

    async def _look(self) -> None:
        if not self._begun.is_set():
            self.place = await self._tail.end()
            self._begun.set()
        events = await self._tail.after(self.place, MOST)
        for event in events:
            if self._tell(event):
                await asyncio.sleep(0)
        if len(events) < MOST:
            await self._ear.pause()

    def _tell(self, event: Emitted) -> bool:
        """Hand one around; whether anybody was there."""
        self.place = event.position
        there = self._letterboxes.get((event.org, event.name)) if event.org is not None else None
        if not there:
            return False
        for told in _read([event]):
            for letterbox in tuple(there):
                letterbox.put(told)
        return True


def _read(events: list[Emitted]) -> Iterator[Told]:
    """The events; one that its class does not take any more is left out."""
    for event in events:
        try:
            yield Told(event.position, event.org, EVENTS[event.name].model_validate_json(event.data))
        except (KeyError, ValueError):
            log.warning("the event %s is no %s any more, and streams do without it", event.id, event.name)
