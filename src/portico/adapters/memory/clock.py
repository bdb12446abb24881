"""A clock that stands where it is set."""

import asyncio
from datetime import UTC, datetime, timedelta


class SettableClock:
    """Starts now (or when told), and moves only when told: for tests."""

    def __init__(self, start: datetime | None = None) -> None:
        """Start at an aware time."""
        self._now = start or datetime.now(UTC)
        self._seconds = 1_000_000.0

    def now(self) -> datetime:
        """The time it was set to."""
        return self._now

    def seconds(self) -> float:
        """Seconds that grow as the clock is moved on."""
        return self._seconds

    async def sleep(self, seconds: float) -> None:
        """Move on by that much, and let others run: nobody waits."""
        self.advance(timedelta(seconds=seconds))
        await asyncio.sleep(0)

    def advance(self, by: timedelta) -> None:
        """Move on."""
        self._now += by
        self._seconds += by.total_seconds()

    def set(self, now: datetime) -> None:
        """Stand at another time; seconds only ever grow."""
        self._seconds += max(0.0, (now - self._now).total_seconds())
        self._now = now
