"""Hearing that a server is told to stop: it waits for what is open before it tells its application."""

import signal
from asyncio import AbstractEventLoop
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

SIGNALS = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def heeding(loop: AbstractEventLoop, stop: Callable[[], object]) -> Iterator[None]:
    """Call `stop` on the loop at SIGTERM and SIGINT; the server that heeds them already is told as before.

    Where nobody heeds them, and outside of the main thread, nothing is changed.
    """
    former: dict[int, Callable[[int, FrameType | None], object]] = {}

    def hear(number: int, frame: FrameType | None) -> None:
        with suppress(RuntimeError):  # the loop is closed already
            loop.call_soon_threadsafe(stop)
        former[number](number, frame)

    for number in SIGNALS:
        heard = signal.getsignal(number)
        if callable(heard):
            with suppress(ValueError):  # not the main thread
                former[number] = heard
                signal.signal(number, hear)
    try:
        yield
    finally:
        for heeded, heard in former.items():
            if signal.getsignal(heeded) is hear:
                signal.signal(heeded, heard)
