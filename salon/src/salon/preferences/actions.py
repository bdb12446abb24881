"""Preferences: read one's own, replace them, and the page that does both."""

from datetime import time

from sqlalchemy import select

from portico import Html, Invalidates, Module, RateLimit, UserContext
from salon.frame import framed
from salon.preferences.models import USUAL, Preferences
from salon.preferences.tables import preferences

module = Module("preferences")

# There is no condition: nobody's rows but the caller's own are there.
GET = select(*(preferences.c[name] for name in Preferences.model_fields))
REPLACE = """
    insert into preferences (first_hour, show_cancelled, clock) values (:first_hour, :show_cancelled, :clock)
    on conflict (user_id) do update
       set first_hour = excluded.first_hour, show_cancelled = excluded.show_cancelled, clock = excluded.clock
    returning first_hour, show_cancelled, clock
"""


@module.query("GET /preferences")
async def get(ctx: UserContext) -> Preferences:
    """Read one's own preferences, or the usual ones."""
    return await ctx.db.maybe(GET, Preferences) or USUAL


@module.mutation("PUT /preferences", RateLimit("writes"), Invalidates("preferences"))
async def replace(ctx: UserContext, data: Preferences) -> Preferences:
    """Replace one's own preferences, in every business that one works in."""
    return await ctx.db.one(REPLACE, Preferences, data)


@module.query("GET /preferences")
async def page(ctx: UserContext) -> Html:
    """Show one's own preferences in a form."""
    own = await ctx.call(get)
    hours = [(hour, own.time(time(hour))) for hour in range(24)]
    return await framed(ctx, "preferences.html", {"own": own, "hours": hours})


module.form("/preferences", replace, page=page, then="/appointments")
