"""Rows drawn through a cursor on the server, some at a time; as lines, where PostgreSQL can write them."""

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
        """Some rows after another, as the lines that are their first column."""
        self._step = STEP // 5
        async for rows in self._rows():
            text = "".join([row[0] for row in rows]).encode()
            self._step = max(1, min(MOST, AIM * len(rows) // len(text)))
            yield Lines(text, len(rows))

    async def _rows(self) -> AsyncGenerator[list[asyncpg.Record], None]:
        """So many rows after so many; where nobody draws on, the cursor ends with its transaction."""
        async with self._lane.cursor() as lane:
            name = f"portico_{next(COUNT)}"
            await lane.execute(f"declare {name} no scroll cursor for {self._sql}", self._arguments)
            while rows := await lane.fetch(f"fetch {self._step} from {name}", []):
                yield rows
            await lane.execute(f"close {name}", [])
