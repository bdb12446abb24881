"""An application whose actions fail, wait, repeat themselves, and are given secrets."""

from pydantic import BaseModel, SecretStr
from sqlalchemy import text

from portico import Anyone, App, Module, OrgContext, Public, PublicContext, RateLimit, breaker
from portico.modules import identity

harbor = Module("harbor")
ANYBODY = (Public("a test"), RateLimit("1000/s"))


class Papers(BaseModel):
    """What a captain shows."""

    number: SecretStr


@harbor.mutation("POST /ships", *ANYBODY)
async def register(ctx: PublicContext, *, name: str, password: SecretStr, access_token: str, papers: Papers) -> None:
    """Register a ship, and fail with all that was given in the message."""
    given = name, password.get_secret_value(), access_token, papers.number.get_secret_value(), ctx.request.headers
    raise RuntimeError(f"the pier is full: {given}")


@harbor.query("GET /crew", Anyone("a test"))
async def crew(ctx: OrgContext) -> int:
    """Count the crew, with three statements."""
    counts = [await ctx.db.one("select count(*) from portico.users where id = :id", int, id=ctx.user.id) for _ in "abc"]
    return sum(counts)


@harbor.query("GET /soundings", *ANYBODY)
async def sound(ctx: PublicContext, *, times: int = 1, seconds: float = 0.0) -> int:
    """Ask the database again and again."""
    depth = 0
    for n in range(times):
        depth += await ctx.db.one("select cast(:n as int) + length('soundings of Mallory')", int, n=n)
    if seconds:
        await ctx.db.one("select 1 from pg_sleep(:seconds)", int, seconds=seconds)
    return depth


@harbor.query("GET /charts", *ANYBODY)
async def read_charts(ctx: PublicContext, *, times: int) -> int:
    """Ask by the ORM, again and again."""
    await ctx.db.one("select 1", int)
    for n in range(times):
        await ctx.orm.execute(text(f"select charts from (select '{n}' as charts) as c"))
    return times


@harbor.mutation("POST /pilots", Public("a test"), RateLimit("2/m", by="ip"))
async def call_pilot(ctx: PublicContext) -> None:
    """Call a pilot who never answers."""
    async with breaker("pilots"):
        raise ConnectionError("pilots.internal:4711 refused")


app = App("harbor", modules=[identity, harbor])
