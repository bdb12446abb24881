"""Passwords: hashed slowly on purpose, off the event loop."""

from typing import Protocol


class Hasher(Protocol):
    """Hashes and verifies passwords."""

    async def hash(self, password: str) -> str:
        """A salted hash to be stored."""
        ...

    async def verify(self, password: str, hashed: str | None) -> bool:
        """Whether the password belongs to the hash; takes as long where there is none."""
        ...
