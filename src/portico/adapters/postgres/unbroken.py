"""Awaiting what must not be cut off halfway."""

import asyncio
from collections.abc import Coroutine, Generator
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Unbroken(Generic[T]):
    """Runs a coroutine to its end in the caller's own task; a cancellation takes effect at the first await after it.

    `asyncio.shield` would do the same with a task of its own, which costs five times as much; and every call commits.
    A coroutine that cancels its own task, as `asyncio.timeout` does, is not for this.
    """

    __slots__ = ("_coroutine", "_held")

    def __init__(self, coroutine: Coroutine[Any, Any, T]) -> None:
        """Nothing runs yet."""
        self._coroutine = coroutine
        self._held = 0

    def __await__(self) -> Generator[Any, None, T]:
        """Step through the coroutine; what it waits for is waited for by way of a stand-in, which may be cancelled."""
        try:
            while True:
                waits_for = self._coroutine.send(None)
                if waits_for is None:  # asyncio.sleep(0)
                    yield from self._held_back(asyncio.sleep(0).__await__())
                    continue
                waits_for._asyncio_future_blocking = False  # noqa: SLF001  # so a task is told that it was yielded
                while not waits_for.done():
                    yield from self._held_back(_stand_in(waits_for).__await__())
        except StopIteration as done:
            result: T = done.value
            return result
        finally:
            self._deliver()

    def _held_back(self, step: Generator[Any, None, None]) -> Generator[Any, None, None]:
        try:
            yield from step
        except asyncio.CancelledError:
            self._held += 1

    def _deliver(self) -> None:
        """Cancel the task anew, as often as it was, for the next await."""
        task = asyncio.current_task()
        for _ in range(self._held if task is not None else 0):
            task.uncancel()  # type: ignore[union-attr]  # there is one wherever something is awaited
            task.cancel()  # type: ignore[union-attr]  # as above


def _stand_in(future: "asyncio.Future[Any]") -> "asyncio.Future[None]":
    """A future that is done when the other one is, and takes nothing along when it is cancelled."""
    stand_in = future.get_loop().create_future()

    def wake(_: object) -> None:
        if not stand_in.done():
            stand_in.set_result(None)

    future.add_done_callback(wake)
    return stand_in
