"""Connections, kept open and lent one at a time.

asyncpg's own pool wraps every call in a proxy, makes a task for each release and sends a reset: this one lends the bare
connection, and relies on the gate to set everything anew (docs/decisions tells what was measured).
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import NamedTuple, TypeAlias

import asyncpg

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Connect: TypeAlias = Callable[[], Awaitable[Connection]]
CLOSED = "the application is shutting down"


class PoolExhausted(Exception):  # says what happened
    """Every connection stayed busy for as long as a caller may wait."""


class Occupancy(NamedTuple):
    """How many connections there may be, are lent, and are waited for."""

    size: int
    lent: int
    waiting: int


class Waiter:
    """Somebody who waits for a connection, and the statement that begins the transaction it is for."""

    __slots__ = ("begins", "served", "until")

    def __init__(self, begins: str, timeout: float) -> None:
        """Nothing is there yet. What is served: a connection that has begun, or None for a place in the pool."""
        loop = asyncio.get_running_loop()
        self.begins = begins
        self.served: asyncio.Future[Connection | None] = loop.create_future()
        self.until = loop.time() + timeout


class Pool:
    """At most `size` connections; a caller waits `timeout` seconds for one, first come, first served."""

    def __init__(self, connect: Connect, *, size: int, timeout: float) -> None:
        """No connection is opened before it is wanted."""
        self._connect = connect
        self._size = size
        self._timeout = timeout
        self._idle: list[Connection] = []
        self._waiting: deque[Waiter] = deque()
        self._timed: deque[Waiter] = deque()
        """All whose time runs, whoever came first at its head; those that were served leave it as others come."""
        self._alarm: asyncio.TimerHandle | None = None
        self._lent = 0
        self._closed = False

    async def acquire(self, begins: str = "") -> Connection:
        """A connection that nobody else uses. Raises PoolExhausted, or what connecting raises.

        Who waits for one to begin a transaction with the statement `begins` may get one that has begun it.
        """
        if self._lent >= self._size or self._closed:
            waiter = self._line_up(begins)
            try:
                begun = await waiter.served
            except asyncio.CancelledError:
                self._give_up(waiter)
                raise
            if begun is not None:
                return begun
        else:
            self._lent += 1
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
        try:
            async with asyncio.timeout(self._timeout):  # before Python 3.12, wait_for may swallow a cancellation
                return await self._connect()
        except BaseException:
            self._leave()
            raise

    def occupancy(self) -> Occupancy:
        """How busy it is."""
        return Occupancy(self._size, self._lent, sum(not waiter.served.done() for waiter in self._waiting))

    def has_spare(self) -> bool:
        """Whether the next caller would be given a connection without waiting for another's."""
        return self._lent < self._size and not self._closed

    def release(self, connection: Connection) -> None:
        """Give it back; one in doubt (still in a transaction) is thrown away."""
        if self._closed or connection.is_closed() or connection.is_in_transaction():
            connection.terminate()
        else:
            self._idle.append(connection)
        self._leave()

    def successor(self) -> Waiter | None:
        """Who comes next, taken out of the line: whoever asks owes it a connection, or its place in the line."""
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.served.done():
                return waiter
        return None

    def put_back(self, waiter: Waiter) -> None:
        """The successor's place, where nothing came of it."""
        if self._closed and not waiter.served.done():
            waiter.served.set_exception(PoolExhausted(CLOSED))
        self._waiting.appendleft(waiter)

    def hand_over(self, connection: Connection, waiter: Waiter) -> bool:
        """Give a connection, its transaction begun, to the successor; False where it has gone."""
        if self._closed or waiter.served.done():
            return False
        waiter.served.set_result(connection)
        return True

    async def close(self) -> None:
        """Close what is idle; what is lent is closed when it comes back."""
        self._closed = True
        if self._alarm is not None:
            self._alarm.cancel()
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.served.done():
                waiter.served.set_exception(PoolExhausted(CLOSED))
        while self._idle:
            with suppress(Exception):
                await self._idle.pop().close(timeout=2)

    def _line_up(self, begins: str) -> Waiter:
        """Wait for a place, or a begun connection; whoever leaves hands it over, so that nobody can slip in between."""
        if self._closed:
            raise PoolExhausted(CLOSED)
        waiter = Waiter(begins, self._timeout)
        self._waiting.append(waiter)
        self._time(waiter)
        return waiter

    def _time(self, waiter: Waiter) -> None:
        """One alarm for all: a timer for each would be set and taken back for nothing."""
        timed = self._timed
        while timed and timed[0].served.done():
            timed.popleft()
        timed.append(waiter)
        if self._alarm is None:
            self._alarm = asyncio.get_running_loop().call_at(waiter.until, self._expire)

    def _expire(self) -> None:
        """Tell those whose time is over."""
        loop, timed = asyncio.get_running_loop(), self._timed
        while timed and (timed[0].served.done() or timed[0].until <= loop.time()):
            served = timed.popleft().served
            if not served.done():
                message = f"no connection came free in {self._timeout:g} s; all {self._size} are busy"
                served.set_exception(PoolExhausted(message))
        self._alarm = loop.call_at(timed[0].until, self._expire) if timed else None

    def _give_up(self, waiter: Waiter) -> None:
        """Leave, with what came too late, if anything: a place, or a connection whose transaction nobody wants."""
        if not _came(waiter.served):
            return
        if (begun := waiter.served.result()) is None:
            self._leave()
        else:
            self.release(begun)

    def _leave(self) -> None:
        waiter = self.successor()
        if waiter is None:
            self._lent -= 1
        else:
            waiter.served.set_result(None)


def _came(served: "asyncio.Future[Connection | None]") -> bool:
    """Whether something was handed over, be it in the moment when the caller gave up."""
    return served.done() and not served.cancelled() and served.exception() is None
