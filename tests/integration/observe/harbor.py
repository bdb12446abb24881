"""An application whose actions fail, wait, repeat themselves, and are given secrets."""

import asyncio

from pydantic import BaseModel, SecretStr
from sqlalchemy import text

from portico import (
    Allow,
    Anyone,
    App,
    Audit,
    Cached,
    Call,
    Error,
    External,
    Module,
    OrgContext,
    Policy,
    Public,
    PublicContext,
    RateLimit,
    breaker,
    part,
    settle,
)
from portico.core.policy import Handler
from portico.modules import identity

harbor = Module("harbor")
ADRIFT = asyncio.Event()
ANYBODY = (Public("a test"), RateLimit("1000/s"))


class Storm(Error, code="HARBOR_STORM", status=409):
    """There is a storm."""


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


@harbor.query("GET /tides", *ANYBODY, Cached(60))
async def tides(ctx: PublicContext) -> str:
    """Tell of the tides, which change slowly."""
    return "high"


@harbor.query("GET /waves", *ANYBODY)
async def count_waves(ctx: PublicContext) -> int:
    """Draw so many rows through a cursor that they come in many steps; look twelve times, each time in a savepoint."""
    waves = 0
    async for wave in ctx.db.stream("select wave from generate_series(1, 7000) as wave", int):
        waves += wave > 0
    for _ in range(12):
        async with ctx.transaction():
            waves += 1
    return waves


@harbor.mutation("POST /lights", *ANYBODY)
async def order_light(ctx: PublicContext) -> None:
    """Have a light lit."""
    ctx.enqueue(light)


@harbor.job()
async def light(ctx: PublicContext) -> None:
    """Find no matches."""
    raise RuntimeError("no matches")


@harbor.mutation("POST /treasure", Allow("treasure:lift"), Audit("treasure.lifted", "all"))
async def lift_treasure(ctx: OrgContext) -> None:
    """Lift it, if one may."""


@harbor.mutation("POST /pilots", Public("a test"), RateLimit("2/m", by="ip"))
async def call_pilot(ctx: PublicContext) -> None:
    """Call a pilot who never answers."""
    async with breaker("pilots"):
        raise ConnectionError("pilots.internal:4711 refused")


@harbor.mutation("POST /voyages", *ANYBODY)
async def sail(ctx: PublicContext) -> int:
    """Sound, then go on."""
    depth = await ctx.call(sound)
    return depth + await ctx.db.one("select 1", int)


@harbor.query("GET /drift", *ANYBODY)
async def drift(ctx: PublicContext) -> None:
    """Drift for ever."""
    ADRIFT.set()
    await asyncio.Event().wait()


@harbor.mutation("POST /troubles", *ANYBODY)
async def meet(ctx: PublicContext, *, trouble: str) -> None:
    """Meet with trouble."""
    if trouble == "database":
        await ctx.db.one("select no_such_column", int)
    raise Storm if trouble == "undeclared" else ValueError(trouble)


@harbor.mutation("POST /radio", *ANYBODY, External("radio"))
async def call_radio(ctx: PublicContext) -> None:
    """Call a station that never answers."""
    raise ConnectionError("radio.internal:4711 refused")


@harbor.mutation("POST /seals", *ANYBODY)
async def order_seal(ctx: PublicContext, *, seal: SecretStr) -> None:
    """Have a seal broken."""
    ctx.enqueue(break_seal, seal=seal)


@harbor.job(sealed=True)
async def break_seal(ctx: PublicContext, *, seal: SecretStr) -> None:
    """Break it, and cry out what it says."""
    raise RuntimeError(f"it says {seal.get_secret_value()}")


async def lost(ctx: OrgContext) -> int:
    """Look for a star that there is not."""
    return await ctx.db.one("select no_such_star", int)


@harbor.query("GET /bearings", Anyone("a test"))
async def bearings(ctx: OrgContext) -> int:
    """Take bearings; without a star, none."""
    (found,) = await settle(ctx, part(lost).otherwise(-1))
    return found.value


class Customs(Policy):
    """Looks at goods: outside, inside, and around."""

    async def check(self, call: Call) -> Error | None:
        """Outside of the transaction."""
        return None

    async def refine(self, call: Call) -> Error | None:
        """Inside of it."""
        return None

    async def wrap(self, call: Call, handler: Handler) -> object:
        """Around the handler."""
        return await handler()


@harbor.mutation("POST /customs", *ANYBODY, Customs())
async def declare(ctx: PublicContext, *, goods: str) -> str:
    """Declare goods; they are weighed in a span of the handler's own."""
    from opentelemetry import trace  # only who traces loads it

    with trace.get_tracer("harbor").start_as_current_span("weigh"):
        return goods


app = App("harbor", modules=[identity, harbor])
