"""The machine's own clock and randomness."""

import asyncio
import os
import secrets
import time
from datetime import UTC, datetime
from uuid import UUID


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
        """A UUIDv7 (RFC 9562, section 5.7): 48 bits of milliseconds, then randomness."""
        milliseconds = time.time_ns() // 1_000_000
        value = (milliseconds << 80) | int.from_bytes(os.urandom(10), "big")
        value = value & ~(0xF << 76) | 0x7 << 76
        value = value & ~(0x3 << 62) | 0x2 << 62
        return UUID(int=value)

    def token(self) -> str:
        """256 random bits, URL-safe."""
        return secrets.token_urlsafe(32)
