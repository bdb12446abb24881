"""What one task works out and others wait for."""

import asyncio
from typing import Generic, TypeVar

from portico.errors import Misconfigured

T = TypeVar("T")


class Flight(Generic[T]):
    """A value under way: whoever works it out lands it, or fails, or is cancelled and abandons it."""

    __slots__ = ("_future", "pilot")

    def __init__(self) -> None:
        """The running task works it out."""
        self._future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self.pilot = asyncio.current_task()

    @property
    def over(self) -> bool:
        """Whether nobody works on it any more."""
        return self._future.done()

    def land(self, value: T) -> None:
        """It is there."""
        if not self._future.done():
            self._future.set_result(value)

    def fail(self, problem: Exception) -> None:
        """It will not be there: all who wait are told why."""
        if not self._future.done():
            self._future.set_exception(problem)
            self._future.exception()  # nobody need have waited

    def abandon(self) -> None:
        """Nobody works on it any more."""
        self._future.cancel()

    async def landed(self) -> bool:
        """Wait for it; False where it was abandoned, so that somebody else must work it out."""
        if not self._future.done():
            await asyncio.wait([self._future])  # who waits may be cancelled, and the others wait on
        return not self._future.cancelled()

    def result(self) -> T:
        """The value; raises what it has failed with."""
        return self._future.result()


def refuse_circle(pilot: "asyncio.Task[object] | None", name: str) -> None:
    """Raise Misconfigured where a loader waits for itself."""
    if pilot is not None and pilot is asyncio.current_task():
        message = f"{name} asks for what it is working out itself, and would wait for ever."
        raise Misconfigured(message)
