"""A stall whose sales are told to others; some are taken back before they count."""

from portico import Anyone, App, Conflict, Event, Module, OrgContext, Raises
from portico.modules import identity, organizations, webhooks

stall = Module("stall")


class Sold(Event, name="fruit.sold"):
    """Fruit was sold."""

    number: int


class Rotten(Conflict, code="FRUIT_ROTTEN"):
    """This one is rotten."""

    retryable = False


@stall.mutation("POST /fruits", Anyone("members sell"), Raises(Rotten))
async def sell(ctx: OrgContext, number: int, *, rotten: bool = False) -> None:
    """Sell a fruit; a rotten one was never sold."""
    ctx.emit(Sold(number=number))
    if rotten:
        raise Rotten


app = App("stall", modules=[stall, identity, organizations, webhooks])
