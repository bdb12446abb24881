"""A bazaar: what is sold is told to others, and noted by a handler; some sales are taken back before they count."""

from portico import Anyone, App, Conflict, Event, Idempotent, Module, OrgContext, Raises, TenantContext
from portico.modules import identity, organizations, webhooks

bazaar = Module("bazaar")


class Sold(Event, name="ware.sold"):
    """A ware was sold at a stand."""

    stand: int
    number: int


class Noted(Event, name="ware.noted"):
    """The handler of a sale has done its work."""

    stand: int
    number: int
    event: str


class Broken(Conflict, code="WARE_BROKEN"):
    """This one is broken."""

    retryable = False


@bazaar.mutation("POST /wares", Anyone("members sell"), Idempotent(required=True), Raises(Broken))
async def sell(ctx: OrgContext, stand: int, number: int, *, broken: bool = False) -> int:
    """Sell a ware; a broken one was never sold."""
    ctx.emit(Sold(stand=stand, number=number))
    if broken:
        raise Broken
    return number


@bazaar.on(Sold)
async def note(ctx: TenantContext, event: Sold) -> None:
    """Note it, which takes a moment."""
    await ctx.db.execute("select pg_sleep(0.005)")
    ctx.emit(Noted(stand=event.stand, number=event.number, event=str(ctx.event_id)))


app = App("bazaar", modules=[bazaar, identity, organizations, webhooks])
