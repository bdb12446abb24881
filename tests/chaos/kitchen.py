"""A kitchen: every order is an event, and what its handler did is on record in the same transaction."""

from portico import Anyone, App, Event, Module, OrgContext, TenantContext

kitchen = Module("kitchen")


class Ordered(Event, name="dish.ordered"):
    """Somebody is hungry."""

    number: int


class Cooked(Event, name="dish.cooked"):
    """The handler of an order has done its work."""

    number: int
    event: str


class Washed(Event, name="dish.washed"):
    """The job of an order has done its work."""

    number: int


@kitchen.mutation("POST /dishes", Anyone("members eat"))
async def order(ctx: OrgContext, number: int) -> None:
    """Order a dish."""
    ctx.emit(Ordered(number=number))
    ctx.enqueue(wash, number=number)


@kitchen.on(Ordered)
async def cook(ctx: TenantContext, event: Ordered) -> None:
    """Cook it, which takes a moment."""
    await ctx.db.execute("select pg_sleep(0.01)")
    ctx.emit(Cooked(number=event.number, event=str(ctx.event_id)))


@kitchen.job(attempts=100)
async def wash(ctx: OrgContext, number: int) -> None:
    """Wash up, which takes a moment."""
    await ctx.db.execute("select pg_sleep(0.01)")
    ctx.emit(Washed(number=number))


app = App("kitchen", modules=[kitchen])
