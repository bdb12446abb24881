"""The machine's own clock and randomness."""

import asyncio
import secrets
import time
from datetime import UTC, datetime
from uuid import UUID

from portico.ports.uuid7 import uuid7


class SystemClock:
    """The machine's clock."""

    seconds = staticmethod(time.monotonic)

    def now(self) -> datetime:
        """The current time in UTC."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


class RandomIds:
    """UUIDv7 and tokens from the operating system's randomness."""

    def new(self) -> UUID:
        """As `uuid7` makes them."""
        return UUID(uuid7())

    def token(self) -> str:
        """256 random bits, URL-safe."""
        return secrets.token_urlsafe(32)
