"""A bakery: orders that are baked in the background, counted by handlers, billed at night."""

import asyncio
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from pydantic import Field, SecretStr

from portico import (
    Anyone,
    App,
    Audit,
    Cached,
    Conflict,
    Event,
    Module,
    OrgContext,
    PublicContext,
    Raises,
    SystemContext,
    TenantContext,
    Unavailable,
)

bakery = Module("bakery")
SEEN: list[tuple[object, ...]] = []
"""What jobs were given, as they tell it: outside of any transaction."""
TROUBLES: list[BaseException] = []
"""What the oven raises, one after another."""


class Ordered(Event, name="order.placed"):
    """Somebody wants bread."""

    loaf: str


class Closed(Conflict, code="BAKERY_CLOSED"):
    """The bakery is closed."""

    retryable = False


@bakery.mutation("POST /orders", Anyone("members eat"), Audit("order.placed"), Raises(Closed))
async def order(ctx: OrgContext, loaf: Annotated[str, Field(max_length=40)], *, refused: bool = False) -> str:
    """Order a loaf: it is baked in the background."""
    ctx.enqueue(bake, loaf=loaf)
    ctx.emit(Ordered(loaf=loaf))
    if refused:
        raise Closed
    return loaf


@bakery.mutation("POST /orders/later", Anyone("members eat"))
async def order_later(ctx: OrgContext, loaf: str, minutes: int, *, cancelled: bool = False) -> None:
    """Order a loaf for later; the same loaf once more moves it."""
    key = f"later:{loaf}"
    if cancelled:
        ctx.call_off(bake, key=key)
    else:
        ctx.enqueue(bake.later(at=ctx.now + timedelta(minutes=minutes), key=key), loaf=loaf)


@bakery.mutation("POST /orders/several", Anyone("members eat"))
async def order_several(ctx: OrgContext) -> None:
    """Order one that is urgent, one that can wait, and one in between."""
    ctx.enqueue(sweep)
    ctx.enqueue(bake, loaf="rye")
    ctx.enqueue(fire)
    ctx.enqueue(knead, dough="spelt")
    ctx.enqueue(knead, dough="spelt")


@bakery.job(Audit("loaf.baked"), attempts=3)
async def bake(ctx: OrgContext, loaf: str) -> None:
    """Bake: as who ordered."""
    SEEN.append(("bake", loaf, ctx.user.id, ctx.org.id))
    ctx.emit(Baked(loaf=loaf))
    if TROUBLES:
        raise TROUBLES.pop(0)


class Baked(Event, name="loaf.baked"):
    """A loaf is ready."""

    loaf: str


@bakery.job(priority="low")
async def sweep(ctx: TenantContext) -> None:
    """Sweep the floor."""
    SEEN.append(("sweep", ctx.org.id))


@bakery.job(priority="high")
async def fire(ctx: PublicContext) -> None:
    """Fire the oven."""
    SEEN.append(("fire",))


@bakery.job(key="knead:{dough}")
async def knead(ctx: TenantContext, dough: str) -> None:
    """Knead each dough once."""
    SEEN.append(("knead", dough))


@bakery.mutation("POST /secrets", Anyone("members eat"))
async def confide(ctx: OrgContext, secret: SecretStr) -> None:
    """Hand a secret on."""
    ctx.enqueue(keep, secret=secret)


@bakery.job(sealed=True)
async def keep(ctx: TenantContext, secret: SecretStr) -> None:
    """Keep a secret."""
    SEEN.append(("keep", secret.get_secret_value()))


@bakery.job(attempts=2)
async def deliver(ctx: TenantContext, street: str) -> None:
    """Deliver."""
    raise Unavailable(retry_after=90)


@bakery.job(timeout=timedelta(milliseconds=50), attempts=1)
async def wait_for_ever(ctx: TenantContext) -> None:
    """Wait, with a statement that takes too long."""
    await ctx.db.execute("select pg_sleep(5)")


@bakery.mutation("POST /trips", Anyone("members eat"))
async def send_out(ctx: OrgContext) -> None:
    """Send somebody out, and somebody who waits."""
    ctx.enqueue(deliver, street="Main Street")
    ctx.enqueue(wait_for_ever)


PRICES = iter(range(1, 1_000_000))
"""Another one each time that somebody asks."""


@bakery.query("GET /price", Anyone("members eat"), Cached(tags="prices", shared=True))
async def price(ctx: OrgContext) -> int:
    """What a loaf costs."""
    return next(PRICES)


class Repriced(Event, name="bread.repriced"):
    """Flour costs more."""

    bakery: UUID
    refused: bool


@bakery.mutation("POST /prices", Anyone("members eat"))
async def reprice(ctx: OrgContext, *, refused: bool = False) -> None:
    """Have prices made anew, by somebody who is of no organization."""
    ctx.emit(Repriced(bakery=ctx.org.id, refused=refused))


@bakery.on(Repriced)
async def make_prices(ctx: SystemContext, event: Repriced) -> None:
    """Make an organization's prices anew."""
    async with ctx.within(event.bakery) as inside:
        inside.update_tag("prices")
    if event.refused:
        raise Closed


BEGUN, INTERRUPTED = asyncio.Event(), asyncio.Event()


@bakery.mutation("POST /idlers", Anyone("members eat"))
async def send_out_idler(ctx: OrgContext) -> None:
    """Send somebody out who does not come back by themselves."""
    ctx.enqueue(idle)


@bakery.job()
async def idle(ctx: TenantContext) -> None:
    """Wait for nothing, and tell when that is cut short."""
    ctx.emit(Baked(loaf="never"))
    BEGUN.set()
    try:
        await asyncio.Event().wait()
    finally:
        INTERRUPTED.set()


@bakery.on(Ordered)
async def count(ctx: TenantContext, event: Ordered) -> None:
    """Count what was ordered."""
    SEEN.append(("count", event.loaf, ctx.org.id, ctx.user, ctx.event_id))
    if TROUBLES:
        raise TROUBLES.pop(0)


@bakery.on(Ordered)
async def observe(ctx: SystemContext, event: Ordered) -> None:
    """Look on, from no organization."""
    SEEN.append(("observe", event.loaf, ctx.org))


ORGANIZATIONS: list[UUID] = []


@bakery.job(cron="30 2 * * *", zone="Europe/Vienna")
async def bill(ctx: SystemContext) -> None:
    """Bill every organization, each by itself; one that fails is left out."""
    for org in ORGANIZATIONS:
        try:
            async with ctx.within(org) as inside:
                inside.emit(Billed(name=inside.org.name))
                inside.enqueue(sweep)
                refuse_the_broke(inside.org.name)
        except Closed:
            continue
    SEEN.append(("bill", ctx.org))


def refuse_the_broke(name: str) -> None:
    """Who is broke gets no bill."""
    if name == "Broke":
        raise Closed


class Billed(Event, name="bakery.billed"):
    """A bill is written."""

    name: str


app = App("bakery", modules=[bakery])
