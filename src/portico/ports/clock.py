"""Time and identifiers: both come from here, so that tests are exact."""

from datetime import datetime
from typing import Protocol
from uuid import UUID


class Clock(Protocol):
    """What time it is."""

    def now(self) -> datetime:
        """The current time, aware, in UTC."""
        ...

    def seconds(self) -> float:
        """Seconds that only ever grow: for measuring how long, never for dates."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Let so many seconds pass."""
        ...


class Ids(Protocol):
    """Identifiers and secrets."""

    def new(self) -> UUID:
        """A UUIDv7 (RFC 9562): sorts by the time it was made."""
        ...

    def token(self) -> str:
        """A secret of at least 128 random bits, safe in a URL."""
        ...
