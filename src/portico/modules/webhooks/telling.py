"""Out of the outbox: a delivery for each event and endpoint that wants it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from pydantic_core import to_json

from portico.ports.clock import Clock
from portico.ports.events import Batch, Emitted

PUT = """
    select portico.put_deliveries_v1(:ids::uuid[], :orgs::uuid[], :names::text[], :bodies::text[],
                                     :moments::timestamptz[], :as_of)
"""


class Telling:
    """Notes deliveries in the transaction that moves its place in the outbox on: each event once."""

    name = "webhooks"

    def __init__(self, clock: Clock) -> None:
        """What is noted is due at once."""
        self._clock = clock

    async def take(self, batch: Batch) -> None:
        """Note what those endpoints are to be told that want to know."""
        events = [(event, org) for event in batch.events for org in told(event)]
        if events:
            await batch.db.one(
                PUT,
                int,
                ids=[event.id for event, _ in events],
                orgs=[org for _, org in events],
                names=[event.name for event, _ in events],
                bodies=[body_of(event.id, event.name, at=event.at, data=event.data) for event, _ in events],
                moments=[event.at for event, _ in events],
                as_of=self._clock.now(),
            )


def told(event: Emitted) -> Sequence[UUID]:
    """The organizations whose endpoints may want to know."""
    return event.audience if event.org is None else (event.org,)


def body_of(id: UUID, event: str, *, at: datetime, data: str) -> str:
    """What is sent, as JSON, the same in every attempt; `data` is JSON already."""
    head = to_json({"id": id, "event": event, "timestamp": written(at)}).decode()
    return f'{head[:-1]},"data":{data}}}'


def written(at: datetime) -> str:
    """A moment as the body has it: RFC 3339, in UTC."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
