"""Connections are kept for a while, one for each request that goes on at a time."""

import asyncio
from collections.abc import AsyncIterator, Callable
from time import monotonic

import pytest
from httpcore2 import AsyncHTTPConnection, Origin

from portico.adapters.guarded.keeping import Connections, Place
from tests.integration.webhooks.receiver import Receiver, Said, receiving

pytestmark = pytest.mark.anyio


def made(place: Place) -> AsyncHTTPConnection:
    """A connection that is not opened yet."""
    scheme, host, port = place
    return AsyncHTTPConnection(Origin(scheme.encode(), host.encode(), port), keepalive_expiry=60)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """One of two places."""
    async with receiving() as listening:
        yield listening


async def ask(connections: Connections, receiver: Receiver) -> int:
    """One request; the status of its answer."""
    async with connections.lent(("http", "127.0.0.1", receiver.port)) as connection:
        return (await connection.request("POST", receiver.url, content=b"")).status


async def until(condition: Callable[[], bool]) -> None:
    """Wait until it holds."""
    deadline = monotonic() + 10
    while not condition():
        assert monotonic() < deadline
        await asyncio.sleep(0.005)


async def test_one_after_another_needs_one(receiver: Receiver) -> None:
    """It is kept in between, and closed in the end."""
    connections = Connections(made, idle=60)

    assert [await ask(connections, receiver) for _ in range(3)] == [200, 200, 200]
    assert (receiver.connections, receiver.left) == (1, 0)
    await connections.close()
    await until(lambda: receiver.left == 1)


async def test_several_at_once_need_several(receiver: Receiver) -> None:
    """And all of them are kept."""
    together = asyncio.Barrier(3)

    async def answer(_request: object) -> Said:
        await together.wait()
        return Said()

    receiver.answer = answer
    connections = Connections(made, idle=60)
    for _ in range(2):
        await asyncio.gather(*(ask(connections, receiver) for _ in range(3)))

    assert receiver.connections == 3
    await connections.close()
    await until(lambda: receiver.left == 3)


async def test_what_nobody_uses_is_closed(receiver: Receiver) -> None:
    """At the next request, wherever that goes."""
    connections = Connections(made, idle=0)
    await ask(connections, receiver)
    async with receiving() as other:
        await ask(connections, other)

        await until(lambda: receiver.left == 1)
        await connections.close()
        await until(lambda: other.left == 1)
    assert connections._kept == {} or not any(connections._kept.values())


async def test_one_that_the_other_side_has_closed_is_not_used(receiver: Receiver) -> None:
    """Another one is made."""
    connections = Connections(made, idle=60)
    receiver.says(Said(200, {"Connection": "close"}))

    assert [await ask(connections, receiver) for _ in range(2)] == [200, 200]
    assert receiver.connections == 2
    await connections.close()


async def test_one_that_was_left_in_the_middle_is_closed(receiver: Receiver) -> None:
    """Nobody could read on where somebody else has stopped."""
    receiver.says(Said(200, {}, b"x" * 10_000_000))
    connections = Connections(made, idle=60)

    async with (
        connections.lent(("http", "127.0.0.1", receiver.port)) as connection,
        connection.stream("POST", receiver.url, content=b"") as response,
    ):
        async for _ in response.aiter_stream():
            break
    receiver.says(Said())

    assert await ask(connections, receiver) == 200
    assert receiver.connections == 2
    await connections.close()


async def test_what_comes_back_after_the_end_is_closed(receiver: Receiver) -> None:
    """Nobody would ask for it any more."""
    connections = Connections(made, idle=60)
    async with connections.lent(("http", "127.0.0.1", receiver.port)) as connection:
        await connection.request("POST", receiver.url, content=b"")
        await connections.close()

    await until(lambda: receiver.left == 1)


class Left(AsyncHTTPConnection):
    """A connection that the other side may have left, and that takes its time to be closed."""

    def __init__(self) -> None:
        """It is open, and goes on nowhere."""
        super().__init__(Origin(b"http", b"left.test", 80))
        self.left = self.closed = False
        self.closing = asyncio.Event()

    def is_available(self) -> bool:
        """It can always be used again."""
        return True

    def has_expired(self) -> bool:
        """Whether it was left."""
        return self.left

    async def aclose(self) -> None:
        """Close it, in time."""
        await self.closing.wait()
        self.closed = True


async def test_while_one_is_closed_others_are_kept() -> None:
    """Whoever finds one that was left forgets none that came back meanwhile."""
    place, opened = ("http", "left.test", 80), [Left(), Left(), Left()]
    supply = iter(opened)
    connections = Connections(lambda _place: next(supply), idle=60)
    first, second, _ = opened

    async def use() -> None:
        async with connections.lent(place):
            pass

    await use()
    first.left = True
    finding = asyncio.create_task(use())
    await asyncio.sleep(0)
    await use()
    for connection in opened:
        connection.closing.set()
    await finding
    await connections.close()

    assert (first.closed, second.closed) == (True, True)
