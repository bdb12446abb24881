"""A shelf with so much room: papers that the office's plan counts, and the pages in them."""

from typing import LiteralString
from uuid import UUID

from pydantic import BaseModel

from portico import (
    Allowance,
    Anyone,
    Conflict,
    Idempotent,
    Module,
    OrgContext,
    Quota,
    Quotas,
    Refine,
    Releases,
)

archive = Module("archive", Anyone("a test"))
quotas = Quotas(
    {
        "free": Allowance({"papers": 3, "pages": 100}),
        "pro": Allowance({"papers": 50, "pages": 1000}, features=("binding",)),
        "business": Allowance({"papers": -1, "pages": -1}, features=("binding", "copies")),
    },
    counted={"papers": "select count(*) from papers", "pages": "select coalesce(sum(pages), 0) from papers"},
)
KEEP: LiteralString = "insert into papers (title, pages) values (:title, :pages) returning id"
THROW = "delete from papers where id = :id returning pages"


class Thrown(BaseModel):
    """What was thrown away."""

    pages: int


async def not_forbidden(_ctx: OrgContext, title: str) -> Conflict | None:
    """A rule that comes after the quota."""
    return Conflict() if title == "forbidden" else None


@archive.mutation(
    "POST /archive", Idempotent(), Quota("papers"), Quota("pages", "{pages}"), Refine("title", not_forbidden)
)
async def keep(ctx: OrgContext, title: str, *, pages: int = 1) -> UUID:
    """Keep a paper."""
    kept = await ctx.db.one(KEEP, UUID, title=title, pages=pages)
    if title == "torn":
        raise Conflict
    return kept


@archive.mutation("POST /archive/many", Quota("papers", "{titles}"))
async def keep_many(ctx: OrgContext, titles: list[str]) -> int:
    """Keep many papers."""
    for title in titles:
        await ctx.db.one(KEEP, UUID, title=title, pages=0)
    return len(titles)


@archive.mutation("POST /archive/twice")
async def keep_twice(ctx: OrgContext, title: str) -> list[UUID]:
    """Keep two papers by calling the action that keeps one."""
    return [await ctx.call(keep, title=f"{title} {n}") for n in (1, 2)]


@archive.mutation("POST /archive/perhaps")
async def keep_perhaps(ctx: OrgContext, titles: list[str]) -> int:
    """Keep what can be kept."""
    kept = 0
    for title in titles:
        try:
            async with ctx.transaction():
                await ctx.call(keep, title=title)
                kept += 1
        except Conflict:
            pass
    return kept


@archive.mutation("DELETE /archive/{id}", Releases("papers"), Releases("pages", "{result.pages}"))
async def throw(ctx: OrgContext, id: UUID) -> Thrown:
    """Throw a paper away."""
    return await ctx.db.one(THROW, Thrown, id=id)
