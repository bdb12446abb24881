"""What the business offers, as customers would read it."""

from pydantic import BaseModel

from portico import Allow, Html, Interactive, OrgContext, RichText
from salon.frame import framed
from salon.team.module import team

OFFERED = """
    select name, description, duration_minutes, price_minor, currency
      from services where active order by name, id limit 200
"""


class Offered(BaseModel):
    """A service on the page; its description is made harmless once more, whoever has written it into the row."""

    name: str
    description: RichText | None
    duration_minutes: int
    price_minor: int
    currency: str

    @property
    def price(self) -> str:
        """The price in its currency; none where nothing is said of it."""
        return f"{self.price_minor // 100}.{self.price_minor % 100:02} {self.currency}" if self.price_minor else ""


@team.query("GET /organization/services", Allow("services:read"), Interactive())
async def services(ctx: OrgContext) -> Html:
    """Show what may be booked, with its description."""
    return await framed(ctx, "team/services.html", {"offered": await ctx.db.all(OFFERED, Offered)})
