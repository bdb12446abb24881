"""How a command that runs on is ended: gently at the first signal, at once at a second Ctrl-C."""

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""Where the system has them."""


class Stop:
    """The wish that the command ends; made inside of its main task."""

    def __init__(self) -> None:
        """Nobody has asked yet."""
        self.asked = False
        self.gently: Callable[[], object] | None = None
        """Ends the work in its own time; without one, the work is cancelled."""
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.current_task()

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Heed signals as long as the block runs."""
        former = {}
        for name in SIGNALS:
            number = getattr(signal, name, None)
            if number is None or (name == "SIGHUP" and signal.getsignal(number) is signal.SIG_IGN):  # nohup
                continue
            former[number] = signal.signal(number, self._hear)
        try:
            yield
        finally:
            for number, handler in former.items():
                signal.signal(number, signal.SIG_IGN if self.asked else handler)  # it is ending: no need to hurry it

    def _hear(self, number: int, _frame: FrameType | None) -> None:
        if number == signal.SIGINT or not self.asked:
            self._loop.call_soon_threadsafe(self._act)
        self.asked = True

    def _act(self) -> None:
        gently, self.gently = self.gently, None
        if gently is not None:
            gently()
        elif self._task is not None:
            self._task.cancel()


def run_until_stopped(work: Callable[[Stop], Coroutine[object, object, None]]) -> None:
    """Run the work on the fastest event loop there is; being told to stop is no failure."""
    with asyncio.Runner(loop_factory=_fastest()) as runner:
        runner.run(_heeding(work))


async def _heeding(work: Callable[[Stop], Coroutine[object, object, None]]) -> None:
    stop = Stop()
    with stop.listening():
        try:
            await work(stop)
        except asyncio.CancelledError:
            if not stop.asked:
                raise


def let_forks_end() -> None:
    """Let a process that this one forks be ended by SIGTERM from its first moment on, until it heeds signals itself.

    It would inherit handlers that only note in it what was meant for this one: told to stop while it starts, it would
    open its door, and be killed after the whole grace. A Ctrl-C is left to this process, which then tells it.
    """
    if not hasattr(os, "register_at_fork"):
        return  # processes are made anew there, and inherit nothing
    own, held = os.getpid(), {signal.SIGTERM, signal.SIGINT}

    def hold() -> None:
        if os.getpid() == own:
            signal.pthread_sigmask(signal.SIG_BLOCK, held)

    def release() -> None:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, held)

    def begin() -> None:
        if os.getppid() == own:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        release()

    os.register_at_fork(before=hold, after_in_parent=release, after_in_child=begin)


def _fastest() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop
