"""Actions that read once, together, at once; and that write many rows."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import insert, update

from portico import (
    Allow,
    Anyone,
    Audit,
    Batch,
    Conflict,
    Event,
    Module,
    NotFound,
    OrgContext,
    batch_loader,
    item_errors,
    loader,
    part,
    settle,
)
from tests.integration.office.papers import NewPaper, Paper, create
from tests.integration.office.papers import get as get_paper
from tests.integration.office.tables import papers as table

shelf = Module("shelf", Anyone("a test"))
READ: list[str] = []
"""What the loaders were asked, in order."""
HOW_MANY = "select count(*) from papers"


@loader
async def how_many(ctx: OrgContext, *, scale: int = 1) -> int:
    """How many papers there are."""
    READ.append(f"how many x{scale}")
    return scale * await ctx.db.one(HOW_MANY, int)


@loader
async def refused(ctx: OrgContext) -> int:
    """It never works."""
    READ.append("refused")
    await ctx.db.one("select 1", int)
    raise Conflict


@loader
async def circular(ctx: OrgContext) -> int:
    """It asks itself."""
    return await circular(ctx)


@batch_loader(most=3)
async def papers_of(ctx: OrgContext, ids: Sequence[UUID]) -> Mapping[UUID, Paper]:
    """Papers by their ids."""
    READ.append(f"{len(ids)} papers")
    found = await ctx.db.all("select * from papers where id = any(:ids)", Paper, ids=list(ids))
    return {paper.id: paper for paper in found}


@batch_loader()
async def lengths_of(_ctx: OrgContext, words: Sequence[str]) -> Mapping[str, int]:
    """As many at a time as it is unless it is said otherwise."""
    READ.append(f"{len(words)} words")
    return {word: len(word) for word in words}


@shelf.query("GET /shelf/count")
async def count(ctx: OrgContext) -> int:
    """Called inside another."""
    return await how_many(ctx)


@shelf.query("GET /shelf/counts")
async def counts(ctx: OrgContext) -> list[int]:
    """Ask before, at once, in another action, and with the same argument written in another way."""
    asked = [await how_many(ctx), *await asyncio.gather(how_many(ctx), how_many(ctx, scale=1), ctx.call(count))]
    return [*asked, await how_many(ctx, scale=10)]


@shelf.mutation("POST /shelf/counted")
async def counted(ctx: OrgContext, title: str) -> list[int]:
    """Write, and forget what was read."""
    before = await how_many(ctx)
    await ctx.call(create, data=NewPaper(title=title))
    kept = await how_many(ctx)
    how_many.forget(ctx)
    return [before, kept, await how_many(ctx)]


@shelf.mutation("POST /shelf/undone")
async def undone(ctx: OrgContext, title: str) -> list[int]:
    """Count what a savepoint has undone, before and after."""
    inside = 0
    with suppress(Conflict):
        async with ctx.transaction():
            await ctx.call(create, data=NewPaper(title=title))
            inside = await how_many(ctx)
            raise Conflict
    return [inside, await how_many(ctx)]


@shelf.query("GET /shelf/lengths")
async def lengths(ctx: OrgContext, most: int) -> int:
    """Of many words at once."""
    return len(await lengths_of.all(ctx, [str(number) for number in range(most)]))


@shelf.query("GET /shelf/refused")
async def refusals(ctx: OrgContext) -> list[str]:
    """The error is told again, and the function not run again."""
    told = await asyncio.gather(refused(ctx), refused(ctx), return_exceptions=True)
    return [type(problem).__name__ for problem in told]


@shelf.query("GET /shelf/circular")
async def circle(ctx: OrgContext) -> int:
    """A loader that would wait for itself."""
    return await circular(ctx)


@shelf.query("GET /shelf/papers")
async def together(ctx: OrgContext, ids: list[UUID]) -> list[str | None]:
    """Titles, asked for one by one."""
    found = await papers_of.all(ctx, ids)
    assert found == await papers_of.all(ctx, ids)
    return [paper.title if paper else None for paper in found]


@shelf.query("GET /shelf/papers/{id}")
async def single(ctx: OrgContext, id: UUID) -> str:
    """A paper that may not be there."""
    return (await papers_of(ctx, id)).title


@shelf.query("GET /shelf/cancelled")
async def cancelled(ctx: OrgContext, id: UUID) -> list[str]:
    """Whoever looks up for all is cancelled: the others ask again."""
    first, second = (asyncio.create_task(papers_of(ctx, id)) for _ in range(2))
    counting, waiting = (asyncio.create_task(how_many(ctx)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    counting.cancel()
    return [(await second).title, str(await waiting)]


# -- at once -----------------------------------------------------------------------------------------------------------
class Board(BaseModel):
    """What several reads have given."""

    papers: int
    org: str
    first: str | None
    errors: list[str | None]


async def org_of(ctx: OrgContext) -> str:
    """The organization and its user, as row level security sees them."""
    who = "select current_setting('app.org') || ' ' || current_setting('app.user')"
    return await ctx.db.one(who, str)


async def broken(ctx: OrgContext, number: int) -> int:
    """It fails in the database."""
    return await ctx.db.one("select 1 / cast(:number as int)", int, number=number)


@shelf.query("GET /shelf/board")
async def board(ctx: OrgContext, id: UUID) -> Board:
    """Four reads at once, of which some fail."""
    papers, org, first, bad = await settle(
        ctx,
        part(how_many),
        part(org_of).otherwise("?"),
        part(get_paper, id),
        part(broken, 0).otherwise(-1),
    )
    after = await how_many(ctx)
    errors = [settled.error.code if settled.error else None for settled in (papers, org, first, bad)]
    return Board(papers=after, org=org.value, first=first.value.title if first.value else None, errors=errors)


@shelf.mutation("POST /shelf/board")
async def written_board(ctx: OrgContext, title: str, parts: int) -> list[str]:
    """Parts may not write; what they fail at leaves the call's own transaction whole."""
    await ctx.call(create, data=NewPaper(title=title))

    async def write(inner: OrgContext) -> int:
        return await inner.db.execute("update papers set body = 'changed'")

    settled = await settle(ctx, *(part(write) for _ in range(parts)))
    return [read.error.code if read.error else "" for read in settled]


