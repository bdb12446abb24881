"""Passwords by Argon2id (RFC 9106), in threads of their own."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import CHEAPEST, RFC_9106_LOW_MEMORY

AT_ONCE = 2
"""So many hashes are computed at a time, 64 MiB each; the others wait."""


class Argon2Hasher:
    """Hashes with Argon2id, off the event loop."""

    def __init__(self, *, cheap: bool = False) -> None:
        """`cheap` is for tests and demo data: one pass over 8 KiB."""
        self._hasher = PasswordHasher.from_parameters(CHEAPEST if cheap else RFC_9106_LOW_MEMORY)
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="argon2")
        self._nobody: str | None = None

    async def hash(self, password: str) -> str:
        """A salted hash in the PHC string format."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._hasher.hash, password)

    async def verify(self, password: str, hashed: str | None) -> bool:
        """Whether it is the password; as slow where there is no hash, so that time tells nothing."""
        if hashed is None:
            self._nobody = self._nobody or await self.hash("nobody")
        return await asyncio.get_running_loop().run_in_executor(
            self._threads, self._matches, password, hashed or self._nobody or "", hashed is not None
        )

    def _matches(self, password: str, hashed: str, somebody: bool) -> bool:  # noqa: FBT001  # called by position by the executor
        try:
            self._hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False
        return somebody
