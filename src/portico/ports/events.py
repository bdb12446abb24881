"""Events on their way from the outbox to whoever listens: each listener reads at a pace of its own."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from portico.ports.database import Db


class Position(NamedTuple):
    """A place in the outbox: events are ordered by it, and none ever comes before one that was read."""

    xid: int
    number: int

    def __str__(self) -> str:
        """As text, such as `812.7`; `parse` reads it."""
        return f"{self.xid}.{self.number}"

    @classmethod
    def parse(cls, text: str) -> "Position":
        """The position of a text; raises ValueError where it is none."""
        xid, _, number = text.partition(".")
        return cls(int(xid), int(number))


class Emitted(NamedTuple):
    """An event as the outbox has it."""

    position: Position
    id: UUID
    org: UUID | None
    name: str
    data: str
    """JSON."""
    at: datetime
    audience: Sequence[UUID] = ()
    """Where it is of no organization: those whose webhooks are told."""


class Batch(NamedTuple):
    """Events for one listener, and the transaction in which it takes them: it ends with the listener moved on."""

    events: Sequence[Emitted]
    db: Db
    """Statements as the role `portico_worker`."""


class Listener(NamedTuple):
    """A job that handles events."""

    name: str
    """The job's."""
    event: str
    attempts: int
    priority: int


class Sink(Protocol):
    """Takes every event, in order, in batches; one that is slow or fails delays no other."""

    @property
    def name(self) -> str:
        """Under which its place in the outbox is kept: never to be changed."""
        ...

    async def take(self, batch: Batch) -> None:
        """Note what is to be done, in the batch's transaction, with no call to the outside: at least once for each.

        Where it raises, nothing is noted, and the same events come again.
        """
        ...


class Feed(Protocol):
    """Reads the outbox. An event comes once every transaction that may still come before it is over."""

    async def join(self, consumers: Sequence[str], *, from_beginning: bool = False) -> None:
        """Make new listeners known: they begin where the outbox ends now, or with the oldest event that is kept."""
        ...

    async def relay(self, listeners: Sequence[Listener], most: int, *, as_of: datetime) -> int:
        """Enqueue a job for each event that a listener handles, once; how many. At most `most` for each listener."""
        ...

    def batch(self, consumer: str, most: int) -> AbstractAsyncContextManager[Batch]:
        """The next events of a consumer, which has taken them when the block ends; none where another is at it."""
        ...
