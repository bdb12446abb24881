"""Calls that take long: cut off when their time is over, or when their client has left.

A quick call pays for its place in a dictionary. Who is still there after some ticks is watched: a timer for each call,
or a task that listens for its client's leave, would cost all of them what few of them need.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, TypeAlias

from portico.errors import TimedOut

TICK = 0.05
"""Seconds between two looks at the calls that run; timeouts are as exact as this."""
LONG = 0.2
"""Seconds after which a call's client is listened to: on a busy server, many take a tenth of a second."""
Leaving: TypeAlias = Callable[[], Awaitable[BaseException]]


class Patience:
    """How long a call may take, and for whom."""

    __slots__ = ("cut", "due", "leaving", "seconds")

    def __init__(self, seconds: float) -> None:
        """So many seconds, and nobody who could leave."""
        self.seconds = seconds
        self.due: float | None = None
        """When it ends, in the event loop's time; not known before the first look."""
        self.leaving: Leaving | None = None
        """Waits for the client's leave, and gives the exception to end with."""
        self.cut: BaseException | None = None
        """Why the call was cut off, if it was."""


class Watch:
    """The calls of one process that may be cut off: those that are not yet being committed."""

    __slots__ = ("_awake", "_listening", "_running")

    def __init__(self) -> None:
        """Nothing runs."""
        self._running: dict[Patience, asyncio.Task[Any] | None] = {}
        self._listening: dict[Patience, asyncio.Future[BaseException]] = {}
        self._awake = False

    def enter(self, patience: Patience) -> None:
        """From now on the running task may be cut off: it is cancelled, and `cut` says why."""
        self._running[patience] = asyncio.current_task()
        if not self._awake:
            self._awake = True
            asyncio.get_running_loop().call_later(TICK, self._look)

    def leave(self, patience: Patience) -> "asyncio.Task[Any] | None":
        """From now on it runs to its end, whoever leaves and however long it takes; returns the task that it is."""
        if self._listening and (listener := self._listening.pop(patience, None)) is not None:
            listener.cancel()
        return self._running.pop(patience, None)

    def _look(self) -> None:
        """Give each call its time at first sight; then see whether it is over, and begin to listen."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        for patience in self._running:
            if patience.due is None:
                patience.due = now + patience.seconds - TICK / 2  # it came at some moment since the last look
            elif now >= patience.due:
                self._cut(patience, TimedOut())
            elif patience.leaving is None or patience in self._listening:
                continue
            elif now >= patience.due - patience.seconds + LONG:
                self._listening[patience] = listening = asyncio.ensure_future(patience.leaving())
                listening.add_done_callback(partial(self._left, patience))
        self._awake = bool(self._running)
        if self._awake:
            loop.call_later(TICK, self._look)

    def _left(self, patience: Patience, leaving: "asyncio.Future[BaseException]") -> None:
        """Cut off for the reason that was waited for, or for what went wrong with the waiting."""
        if not leaving.cancelled():
            self._cut(patience, leaving.exception() or leaving.result())

    def _cut(self, patience: Patience, why: BaseException) -> None:
        task = self._running.get(patience)
        if patience.cut is None and task is not None:
            patience.cut = why
            task.cancel()
