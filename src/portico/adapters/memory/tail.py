"""An outbox in memory, for one process: each event is read as soon as it is emitted."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from portico.ports.clock import Clock, Ids
from portico.ports.ear import Ear
from portico.ports.events import Emitted, Position
from portico.ports.tail import Span


class MemoryTail:
    """Holds all that was ever emitted."""

    def __init__(self, clock: Clock, ids: Ids) -> None:
        """Nothing has happened."""
        self._clock = clock
        self._ids = ids
        self._events: list[Emitted] = []
        self._ears: list[Ear] = []

    def emit(self, org: UUID | None, name: str, data: str) -> Emitted:
        """Have something happen."""
        now: datetime = self._clock.now()
        event = Emitted(Position(len(self._events) + 1, 1), self._ids.new(), org, name, data, now)
        self._events.append(event)
        for ear in self._ears:
            ear.ring()
        return event

    def ear(self, *, soon: float, late: float) -> Ear:
        """Hears of every event."""
        self._ears.append(Ear(soon, late))
        return self._ears[-1]

    async def end(self) -> Position:
        """After the last event."""
        return Position(len(self._events) + 1, 0)

    async def after(self, place: Position, most: int) -> list[Emitted]:
        """The next events."""
        return [event for event in self._events if event.position > place][:most]

    async def between(self, org: UUID, names: Sequence[str], span: Span, *, most: int) -> list[Emitted] | None:
        """What an organization has missed."""
        found = [event for event in self._events if span.since < event.position <= span.until]
        return None if len(found) > most else [event for event in found if event.org == org and event.name in names]

    async def close(self) -> None:
        """Hear no more."""
        self._ears.clear()
