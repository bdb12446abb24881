"""Passwords: hashed slowly on purpose, off the event loop."""

from typing import Protocol


class Hasher(Protocol):
    """Hashes and verifies passwords; raises Unavailable where too many wait already."""

    async def hash(self, password: str) -> str:
        """A salted hash to be stored."""
        ...

    async def verify(self, password: str, hashed: str | None) -> bool:
        """Whether the password belongs to the hash; takes as long where there is none."""
        ...

    def outdated(self, hashed: str) -> bool:
        """Whether a hash that was verified should be made anew; quick."""
        ...

    async def close(self) -> None:
        """Let go of what hashing holds; nothing is hashed from then on."""
        ...
