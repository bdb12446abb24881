"""Opening hours: read the week, replace it."""

from sqlalchemy import delete, select

from portico import Allow, Audit, Cached, Invalidates, Module, OrgContext, RateLimit
from salon.hours.models import Span, Week
from salon.hours.tables import opening_hours

module = Module("hours")

FIND = select(*(opening_hours.c[name] for name in Span.model_fields)).order_by(
    opening_hours.c.weekday, opening_hours.c.opens
)
CLEAR = delete(opening_hours)
FILL = """
    insert into opening_hours (weekday, opens, closes)
    select n.weekday, n.opens, n.closes
      from jsonb_to_recordset(cast(:spans as jsonb)) as n (weekday int, opens time, closes time)
"""


@module.query("GET /opening-hours", Allow("hours:read"), Cached(tags="hours", shared=True))
async def find(ctx: OrgContext) -> list[Span]:
    """Read the week: every span in which the business is open."""
    return await ctx.db.all(FIND, Span)


@module.mutation(
    "PUT /opening-hours", Allow("hours:update"), RateLimit("writes"), Audit("hours.updated"), Invalidates("hours")
)
async def replace(ctx: OrgContext, spans: Week) -> list[Span]:
    """Replace the week; what is booked stays booked."""
    await ctx.db.execute(CLEAR)
    await ctx.db.execute(FILL, spans=[span.model_dump(mode="json") for span in spans])
    return spans
