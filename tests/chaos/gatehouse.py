"""A gatehouse: a carrier tells of parcels, which are fetched as long as nobody holds the latch."""

from pydantic import BaseModel

from portico import App, Event, Module, Signature, SystemContext
from tests.integration.office.kept import LATCH

gatehouse = Module("gatehouse")
parcels = gatehouse.webhook("POST /webhooks/parcels", Signature("hmac", secret="GATEHOUSE_PARCELS_SECRET"))


class Parcel(BaseModel):
    """What has come."""

    id: str


class Fetched(Event, name="parcel.fetched"):
    """A parcel was fetched."""

    parcel: str
    event: str


@parcels.on("parcel.sent", attempts=100)
async def fetch(ctx: SystemContext, parcel: Parcel) -> None:
    """Fetch it: what was begun is undone where it is not ended."""
    ctx.emit(Fetched(parcel=parcel.id, event=str(ctx.event_id)))
    await ctx.db.execute(f"select pg_advisory_xact_lock_shared({LATCH})")


app = App("gatehouse", modules=[gatehouse])
