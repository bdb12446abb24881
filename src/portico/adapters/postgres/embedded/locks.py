"""Locks on files, which the kernel drops when their holder dies, however it dies."""

import contextlib
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import anyio

from portico.adapters.postgres.embedded.faults import StartFailed

PATIENCE = 150.0  # seconds, above what a start may take


class Lock:
    """A lock on a file, until it is closed."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def close(self) -> None:
        """Give the lock back: closing keeps it for a forked child that shares the descriptor, unlocking would not."""
        os.close(self._descriptor)


def try_lock(path: Path, *, shared: bool = False) -> Lock | None:
    """The lock, or nothing if somebody has it."""
    import fcntl  # absent on Windows

    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except BaseException:
        os.close(descriptor)
        raise
    return Lock(descriptor)


@contextlib.asynccontextmanager
async def locked(path: Path) -> AsyncIterator[None]:
    """Be the only one within, waiting for whoever is there."""
    deadline = time.monotonic() + PATIENCE
    while (lock := try_lock(path)) is None:
        if time.monotonic() > deadline:
            raise StartFailed(
                path.parent,
                f"another process has been starting or stopping it for {PATIENCE:.0f} s",
                "see which processes hold start.lock and end them",
            )
        await anyio.sleep(0.01)
    try:
        yield
    finally:
        lock.close()
