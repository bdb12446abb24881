"""Exports of the office's papers, and some that fail."""

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict
from sqlalchemy import select

from portico import (
    Allow,
    Anyone,
    Audit,
    Conflict,
    Module,
    OrgContext,
    Public,
    PublicContext,
    Raises,
    RateLimit,
    Timeout,
)
from tests.integration.office.tables import papers

exports = Module("exports")
ROW = select(papers.c.id, papers.c.title, papers.c.created_at).order_by(papers.c.title)
MANY = "select n, repeat('x', :width) as text from generate_series(1, :rows) as n"


class PaperRow(BaseModel):
    """A paper as it leaves."""

    id: UUID
    title: str
    created_at: AwareDatetime


class Numbered(BaseModel):
    """One of many."""

    n: int
    text: str


class Odd(BaseModel):
    """What the database would write otherwise."""

    on: date
    price: Decimal
    words: str | None
    tags: list[str]
    fresh: bool


class Jammed(Conflict, code="BIZ_JAMMED"):
    """The shredder is jammed."""


@exports.export("GET /papers-export", Allow("papers:read"))
async def as_written(ctx: OrgContext) -> AsyncIterator[PaperRow]:
    """Every paper, as PostgreSQL writes it."""
    return ctx.db.stream(ROW, PaperRow)


@exports.export("GET /papers-export-by-row", Allow("papers:read"), RateLimit("100/m"))
async def by_row(ctx: OrgContext) -> AsyncIterator[PaperRow]:
    """Every paper, one after another."""
    async for row in ctx.db.stream(ROW, PaperRow):
        yield row


@exports.export("GET /odd-export", Anyone("a test"), Audit("odd.exported"), RateLimit("100/m"))
async def odd(ctx: OrgContext, rows: int = 2) -> AsyncIterator[Odd]:
    """Values of every kind."""
    ctx.audit(why="a test")
    if rows:
        yield Odd(on=date(2030, 5, 17), price=Decimal("-1.50"), words='=1+"1"', tags=["a", "b"], fresh=True)
        yield Odd(on=date(2030, 5, 18), price=Decimal(2), words=None, tags=[], fresh=False)


@exports.export("GET /many-export", Anyone("a test"), RateLimit("100/m"))
async def many(ctx: OrgContext, rows: int = 100_000, width: int = 100) -> AsyncIterator[Numbered]:
    """So many rows, of that width."""
    return ctx.db.stream(MANY, Numbered, rows=rows, width=width)


@exports.export("GET /broken-export", Anyone("a test"), RateLimit("100/m"), Raises(Jammed))
async def broken(ctx: OrgContext, after: int, how: str = "jammed") -> AsyncIterator[int]:
    """Some numbers, then a failure."""
    for number in range(after):
        yield number
    if how == "database":
        await ctx.db.one("select 1 / 0", int)
    raise Jammed if how == "jammed" else RuntimeError("a secret of ours")


@exports.export("GET /slow-export", Anyone("a test"), RateLimit("100/m"), Timeout(0.5))
async def slow(ctx: OrgContext) -> AsyncIterator[int]:
    """Rows that take longer than they may."""
    for number in range(100):
        await ctx.db.one("select pg_sleep(0.05)::text", str)
        yield number


@exports.export("GET /open-export", Public("a test"))
async def opened(ctx: PublicContext) -> AsyncIterator[str]:
    """Words for everybody."""
    yield "-1"
    yield "plain"


@exports.query("GET /audited", Anyone("a test"), Audit("papers.looked", target="all"))
async def audited(ctx: OrgContext) -> int:
    """A query that is on record."""
    ctx.audit(count=1)
    return 1


class Since(BaseModel):
    """Input that takes nothing else."""

    model_config = ConfigDict(extra="forbid")
    since: int


@exports.export("GET /strict-export", Anyone("a test"), RateLimit("100/m"))
async def strict(ctx: OrgContext, data: Since) -> AsyncIterator[int]:
    """What was given."""
    yield data.since


@exports.query("GET /nested-export", Anyone("a test"))
async def nesting(ctx: OrgContext) -> int:
    """Call an export, which a type checker refuses."""
    return await ctx.call(cast("Any", opened))
