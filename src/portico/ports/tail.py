"""The outbox as streams read it: nobody's place is kept, and any number may read."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol
from uuid import UUID

from portico.ports.ear import Ear
from portico.ports.events import Emitted, Position


class Span(NamedTuple):
    """Part of the outbox: after one place, up to another."""

    since: Position
    until: Position


class Tail(Protocol):
    """Reads the outbox. An event is read once every transaction that may still come before it is over."""

    def ear(self, *, soon: float, late: float) -> Ear:
        """Hears of commits that emit."""
        ...

    async def end(self) -> Position:
        """Where it ends: what can be read later comes after that place."""
        ...

    async def after(self, place: Position, most: int) -> list[Emitted]:
        """The next events after a place, of all organizations."""
        ...

    async def between(self, org: UUID, names: Sequence[str], span: Span, *, most: int) -> list[Emitted] | None:
        """An organization's events of some names; None where more than `most` events of anybody lie in between."""
        ...

    async def close(self) -> None:
        """Hear no more."""
        ...
