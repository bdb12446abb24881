"""What is noted of sessions and API keys in memory while calls run, and written later, all at once."""

from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID


class Drift(NamedTuple):
    """A session used from another device or network than it was opened on."""

    session: UUID
    device: str
    """The device's name, as it is now."""
    place: str
    """The network, as it is now."""
    refused: bool
    at: datetime
    ip: str | None
    user_agent: str | None
    request_id: str


class Touches(Protocol):
    """Notes cost no round trip; a process that is killed loses what it had not yet written, and no more than that."""

    def session(self, session: UUID, at: datetime) -> None:
        """Note a session's use; once a minute is enough."""
        ...

    def key(self, key: UUID, at: datetime) -> None:
        """Note an API key's use."""
        ...

    def drift(self, drift: Drift) -> None:
        """Note a drift; it is audited once for each device and network of a session."""
        ...

    async def flush(self) -> None:
        """Write what was noted; raises where it cannot be, and keeps it for the next time."""
        ...
