"""Actions that call actions, and what a handler may do with its transaction."""

from uuid import UUID

from pydantic import BaseModel
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
)
from tests.integration.office.papers import INSERT, NewPaper, Paper, create, get, rename
from tests.integration.office.samples import limited, watched
from tests.integration.office.tables import PaperRow
from tests.integration.office.tables import papers as table

nested = Module("nested")


@nested.mutation("POST /pairs", Anyone("a test"), Audit("pair.filed", target="{first}"))
async def pair(ctx: OrgContext, *, first: str, second: str) -> list[Paper]:
    """Two papers in one transaction."""
    return [await ctx.call(create, data=NewPaper(title=title)) for title in (first, second)]


@nested.mutation("POST /attempts", Anyone("a test"))
async def attempt(ctx: OrgContext, *, first: str, second: str) -> str:
    """Two papers, of which the second may be refused alone."""
    await ctx.call(create, data=NewPaper(title=first))
    try:
        async with ctx.transaction():
            await ctx.call(create, data=NewPaper(title=second))
    except Exception as refused:  # noqa: BLE001  # whatever it is called, it is told
        return type(refused).__name__
    return "both"


@nested.mutation("POST /renames/{id}", Anyone("a test"))
async def rename_through(ctx: OrgContext, *, id: UUID, title: str, version: int) -> Paper:
    """Calls an action that only the owner may call."""
    return await ctx.call(rename, id=id, title=title, version=version)


@nested.query("GET /reading", Anyone("a test"))
async def reading(ctx: OrgContext, id: UUID) -> Paper:
    """A query that calls a query."""
    return await ctx.call(get, id=id)


@nested.query("GET /writing", Anyone("a test"))
async def writing(ctx: OrgContext) -> Paper:
    """A query that calls a mutation."""
    return await ctx.call(create, data=NewPaper(title="x"))


@nested.query("GET /writing-itself", Anyone("a test"))
async def writing_itself(ctx: OrgContext) -> Paper:
    """A query that writes."""
    return await ctx.db.one(INSERT, Paper, title="x")


@nested.mutation("POST /direct", Anyone("a test"))
async def direct(ctx: OrgContext) -> Paper:
    """Calls an action as if it were a function."""
    return await create(ctx, data=NewPaper(title="x"))


@nested.mutation("POST /limited-inside", Anyone("a test"))
async def limited_inside(ctx: OrgContext) -> None:
    """Calls a limited action five times."""
    for _ in range(5):
        await ctx.call(limited)


@nested.mutation("POST /checked-inside", Anyone("a test"))
async def checked_inside(ctx: OrgContext) -> str:
    """Calls an action whose check needs no transaction."""
    return await ctx.call(watched, word="x")


@nested.mutation("POST /invalid-inside", Anyone("a test"))
async def invalid_inside(ctx: OrgContext) -> None:
    """Calls an action with input that is none."""
    await ctx.call(get, id="no uuid")  # type: ignore[arg-type]  # the mistake under test


@nested.mutation("POST /swallowed", Anyone("a test"))
async def swallowed(ctx: OrgContext) -> str:
    """Goes on after a statement that failed."""
    await ctx.db.execute("insert into papers (title) values ('kept')")
    try:
        await ctx.db.execute("insert into papers (title) values (:long)", long="x" * 41)
    except Exception:  # noqa: BLE001  # the mistake under test
        return "as if nothing had happened"
    return ""


class Counts(BaseModel):
    """What a handler counted."""

    one: int
    streamed: int
    listed: int


@nested.mutation("POST /data", Allow("papers:write"))
async def data(ctx: OrgContext, many: int) -> Counts:
    """Everything that ctx.db can do."""
    await ctx.db.execute("insert into papers (title) select 'p' || n from generate_series(1, :many) n", many=many)
    one = await ctx.db.one("select count(*) from papers", int)
    if await ctx.db.maybe("select * from papers where title = 'nobody'", Paper) is not None:
        raise Conflict
    streamed = sum([1 async for _ in ctx.db.stream(select(table), Paper)])
    listed = len(await ctx.db.all("select title from papers where title like :like", str, like="p%"))
    return Counts(one=one, streamed=streamed, listed=listed)


@nested.mutation("POST /orm", Allow("papers:write"))
async def orm(ctx: OrgContext, title: str) -> int:
    """The ORM's session and ctx.db see one transaction."""
    await ctx.orm.execute(INSERT, {"title": title})
    return await ctx.db.one("select count(*) from papers where title = :title", int, title=title)


@nested.mutation("POST /orm-unflushed", Allow("papers:write"), Audit("paper.added", target="{title}"))
async def orm_unflushed(ctx: OrgContext, title: str) -> None:
    """Leaves a row to be written at the end."""
    ctx.orm.add(PaperRow(title=title, body="", pages=1, version=1))


@nested.mutation("POST /orm-commit", Allow("papers:write"))
async def orm_commit(ctx: OrgContext) -> None:
    """Ends a transaction that is not its own."""
    await ctx.orm.commit()


@nested.query("GET /untouched", Public("a test"))
async def untouched(_ctx: PublicContext) -> str:
    """Touches no database."""
    return "quiet"


@nested.query("GET /touching", Public("a test"))
async def touching(ctx: PublicContext) -> int:
    """Touches the database, as nobody."""
    return await ctx.db.one("select count(*) from papers", int)


@nested.query("GET /orm-alone", Public("a test"))
async def orm_alone(ctx: PublicContext) -> int:
    """Begins with the ORM, where nothing else has begun a transaction."""
    return int(await ctx.orm.scalar(select(1)) or 0)


@nested.query("GET /streaming", Public("a test"))
async def streaming(ctx: PublicContext) -> int:
    """Streams rows, as nobody."""
    return sum([n async for n in ctx.db.stream("select n from generate_series(1, 1200) n", int)])
