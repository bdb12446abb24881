"""Statements on a connection: rows as models, values by name."""

from collections.abc import AsyncGenerator, Awaitable, Mapping, Sequence
from typing import Any, TypeVar

import asyncpg
from pydantic import BaseModel

from portico.adapters.postgres.as_json import as_json
from portico.adapters.postgres.as_lines import lines_of, writes_alike
from portico.adapters.postgres.cursors import Cursor
from portico.adapters.postgres.edges import edged, edges_positions, edges_statement, in_order
from portico.adapters.postgres.lane import Lane
from portico.adapters.postgres.listings import count_of, cursor_after, positions, statement_of
from portico.adapters.postgres.many import spread
from portico.adapters.postgres.rows import Reader, reader
from portico.adapters.postgres.statements import Compiled, Statement, compile_statement, values_of
from portico.errors import NotFound
from portico.ports.paging import Edges, Keyset, Listing, Numbered, Slice
from portico.ports.streams import Lines, Rows, Spelling

T = TypeVar("T")


class PostgresDb:
    """Runs statements; where is its lane's business."""

    __slots__ = ("_lane",)

    def __init__(self, lane: Lane) -> None:
        """Run on that lane."""
        self._lane = lane

    async def one(self, stmt: Statement, into: type[T], source: BaseModel | None = None, /, **values: object) -> T:
        """The one row; raises NotFound where there is none."""
        rows = await self._run(stmt, source, values)
        if not rows:
            raise NotFound
        return reader(into).one(rows[0])

    async def maybe(
        self, stmt: Statement, into: type[T], source: BaseModel | None = None, /, **values: object
    ) -> T | None:
        """The first row, or None."""
        rows = await self._run(stmt, source, values)
        return reader(into).one(rows[0]) if rows else None

    async def all(
        self, stmt: Statement, into: type[T], source: BaseModel | None = None, /, **values: object
    ) -> list[T]:
        """Every row."""
        return reader(into).all(await self._run(stmt, source, values))

    async def page(
        self, of: Listing, into: type[T], at: Keyset | Numbered, source: BaseModel | None = None, /, **values: object
    ) -> Slice[T]:
        """One page of a listing."""
        if isinstance(at, Keyset) and at.edges is not None:
            return await self._edges(of, reader(into), at, at.edges, values_of(source, values))
        given = {**values_of(source, values), **positions(of, at)}
        statement = statement_of(of, at, given, into=into)
        rows = await self._lane.fetch(statement.sql, statement.arguments(given))
        kept = rows[: at.limit]
        data = as_json(rows[0], into) if statement.as_json else reader(into).all(kept)
        if isinstance(at, Numbered):
            counting = count_of(of, given)
            total = (await self._lane.fetch(counting.sql, counting.arguments(given)))[0][0]
            return Slice(data, limit=at.limit, page=at.page, total=total)
        more = rows[0]["_more"] if statement.as_json else len(rows) > at.limit
        return Slice(data, after=cursor_after(kept[-1], of) if more else None, limit=at.limit)

    async def _edges(
        self, of: Listing, read: Reader[T], at: Keyset, edges: Edges, values: Mapping[str, object]
    ) -> Slice[T]:
        given = {**values, **edges_positions(of, at, edges)}
        statement = edges_statement(of, at, edges, values=given)
        rows = await self._lane.fetch(statement.sql, statement.arguments(given))
        told = edged(rows, of, at=at, edges=edges)
        after = told.cursors[-1] if told.later and told.cursors else None
        page = Slice(read.all(in_order(rows, at, edges)), after=after, limit=at.limit)
        page.edged = told
        return page

    def stream(self, stmt: Statement, into: type[T], source: BaseModel | None = None, /, **values: object) -> Rows[T]:
        """Row by row through a cursor on the server."""
        compiled, arguments = self._compiled(stmt, source, values)
        drawn = Cursor(self._lane, compiled.sql, arguments).values(reader(into))
        if not writes_alike(stmt, into):
            return Rows(drawn)
        selected = stmt

        def written(spelling: Spelling) -> AsyncGenerator[Lines, None]:
            return Cursor(self._lane, lines_of(selected, compiled, into, spelling=spelling), arguments).lines()

        return Rows(drawn, written)

    async def execute(self, stmt: Statement, source: BaseModel | None = None, /, **values: object) -> int:
        """How many rows were touched."""
        compiled, arguments = self._compiled(stmt, source, values)
        tag = await self._lane.execute(compiled.sql, arguments)
        count = tag.rpartition(" ")[2]
        return int(count) if count.isdigit() else 0

    async def many(self, stmt: Statement, into: type[T], items: Sequence[BaseModel], /, **values: object) -> list[T]:
        """One statement over all items."""
        if not items:
            return []
        compiled, arguments = spread(stmt, items, values)
        return reader(into).all(await self._lane.fetch(compiled.sql, arguments))

    def _run(
        self, stmt: Statement, source: BaseModel | None, values: dict[str, Any]
    ) -> Awaitable[list[asyncpg.Record]]:
        compiled, arguments = self._compiled(stmt, source, values)
        return self._lane.fetch(compiled.sql, arguments)

    @staticmethod
    def _compiled(stmt: Statement, source: BaseModel | None, values: dict[str, Any]) -> tuple[Compiled, list[object]]:
        given = values_of(source, values)
        compiled = compile_statement(stmt, given)
        return compiled, compiled.arguments(given)
