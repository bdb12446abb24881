"""A till: providers of four kinds tell it of invoices, orders, parcels and guests."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from portico import App, Event, Inbox, Module, RateLimit, Signature, SystemContext, Unavailable

till = Module("till")
SEEN: list[tuple[object, ...]] = []
"""What handlers were given, as they tell it: outside of any transaction."""
TROUBLES: list[Exception] = []
"""What goes wrong, one after another, once a handler has worked."""
stripe = till.webhook("POST /webhooks/stripe", Signature("stripe", secret="TILL_STRIPE_SECRET"))
orders = till.webhook("POST /webhooks/orders", Signature("standard", secret="TILL_ORDERS_SECRET"))
parcels = till.webhook("POST /webhooks/parcels", Signature("hmac", secret="TILL_PARCELS_SECRET", max_bytes=2_000))
guests = till.webhook("POST /webhooks/guests", Signature("supabase", secret="TILL_GUESTS_SECRET"))
few = till.webhook("POST /webhooks/few", Signature("hmac", secret="TILL_FEW_SECRET"), RateLimit("2/m", by="ip"))
closed = till.webhook("POST /webhooks/closed", Signature("hmac", secret="TILL_CLOSED_SECRET", optional=True))
INBOXES: dict[str, tuple[Inbox, str]] = {
    "stripe": (stripe, "invoice.paid"),
    "standard": (orders, "order.placed"),
    "hmac": (parcels, "parcel.sent"),
    "supabase": (guests, "INSERT:guests"),
}
"""By scheme: an inbox, and what it handles."""


class Told(Event, name="till.told"):
    """A provider has told of something."""

    what: str


class Invoice(BaseModel):
    """An invoice, as far as it matters here."""

    id: str
    amount_paid: Annotated[int, Field(ge=0)] = 0
    org: UUID | None = None


class Thing(BaseModel):
    """An order or a parcel."""

    id: str


class Guest(BaseModel):
    """A row of a table elsewhere."""

    id: int
    name: str


class Change(BaseModel):
    """A change of such a row, with what was there before."""

    record: Guest
    old_record: Guest


@stripe.on("invoice.paid", attempts=3)
async def invoice_paid(ctx: SystemContext, invoice: Invoice) -> None:
    """Note an invoice, in its organization where it names one."""
    SEEN.append(("paid", invoice.id, invoice.amount_paid, ctx.event_id))
    ctx.emit(Told(what=invoice.id))
    if invoice.org is not None:
        async with ctx.within(invoice.org) as inside:
            inside.emit(Told(what=inside.org.name))
    if TROUBLES:
        raise TROUBLES.pop(0)


@orders.on("order.placed", "order.changed")
async def order(ctx: SystemContext, order: Thing) -> None:
    """Note an order."""
    SEEN.append(("order", order.id))


@parcels.on("parcel.sent")
async def parcel(ctx: SystemContext, parcel: Thing) -> None:
    """Note a parcel."""
    SEEN.append(("parcel", parcel.id))


@parcels.on("*")
async def whatever(ctx: SystemContext, thing: Thing) -> None:
    """Note what nobody else takes."""
    SEEN.append(("whatever", thing.id))


@guests.on("INSERT:guests", "DELETE:guests")
async def guest(ctx: SystemContext, guest: Guest) -> None:
    """Note who comes and who goes."""
    SEEN.append(("guest", guest.name))


@guests.on("UPDATE:guests", whole=True)
async def renamed(ctx: SystemContext, change: Change) -> None:
    """Note what somebody was called before."""
    SEEN.append(("renamed", change.old_record.name, change.record.name))


app = App("till", modules=[till])
OUTAGE = Unavailable(retry_after=60)
