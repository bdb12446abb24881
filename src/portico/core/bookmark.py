"""Where a client is in the outbox, as a text that it keeps and need not understand."""

import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Self

from portico.ports.events import Position

SHAPE = struct.Struct(">QqI")
KEPT = timedelta(hours=1)
"""How old a bookmark may be: well within what the outbox keeps, however few days that is set to."""


class Bookmark(NamedTuple):
    """A place, and when it was told."""

    place: Position
    at: datetime

    def __str__(self) -> str:
        """As text."""
        packed = SHAPE.pack(*self.place, int(self.at.timestamp()))
        return urlsafe_b64encode(packed).decode().rstrip("=")

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The bookmark of a text; None where it is none of ours."""
        try:
            xid, number, seconds = SHAPE.unpack(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        except (ValueError, struct.error):
            return None
        return cls(Position(xid, number), datetime.fromtimestamp(seconds, UTC))

    def holds(self, now: datetime) -> bool:
        """Whether everything that came after it is still there."""
        return now - self.at <= KEPT
