"""Connections kept for the next request to the same place; taking one costs the same however many are kept.

A pool of httpcore2's looks at every connection that it holds at each request: with an endpoint of everybody's in it, at
hundreds.
"""

from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic
from typing import TypeAlias

from httpcore2 import AsyncHTTPConnection

Place: TypeAlias = tuple[str, str, int]
"""Scheme, host and port."""


@dataclass(eq=False, slots=True)
class Kept:
    """A connection that nobody uses, and until when it is kept."""

    place: Place
    connection: AsyncHTTPConnection
    until: float
    taken: bool = False


class Connections:
    """Lends connections, one request at a time on each."""

    def __init__(self, make: Callable[[Place], AsyncHTTPConnection], *, idle: float) -> None:
        """`idle` is how many seconds one is kept that nobody uses."""
        self._make = make
        self._idle = idle
        self._kept: dict[Place, list[Kept]] = {}
        self._oldest: deque[Kept] = deque()
        self._closed = False

    @asynccontextmanager
    async def lent(self, place: Place) -> AsyncIterator[AsyncHTTPConnection]:
        """A connection for one request; afterwards it is kept if all of the answer was read, else closed."""
        await self._close_before(monotonic())
        connection = await self._take(place)
        try:
            yield connection
        finally:
            if connection.is_available() and not self._closed:
                self._keep(Kept(place, connection, monotonic() + self._idle))
            else:
                await connection.aclose()

    async def close(self) -> None:
        """Close all that are kept, and each that is lent once it comes back."""
        self._closed = True
        await self._close_before(float("inf"))

    async def _take(self, place: Place) -> AsyncHTTPConnection:
        """The one that was used last, unless the other side has closed it; else a new one."""
        kept = self._kept.get(place, [])
        while kept:
            last = kept.pop()
            last.taken = True
            if not last.connection.has_expired():
                return last.connection
            await last.connection.aclose()
        if self._kept.get(place) is kept:  # while one was closed, others may have begun a new list
            del self._kept[place]
        return self._make(place)

    def _keep(self, kept: Kept) -> None:
        self._kept.setdefault(kept.place, []).append(kept)
        self._oldest.append(kept)

    async def _close_before(self, moment: float) -> None:
        """Close those that were kept long enough."""
        oldest = self._oldest
        while oldest and (oldest[0].taken or oldest[0].until < moment):
            kept = oldest.popleft()
            if not kept.taken:
                self._kept[kept.place].remove(kept)
                await kept.connection.aclose()
