"""Queries and functions whose answers are kept; `moment` tells two runs apart."""

from collections import Counter
from collections.abc import Awaitable, Callable
from typing import ClassVar, Literal

from pydantic import BaseModel

from portico import (
    Allow,
    Anyone,
    Cached,
    Call,
    Conflict,
    In,
    Invalidates,
    Keyset,
    Module,
    OrgContext,
    Policy,
    Public,
    PublicContext,
    Raises,
    RateLimit,
    Result,
    Slice,
    TenantContext,
    UserContext,
    cached,
)
from tests.integration.office.papers import BY_TITLE, Filter, Paper

kept = Module("kept")
RUNS: Counter[str] = Counter()
MOMENT = "select clock_timestamp()::text"
TITLES = "select title from papers order by title"
LATCH = 7_341


class Seen(BaseModel):
    """What a handler is told of who calls, and when it ran."""

    user: str | None
    org: str | None
    role: str
    locale: str
    moment: str


@kept.query("GET /kept/titles", Allow("papers:read"), Cached(tags="papers", shared=True))
async def titles(ctx: OrgContext) -> list[str]:
    """The titles of the organization's papers."""
    RUNS["titles"] += 1
    return await ctx.db.all(TITLES, str)


@kept.query("GET /kept/pages", Allow("papers:read"), Cached(tags="papers"))
async def pages(ctx: OrgContext, page: Keyset) -> Slice[Paper]:
    """The organization's papers, page by page."""
    return await ctx.db.page(BY_TITLE, Paper, page, Filter())


@kept.query("GET /kept/mine", Anyone("a test"), Cached(ttl=60, tags=("mine", "about:{about}")))
async def mine(ctx: OrgContext, about: str = "") -> Seen:
    """What is told of each caller."""
    RUNS[about] += 1
    moment = await ctx.db.one(MOMENT, str)
    return Seen(user=ctx.user.email, org=ctx.org.slug, role=ctx.role, locale=ctx.request.locale, moment=moment)


@kept.query("GET /kept/profile", Anyone("a test"), Cached(tags="profile"))
async def profile(ctx: UserContext) -> str:
    """In no organization."""
    return await ctx.db.one(MOMENT, str)


@kept.query("GET /kept/open", Public("a test"), Cached(ttl=60, tags="open", shared=True, stale=60))
async def opened(ctx: PublicContext, of: int = 0) -> str:
    """One answer for all."""
    RUNS["open"] += 1
    return f"{of} {await ctx.db.one(MOMENT, str)}"


@kept.query("GET /kept/billboard", Public("a test"), Cached(ttl=60, shared=True, max_age=30))
async def billboard(_ctx: PublicContext) -> str:
    """What everybody on the way may keep."""
    return "For sale"


@kept.query("GET /kept/shops/{slug}", Public("a test"), In("{slug}"), Cached(tags="papers", shared=True))
async def window(ctx: TenantContext, slug: str) -> list[str]:
    """What passers-by see of an organization."""
    return [ctx.org.slug, slug, *await ctx.db.all(TITLES, str)]


@kept.query("GET /kept/latched", Allow("papers:read"), Cached(tags="papers", shared=True))
async def latched(ctx: OrgContext, *, fail: bool = False) -> list[str]:
    """Waits until the test lets go of the latch, and reads before it does."""
    RUNS["latched"] += 1
    found = await ctx.db.all(TITLES, str)
    await ctx.db.execute(f"select pg_advisory_xact_lock_shared({LATCH})")
    if fail:
        raise Conflict
    return found


@kept.query("GET /kept/shelves/{number}", Allow("papers:read"), Cached(tags="shelves", shared=True))
async def shelf(ctx: OrgContext, number: int) -> str:
    """One of many answers, each of which waits for the latch."""
    RUNS["shelf"] += 1
    await ctx.db.execute(f"select pg_advisory_xact_lock_shared({LATCH})")
    return f"{number} {await ctx.db.one(MOMENT, str)}"


