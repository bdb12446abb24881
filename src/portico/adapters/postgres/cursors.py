"""Rows drawn through a cursor on the server, some at a time; as lines, where PostgreSQL can write them."""

import asyncio
import itertools
from collections.abc import AsyncGenerator
from typing import TypeVar

import asyncpg

from portico.adapters.postgres.lane import Lane
from portico.adapters.postgres.rows import Reader
from portico.ports.streams import Lines

T = TypeVar("T")
COUNT = itertools.count()
STEP = 500
"""Rows fetched at a time."""
FIRST = 64
"""Lines fetched at first, before anybody knows how long they are."""
MOST = 1000
AIM = 128 * 1024
"""Bytes of lines fetched at a time, about: long rows are fetched fewer at a time, so that memory stays bounded."""


class Cursor:
    """A cursor on a lane, declared when the first rows are asked for."""

    __slots__ = ("_arguments", "_lane", "_sql", "_step")

    def __init__(self, lane: Lane, sql: str, arguments: list[object]) -> None:
        """Nothing is sent yet."""
        self._lane = lane
        self._sql = sql
        self._arguments = arguments
        self._step = STEP

    async def values(self, read: Reader[T]) -> AsyncGenerator[T, None]:
        """Row by row, each as a value."""
        one = read.one
        async for rows in self._rows():
            for row in rows:
                yield one(row)

    async def lines(self) -> AsyncGenerator[Lines, None]:
        """Some rows after another, as the lines that are their first column; the next ones are read meanwhile."""
        self._step = FIRST
        async for rows in ahead(self._rows()):
            text = "".join([row[0] for row in rows]).encode()
            self._step = fitting(AIM * len(rows) // len(text))
            yield Lines(text, len(rows))

    async def _rows(self) -> AsyncGenerator[list[asyncpg.Record], None]:
        """So many rows after so many; where nobody draws on, the cursor ends with its transaction."""
        async with self._lane.cursor() as lane:
            name = f"portico_{next(COUNT)}"
            await lane.execute(f"declare {name} no scroll cursor for {self._sql}", self._arguments)
            while rows := await lane.fetch(f"fetch {self._step} from {name}", []):
                yield rows
            await lane.execute(f"close {name}", [])


def fitting(rows: int) -> int:
    """So many rows or fewer, a power of two: each number is a statement of its own, which costs a trip to prepare."""
    return 1 << (max(1, min(MOST, rows)).bit_length() - 1)


async def ahead(drawn: AsyncGenerator[T, None]) -> AsyncGenerator[T, None]:
    """The same, each drawn while the one before it is used; who stops early stops what is under way."""
    following = asyncio.ensure_future(anext(drawn, None))
    try:
        while (one := await following) is not None:
            following = asyncio.ensure_future(anext(drawn, None))
            yield one
    finally:
        following.cancel()
        await asyncio.wait([following])
        if not following.cancelled():
            following.exception()  # whoever stopped early need not know what came of it
        await drawn.aclose()
