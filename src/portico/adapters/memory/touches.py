"""Touches that go nowhere: for calls of no application."""

from datetime import datetime
from uuid import UUID

from portico.ports.touches import Drift


class MemoryTouches:
    """Keeps what was noted."""

    def __init__(self) -> None:
        """Nothing was used yet."""
        self.used: dict[UUID, datetime] = {}
        self.drifts: list[Drift] = []

    def session(self, session: UUID, at: datetime) -> None:
        """Keep a session's last use."""
        self.used[session] = at

    def key(self, key: UUID, at: datetime) -> None:
        """Keep an API key's last use."""
        self.used[key] = at

    def drift(self, drift: Drift) -> None:
        """Keep a drift."""
        self.drifts.append(drift)

    async def flush(self) -> None:
        """Nothing to do: there is nowhere to write."""