MEANWHILE: list[Callable[[], Awaitable[object]]] = []


@kept.query("GET /kept/interrupted", Allow("papers:read"), Cached(tags="papers", shared=True))
async def interrupted(ctx: OrgContext) -> list[str]:
    """Lets the test do something between the gate and the first statement, once."""
    while MEANWHILE:
        await MEANWHILE.pop()()
    return await ctx.db.all(TITLES, str)


@kept.query("GET /kept/echo/{name}", Anyone("a test"), Cached(ttl=60))
async def echoed(ctx: OrgContext, name: str, q: str = "none") -> list[str]:
    """Who has said what."""
    return [ctx.user.email, name, q]


class Noting(Policy):
    """Notes every result."""

    noted: ClassVar[list[object]] = []

    def record(self, call: Call, result: "Result[object]") -> None:  # the hook's
        """Keep it."""
        self.noted.append(result.data)


@kept.query("GET /kept/noted", Anyone("a test"), Noting(), Cached())
async def noted(ctx: OrgContext) -> Seen:
    """Every reading is noted, kept or not."""
    return Seen(user=None, org=None, role="", locale="", moment=await ctx.db.one(MOMENT, str))


@kept.query("GET /kept/mixed", Anyone("a test"), Cached(shared=True))
async def mixed(ctx: OrgContext, what: Literal["user", "role", "may", "header", "cookie", "org", "flag"]) -> str:
    """Goes wrong: what is shared, or kept, must not hold what differs."""
    if what == "user":
        return ctx.user.email
    if what in {"role", "may"}:
        return ctx.role if what == "role" else str(ctx.may("papers:read"))
    if what == "org":
        return ctx.org.slug
    if what == "flag":
        return str(ctx.flag("any"))
    ctx.answer.header("x-lost", "yes")
    return ""


@cached(60, tags=("squares", "square:{of}"))
async def square(ctx: PublicContext, of: int, *, power: int = 2) -> list[str]:
    """A plain function."""
    RUNS["square"] += 1
    return [str(of**power), await ctx.db.one(MOMENT, str)]


@kept.query("GET /kept/squares", Anyone("a test"))
async def squares(ctx: OrgContext, of: int) -> list[list[str]]:
    """The function twice, spelled in two ways; what one caller does to its answer is its own business."""
    first = await square(ctx, of)
    second = await square(ctx, of=of, power=2)
    second.append("changed")
    return [first, second[:2], await square(ctx, of)]


@kept.query("GET /kept/inner", Allow("papers:read"))
async def inner(ctx: OrgContext) -> list[str]:
    """A kept answer inside another action."""
    return await ctx.call(titles)


@kept.mutation("POST /kept/touch", Anyone("a test"), RateLimit("1000/m"), Invalidates("touched"), Raises(Conflict))
async def touch(
    ctx: OrgContext, tag: str, how: Literal["update", "revalidate", "both"] = "update", *, fail: bool = False
) -> list[str]:
    """Make a tag stale, and read what is kept under `papers` in the same call."""
    if how != "update":
        ctx.revalidate_tag(tag)
    if how != "revalidate":
        ctx.update_tag(tag)
    found = await ctx.call(titles)
    if fail:
        raise Conflict
    return found


@kept.mutation("POST /kept/touch-open", Anyone("a test"))
async def touch_open(ctx: UserContext, tag: str) -> None:
    """Make a tag stale that is of no organization."""
    ctx.update_tag(tag)


@kept.mutation("POST /kept/file", Allow("papers:write"), Raises(Conflict))
async def file(ctx: OrgContext, title: str, *, fail: bool = False) -> list[str]:
    """File a paper, and read the list in the same transaction."""
    await ctx.db.execute("insert into papers (title, body, pages) values (:title, '', 1)", title=title)
    ctx.update_tag("papers")
    found = await ctx.call(titles)
    if fail:
        raise Conflict
    return found