class Looked(Event, name="shelf.looked"):
    """Somebody has looked at it."""

    how: str


@shelf.mutation("POST /shelf/looks")
async def looks(ctx: OrgContext) -> None:
    """What parts note that come to their end is the call's; of what fails nothing is."""

    async def look(inner: OrgContext, how: str, number: int) -> None:
        inner.emit(Looked(how=how))
        await broken(inner, number)

    await settle(ctx, part(look, "well", 1), part(look, "badly", 0))


@shelf.mutation("POST /shelf/half-seen")
async def half_seen(ctx: OrgContext, title: str) -> list[int | None]:
    """Count beside the call what the call alone sees, and then in the call."""
    await ctx.call(create, data=NewPaper(title=title))
    _, beside = await settle(ctx, part(worked), part(how_many))
    return [beside.value, await how_many(ctx)]


async def worked(ctx: OrgContext) -> int:
    """The server's process that has worked on it, for a while."""
    return await ctx.db.one("select pg_backend_pid() from pg_sleep(0.05)", int)


@shelf.query("GET /shelf/slow-board")
async def slow_board(ctx: OrgContext) -> list[int]:
    """The server's processes that have worked on it."""
    return [read.value or 0 for read in await settle(ctx, *(part(worked) for _ in range(6)), at_once=3)]


@shelf.query("GET /shelf/wide-board")
async def wide_board(ctx: OrgContext) -> list[int]:
    """As many at once as it is unless it is said otherwise."""
    return [read.value or 0 for read in await settle(ctx, *(part(worked) for _ in range(12)))]


# -- many --------------------------------------------------------------------------------------------------------------
class Title(BaseModel):
    """A paper's new title."""

    id: UUID
    title: str


RETITLE = """
update papers as p set title = g.title
  from unnest(cast(:id as uuid[]), cast(:title as text[])) as g (id, title) where p.id = g.id returning p.id
"""


@shelf.mutation("POST /shelf/papers", Allow("papers:write"), Audit("papers.filed", target="{body}"))
async def file_all(ctx: OrgContext, items: Batch[NewPaper], body: str = "") -> list[Paper]:
    """File many papers."""
    return await ctx.db.many(insert(table).returning(table), Paper, items, body=body)


@shelf.mutation("PATCH /shelf/papers", Allow("papers:write"))
async def retitle(ctx: OrgContext, items: Batch[Title]) -> int:
    """Give many papers another title."""
    changed = set(await ctx.db.many(RETITLE, UUID, items))
    missing = {place: NotFound(at="id") for place, item in enumerate(items) if item.id not in changed}
    if missing:
        raise item_errors("items", missing)
    return len(changed)


@shelf.mutation("DELETE /shelf/papers", Allow("papers:write"))
async def misuse(ctx: OrgContext) -> list[UUID]:
    """An UPDATE has no columns to spread."""
    await ctx.db.many(update(table), UUID, [])
    return await ctx.db.many(update(table).returning(table.c.id), UUID, [Title(id=ctx.new_id(), title="")])
