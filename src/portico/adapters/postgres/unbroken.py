"""Awaiting what must not be cut off halfway."""

import asyncio
from collections.abc import Callable, Coroutine, Generator
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Unbroken(Generic[T]):
    """Runs a coroutine to its end in the caller's own task; a cancellation takes effect at the first await after it.

    `asyncio.shield` would do the same with a task of its own, which costs five times as much; and every call commits.
    A coroutine that cancels its own task, as `asyncio.timeout` does, is not for this.

    To the task it is itself the future that is waited for (asyncio takes whatever has a future's methods for one), so
    that it is asked in the future's place to cancel it, and keeps that for later.
    """

    __slots__ = ("_asyncio_future_blocking", "_coroutine", "_future", "_held")

    def __init__(self, coroutine: Coroutine[Any, Any, T]) -> None:
        """Nothing runs yet."""
        self._coroutine = coroutine
        self._held = 0

    def __await__(self) -> Generator[Any, None, T]:
        """Step through the coroutine."""
        try:
            while True:
                self._future = self._coroutine.send(None)
                self._asyncio_future_blocking = True  # so a task is told that something was yielded to be waited for
                try:
                    yield self if self._future is not None else None  # None: asyncio.sleep(0)
                except (Exception, asyncio.CancelledError):  # noqa: BLE001  # the coroutine gets it from the future
                    self._held += self._future is None
        except StopIteration as done:
            result: T = done.value
            return result
        finally:
            if self._held:
                self._deliver()

    def get_loop(self) -> asyncio.AbstractEventLoop:
        """The future's."""
        loop: asyncio.AbstractEventLoop = self._future.get_loop()
        return loop

    def add_done_callback(self, told: Callable[[Any], object], *, context: Any = None) -> None:
        """Tell the task when the future is done."""
        self._future.add_done_callback(told, context=context)

    def cancel(self, msg: object = None) -> bool:  # as a future's
        """Keep it for later."""
        self._held += 1
        return True

    def _deliver(self) -> None:
        """Cancel the task anew, as often as it was, for the next await."""
        task = asyncio.current_task()
        for _ in range(self._held if task is not None else 0):
            task.uncancel()  # type: ignore[union-attr]  # there is one wherever something is awaited
            task.cancel()  # type: ignore[union-attr]  # as above
