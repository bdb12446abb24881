"""What is everybody's own: handlers that forget their WHERE on a user table."""

from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Column, Integer, MetaData, Text

from portico import Module, Public, PublicContext, UserContext, Versioned
from portico.tables import user_table


class Jotting(BaseModel):
    """A row of somebody's own."""

    id: UUID
    text: str
    version: int


module = Module("jottings")


def declare(metadata: MetaData) -> None:
    """Add the table of jottings."""
    version = Column("version", Integer, nullable=False, server_default="1")
    user_table("jottings", metadata, Column("text", Text, nullable=False), version)


@module.mutation("POST /jottings")
async def jot(ctx: UserContext, text: str) -> Jotting:
    """Write something down."""
    return await ctx.db.one("insert into jottings (text) values (:text) returning *", Jotting, text=text)


@module.query("GET /jottings")
async def everything(ctx: UserContext) -> list[str]:
    """Read jottings, having forgotten the WHERE."""
    return await ctx.db.all("select text from jottings order by text", str)


@module.query("GET /jottings/public", Public("shows that nobody has none"))
async def public(ctx: PublicContext) -> int:
    """Count jottings, having forgotten to ask who calls."""
    return await ctx.db.one("select count(*) from jottings", int)


@module.mutation("POST /jottings/wipe")
async def wipe(ctx: UserContext) -> int:
    """Delete jottings, having forgotten the WHERE."""
    return await ctx.db.execute("delete from jottings")


@module.mutation("POST /jottings/smuggle")
async def smuggle(ctx: UserContext, user_id: UUID, text: str) -> int:
    """Write something down for whomever the caller names."""
    stmt = "insert into jottings (user_id, text) values (:user_id, :text)"
    return await ctx.db.execute(stmt, user_id=user_id, text=text)


@module.mutation("PATCH /jottings/{id}", Versioned("jottings"))
async def change(ctx: UserContext, id: UUID, *, text: str, version: int) -> Jotting:
    """Change a jotting, unless it has changed meanwhile."""
    stmt = "update jottings set text = :text, version = :version + 1 where id = :id returning *"
    return await ctx.db.one(stmt, Jotting, id=id, text=text, version=version)


@module.mutation("POST /jottings/{id}/change")
async def change_inside(ctx: UserContext, id: UUID, *, text: str, version: int) -> Jotting:
    """Change a jotting from within another action."""
    return await ctx.call(change, id=id, text=text, version=version)
