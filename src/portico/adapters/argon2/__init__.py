"""Passwords by Argon2id (RFC 9106), in threads of their own."""

import asyncio
import os
import sys
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import NamedTuple, ParamSpec, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from portico.errors import Unavailable

P = ParamSpec("P")
T = TypeVar("T")
MOST_WAITING = 100
"""So many hashes may wait their turn; whoever comes then is asked to come again."""
COME_AGAIN = 5.0
"""Seconds after which."""
NICENESS = 10
"""How far hashing steps back for whatever else wants a processor, as `nice` counts."""


class Cost(NamedTuple):
    """What one hash takes."""

    memory: int
    """In KiB."""
    passes: int
    lanes: int


STANDARD = Cost(64 * 1024, 3, 4)
"""The second recommended option of RFC 9106."""
CHEAPEST = Cost(8, 1, 1)
"""For tests and demo data: as little as the algorithm allows."""


class Argon2Hasher:
    """Hashes with Argon2id, off the event loop and behind everything else that wants to run."""

    def __init__(self, cost: Cost = STANDARD, *, at_once: int = 2) -> None:
        """`at_once` hashes are computed at a time, each with its memory; the others wait."""
        self._hasher = PasswordHasher(cost.passes, cost.memory, cost.lanes)
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="argon2", initializer=_step_back)
        self._nobody = _no_hash(cost)
        self._most = at_once + MOST_WAITING
        self._inside = 0

    async def hash(self, password: str) -> str:
        """A salted hash in the PHC string format."""
        return await self._in_turn(self._hasher.hash, password)

    async def verify(self, password: str, hashed: str | None) -> bool:
        """Whether it is the password; as slow where there is no hash, so that time tells nothing."""
        return await self._in_turn(self._matches, password, hashed or self._nobody)

    def outdated(self, hashed: str) -> bool:
        """Whether the hash was made at another cost than one is made at now."""
        return self._hasher.check_needs_rehash(hashed)

    async def close(self) -> None:
        """End the threads, each after the hash in hand; whoever still waits is cancelled."""
        await asyncio.to_thread(self._threads.shutdown, cancel_futures=True)

    async def _in_turn(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        if self._inside >= self._most:
            raise Unavailable(retry_after=COME_AGAIN)
        self._inside += 1
        try:
            return await asyncio.wrap_future(self._threads.submit(work, *args, **kwargs))
        finally:
            self._inside -= 1

    def _matches(self, password: str, hashed: str) -> bool:
        try:
            return self._hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False


def _step_back() -> None:
    """Lower the thread's priority and keep it to half of the processors, so that others find one free at once.

    The threads that Argon2 starts for its lanes inherit both. Linux alone gives threads a priority of their own, the
    thread that asks being number 0: elsewhere the whole server would step back.
    """
    if sys.platform == "linux":
        with suppress(OSError):
            processors = sorted(os.sched_getaffinity(0))
            os.sched_setaffinity(0, processors[len(processors) // 2 :])
            os.setpriority(os.PRIO_PROCESS, 0, NICENESS)


def _no_hash(cost: Cost) -> str:
    """A hash of nothing at all, which takes as long to refuse as anybody's."""
    salt, tag = (b64encode(os.urandom(size)).decode().rstrip("=") for size in (16, 32))
    return f"$argon2id$v=19$m={cost.memory},t={cost.passes},p={cost.lanes}${salt}${tag}"
