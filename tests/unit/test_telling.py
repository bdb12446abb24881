"""Telling: no faster than the client takes it, and no longer than nobody knows whether it does."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from portico import SlowClient
from portico.adapters.memory.clock import SettableClock
from portico.adapters.memory.tail import MemoryTail
from portico.adapters.system import RandomIds
from portico.core.hub import Hub
from portico.core.live import Live
from portico.ports.events import Position
from portico.testing import Harness
from portico.transports.frames import EventStream
from portico.transports.line import Disconnected
from portico.transports.telling import Renewed, Telling, Writer

pytestmark = pytest.mark.anyio


class Outlet:
    """Keeps what is sent, unless it is told to behave otherwise."""

    def __init__(self, most: int | None = None, trouble: BaseException | None = None) -> None:
        """Nothing is sent."""
        self.most = most
        self.trouble = trouble
        self.stuck = False
        self.frames: list[bytes] = []

    async def begin(self) -> None:
        """Keep that it began."""
        self.frames.append(b"begun")

    async def send(self, frame: bytes) -> None:
        """Keep it; or take it for ever, or raise."""
        if self.trouble is not None:
            raise self.trouble
        while self.stuck:
            await asyncio.Event().wait()
        self.frames.append(frame)


async def numbers(most: int) -> AsyncIterator[int]:
    """Some numbers."""
    for number in range(most):
        yield number


def telling(outlet: Outlet, stall: float = 5.0) -> Telling:
    """A stream that has begun in the running task."""
    told = Telling(outlet, Writer(int, EventStream()), stall=stall, bookmark=None)
    tail = MemoryTail(SettableClock(), RandomIds())
    Live(Harness.policy_call(), told, Hub(tail), place=Position(7, 1), most=10)
    return told


def cut_of(told: Telling) -> BaseException | None:
    """Why the stream was ended, if it was; the task that did it goes on all the same."""
    assert told.live is not None
    task = asyncio.current_task()
    assert task is not None
    if told.live.call.patience.cut is not None:
        task.uncancel()
    return told.live.call.patience.cut


async def test_ready_comes_first_then_each_value_at_once() -> None:
    """The head, what tells of the stream, the values."""
    outlet = Outlet()
    told = telling(outlet)

    await told.open(resumed=False)
    await told.drain(numbers(2))

    assert outlet.frames[0] == b"begun"
    assert [frame.split(b"\n")[-3] for frame in outlet.frames[1:]] == [
        b'data: {"resumed":false}',
        b"data: 0",
        b"data: 1",
    ]
    assert told.sent == 2


async def test_a_client_that_takes_nothing_is_too_slow() -> None:
    """After the stall, be it a value or a sign of life that it does not take."""
    outlet = Outlet()
    told = telling(outlet, stall=0.01)
    await told.open(resumed=True)
    outlet.stuck = True

    with pytest.raises(SlowClient):
        await told.drain(numbers(1))

    async def told_of_life() -> BaseException | None:
        silent = telling(outlet, stall=0.01)
        try:
            await silent.keep_alive()
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            return cut_of(silent)
        return None

    assert isinstance(await asyncio.create_task(told_of_life()), SlowClient)


async def test_a_client_that_has_left_ends_its_stream() -> None:
    """Found out by a sign of life, where the server does not say it by itself."""

    async def told_of_life() -> BaseException | None:
        gone = telling(Outlet(trouble=Disconnected()))
        try:
            await gone.keep_alive()
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            return cut_of(gone)
        return None

    assert isinstance(await asyncio.create_task(told_of_life()), Disconnected)


async def test_a_stream_is_renewed_before_too_much_is_under_way() -> None:
    """Where the server queues what nobody takes, and does not say so: the client comes back and goes on."""

    async def paced() -> AsyncIterator[int]:
        async for number in numbers(1000):
            await asyncio.sleep(0)
            yield number

    async def told_much() -> tuple[BaseException | None, int]:
        outlet = Outlet(most=200)
        told = telling(outlet)
        try:
            await told.drain(paced())
        except asyncio.CancelledError:
            return cut_of(told), sum(map(len, outlet.frames))
        return None, 0

    why, sent = await asyncio.create_task(told_much())

    assert isinstance(why, Renewed)
    assert 200 < sent < 300


async def test_the_first_reason_to_end_counts() -> None:
    """A stream that ends is not ended once more."""

    async def ended() -> BaseException | None:
        told = telling(Outlet())
        assert told.live is not None
        told.live.end(SlowClient())
        told.live.end(Disconnected())
        try:
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            return cut_of(told)
        return None

    assert isinstance(await asyncio.create_task(ended()), SlowClient)


async def test_what_goes_wrong_while_a_client_is_listened_to_ends_its_stream() -> None:
    """Nobody would notice any more that the client says something, or leaves."""

    async def broken() -> BaseException:
        raise LookupError

    async def listened() -> BaseException | None:
        told = telling(Outlet())
        assert told.live is not None
        told.live.call.patience.leaving = broken
        told.live.watch(None)
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            return cut_of(told)
        return None

    async with asyncio.timeout(5):
        assert isinstance(await asyncio.create_task(listened()), LookupError)


async def test_a_client_that_leaves_at_the_end_ends_nothing_else() -> None:
    """What comes after the stream in the same task is not cut off."""

    async def leaving() -> BaseException:
        return Disconnected()

    told = telling(Outlet())
    live = told.live
    assert live is not None
    live.call.patience.leaving = leaving
    live.watch(None)
    await asyncio.sleep(0)  # it has left, and nobody was told of it yet
    live.close()

    await asyncio.sleep(0)

    assert live.call.patience.cut is None
