"""Papers: written, read, changed by whoever wrote them."""

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field
from sqlalchemy import bindparam, delete, insert, select, update

from portico import (
    Allow,
    Audit,
    Created,
    Duplicate,
    Event,
    Idempotent,
    Invalidates,
    Keyset,
    Listing,
    Module,
    Numbered,
    OrgContext,
    Owns,
    Raises,
    Slice,
    Versioned,
)
from tests.integration.office.tables import papers as table

papers = Module("papers")
GET = select(table).where(table.c.id == bindparam("id"))
INSERT = insert(table).returning(table)
UPDATE = (
    update(table)
    .where(table.c.id == bindparam("paper"))
    .values(title=bindparam("new_title"), version=table.c.version + 1)
    .returning(table)
)
DELETE = delete(table).where(table.c.id == bindparam("id"))
BY_TITLE = Listing(
    select(table),
    order=(table.c.title, table.c.id),
    where={"pages": table.c.pages == bindparam("pages"), "body": table.c.body == bindparam("body")},
)
NEWEST = Listing(select(table), order=(table.c.created_at.desc(), table.c.id.desc()))


class NewPaper(BaseModel):
    """A paper to be."""

    title: Annotated[str, Field(min_length=1, max_length=200)]
    body: str = ""
    pages: int = 1


class Paper(NewPaper):
    """A paper."""

    id: UUID
    version: int
    created_by: UUID | None


class DatedPaper(Paper):
    """A paper and when it was filed."""

    created_at: AwareDatetime


class Filter(BaseModel):
    """Which papers; all where nothing is said."""

    pages: int | None = None
    body: str | None = None


class TitleTaken(Duplicate, code="OFFICE_TITLE_TAKEN"):
    """There is a paper with this title already."""


class Filed(Event, name="paper.filed"):
    """A paper was filed."""

    paper: Paper


@papers.mutation(
    "POST /papers",
    Allow("papers:write"),
    Idempotent(),
    Audit("paper.filed"),
    Invalidates("papers", "paper:{result.id}"),
    Created("/papers/{result.id}"),
    Raises(TitleTaken, on="papers_title_key"),
)
async def create(ctx: OrgContext, data: NewPaper) -> Paper:
    """File a paper."""
    paper = await ctx.db.one(INSERT, Paper, data)
    ctx.emit(Filed(paper=paper))
    return paper


@papers.query("GET /papers/{id}", Allow("papers:read"))
async def get(ctx: OrgContext, id: UUID) -> Paper:
    """Read a paper."""
    return await ctx.db.one(GET, Paper, id=id)


@papers.query("GET /papers", Allow("papers:read"))
async def find(ctx: OrgContext, filter: Filter, page: Keyset) -> Slice[Paper]:
    """The papers by their titles."""
    return await ctx.db.page(BY_TITLE, Paper, page, filter)


@papers.query("GET /papers-newest", Allow("papers:read"))
async def newest(ctx: OrgContext, page: Keyset) -> Slice[Paper]:
    """The newest papers first."""
    return await ctx.db.page(NEWEST, Paper, page)


@papers.query("GET /papers-numbered", Allow("papers:read"))
async def numbered(ctx: OrgContext, filter: Filter, page: Numbered) -> Slice[Paper]:
    """The papers, counted."""
    return await ctx.db.page(BY_TITLE, Paper, page, filter)


@papers.mutation(
    "PATCH /papers/{id}",
    Owns("papers", unless="papers:edit"),
    Versioned("papers"),
    Idempotent(),
    Audit("paper.renamed", target="{id}"),
    Raises(TitleTaken, on="papers_title_key"),
)
async def rename(ctx: OrgContext, *, id: UUID, title: str, version: int | None = None) -> Paper:
    """Give a paper another title."""
    ctx.audit(title=title, seen=version)
    return await ctx.db.one(UPDATE, Paper, paper=id, new_title=title)


@papers.mutation("DELETE /papers/{id}", Owns("papers", unless="papers:edit"), Audit("paper.shredded", target="{id}"))
async def shred(ctx: OrgContext, id: UUID) -> None:
    """Destroy a paper."""
    await ctx.db.execute(DELETE, id=id)


@papers.query("GET /dated-papers", Allow("papers:read"))
async def find_dated(ctx: OrgContext, page: Keyset) -> Slice[DatedPaper]:
    """The papers with their dates."""
    return await ctx.db.page(BY_TITLE, DatedPaper, page)


@papers.query("GET /dated-papers/{id}", Allow("papers:read"))
async def get_dated(ctx: OrgContext, id: UUID) -> DatedPaper:
    """A paper with its date."""
    return await ctx.db.one(GET, DatedPaper, id=id)
