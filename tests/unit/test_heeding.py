"""Hearing of signals besides the server that heeds them."""

import asyncio
import os
import signal
from collections.abc import Iterator

import pytest

from portico.app.heeding import heeding

pytestmark = pytest.mark.anyio


@pytest.fixture
def heard() -> Iterator[list[int]]:
    """What a server hears, which heeds SIGTERM by itself."""
    numbers: list[int] = []
    former = signal.signal(signal.SIGTERM, lambda number, _: numbers.append(number))
    yield numbers
    signal.signal(signal.SIGTERM, former)


async def test_both_hear_of_a_signal(heard: list[int]) -> None:
    """We first, on the loop; the server as before."""
    told = asyncio.Event()

    with heeding(asyncio.get_running_loop(), told.set):
        os.kill(os.getpid(), signal.SIGTERM)
        async with asyncio.timeout(5):
            await told.wait()

    assert heard == [signal.SIGTERM]


async def test_afterwards_the_server_hears_alone(heard: list[int]) -> None:
    """The handler that was there is there again; one that somebody has set meanwhile stays."""
    told = asyncio.Event()
    former = signal.getsignal(signal.SIGTERM)
    with heeding(asyncio.get_running_loop(), told.set):
        assert signal.getsignal(signal.SIGTERM) is not former

    assert signal.getsignal(signal.SIGTERM) is former
    with heeding(asyncio.get_running_loop(), told.set):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
    assert heard == []


async def test_what_nobody_heeds_is_left_alone() -> None:
    """The system's own handling ends the process at once, as ever."""
    former = signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        with heeding(asyncio.get_running_loop(), bool):
            assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    finally:
        signal.signal(signal.SIGTERM, former)


async def test_outside_of_the_main_thread_nothing_is_changed() -> None:
    """There no handler can be set."""
    loop = asyncio.get_running_loop()
    before = signal.getsignal(signal.SIGINT)

    def elsewhere() -> object:
        with heeding(loop, bool):
            return signal.getsignal(signal.SIGINT)

    assert await asyncio.to_thread(elsewhere) is before
