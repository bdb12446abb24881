"""Turns at what one task alone may use at a time."""

import asyncio


class Turns:
    """One at a time, first come, first served: an `asyncio.Lock` that takes no coroutine where nobody has to wait.

    Every statement and every commit is a turn, and next to none of them waits for one. Who finds it `taken` awaits
    `come`; the turn is the block `with turns:` after that.
    """

    __slots__ = ("_waiting", "failed", "taken")

    def __init__(self) -> None:
        """Nobody's turn."""
        self.taken = False
        self.failed = False
        """Whether a turn has ended by an exception."""
        self._waiting: list[asyncio.Future[None]] = []

    async def come(self) -> None:
        """Wait until the turn is the caller's."""
        waiter = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        try:
            await waiter
        except asyncio.CancelledError:
            if not waiter.cancelled():  # it came in that moment
                self._over()
            raise

    def __enter__(self) -> None:
        self.taken = True

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self.failed = True
        self._over()

    def _over(self) -> None:
        """End the turn; it stays taken where somebody waits, for whom it is now."""
        while self._waiting:
            waiter = self._waiting.pop(0)
            if not waiter.done():
                waiter.set_result(None)
                return
        self.taken = False
