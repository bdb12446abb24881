"""Connections, kept open and lent one at a time.

asyncpg's own pool wraps every call in a proxy, makes a task for each release and sends a reset: this one lends the bare
connection, and relies on the gate to set everything anew (docs/decisions tells what was measured).
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeAlias

import asyncpg

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Connect: TypeAlias = Callable[[], Awaitable[Connection]]


class PoolExhausted(Exception):  # says what happened
    """Every connection stayed busy for as long as a caller may wait."""


class Pool:
    """At most `size` connections; a caller waits `timeout` seconds for one, first come, first served."""

    def __init__(self, connect: Connect, *, size: int, timeout: float) -> None:
        """No connection is opened before it is wanted."""
        self._connect = connect
        self._size = size
        self._timeout = timeout
        self._idle: list[Connection] = []
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._lent = 0
        self._closed = False

    async def acquire(self) -> Connection:
        """A connection that nobody else uses. Raises PoolExhausted, or what connecting raises."""
        if self._lent >= self._size or self._closed:
            await self._wait()
        else:
            self._lent += 1
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
        try:
            return await asyncio.wait_for(self._connect(), self._timeout)
        except BaseException:
            self._leave()
            raise

    def release(self, connection: Connection) -> None:
        """Give it back; one in doubt (still in a transaction) is thrown away."""
        if self._closed or connection.is_closed() or connection.is_in_transaction():
            connection.terminate()
        else:
            self._idle.append(connection)
        self._leave()

    async def close(self) -> None:
        """Close what is idle; what is lent is closed when it comes back."""
        self._closed = True
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_exception(PoolExhausted("the application is shutting down"))
        while self._idle:
            with suppress(Exception):
                await self._idle.pop().close(timeout=2)

    async def _wait(self) -> None:
        """Wait for a place; whoever leaves hands it over, so that nobody can slip in between."""
        if self._closed:
            raise PoolExhausted("the application is shutting down")
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        try:
            async with asyncio.timeout(self._timeout):
                await waiter
        except TimeoutError:
            if _handed(waiter):
                return
            message = f"no connection came free in {self._timeout:g} s; all {self._size} are busy"
            raise PoolExhausted(message) from None
        except asyncio.CancelledError:
            if _handed(waiter):
                self._leave()
            raise

    def _leave(self) -> None:
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(None)
                return
        self._lent -= 1


def _handed(waiter: asyncio.Future[None]) -> bool:
    """Whether a place was handed over, be it in the moment when the caller gave up."""
    return waiter.done() and not waiter.cancelled() and waiter.exception() is None
