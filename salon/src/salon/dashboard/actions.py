"""The day and the week in figures: read at once, and none of them takes the page down."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from portico import Allow, Html, Module, OrgContext, part, settle
from salon.appointments.calendar import bounds
from salon.dashboard.models import Busy, Span, Standing, Today
from salon.frame import framed
from salon.preferences.actions import get as preferences

module = Module("dashboard", prefix="")

TODAY = """
    select count(*) as visits, count(*) filter (where scheduled_at >= :now) as to_come,
           min(scheduled_at) filter (where scheduled_at >= :now) as next_at
      from appointments
     where scheduled_at >= :since and scheduled_at < :until and status <> 'cancelled'
"""
BY_STATUS = """
    select status, count(*) as number
      from appointments
     where scheduled_at >= :since and scheduled_at < :until
     group by status order by number desc, status
"""
BUSIEST = """
    select w.name, count(*) as visits,
           cast(sum(extract(epoch from a.ends_at - a.scheduled_at)) / 60 as int) as minutes
      from appointments as a join staff as w on w.org_id = a.org_id and w.id = a.staff_id
     where a.scheduled_at >= :since and a.scheduled_at < :until and a.status <> 'cancelled'
     group by w.id, w.name order by minutes desc, w.name
     limit 5
"""


@module.query("GET /dashboard", Allow("appointments:read"))
async def show(ctx: OrgContext) -> Html:
    """Show today's appointments, those of the week by how they stand, and who has most to do."""
    today = ctx.now.astimezone(ZoneInfo(ctx.org.timezone)).date()
    monday = today - timedelta(days=today.weekday())
    day, week = _span(ctx, today, days=1), _span(ctx, monday, days=7)
    visits, standing, busy = await settle(ctx, part(of_day, day), part(by_status, week), part(busiest, week))
    own = await ctx.call(preferences)
    around = {"today": today, "monday": monday, "visits": visits, "standing": standing, "busy": busy, "own": own}
    return await framed(ctx, "dashboard.html", around)


async def of_day(ctx: OrgContext, day: Span) -> Today:
    """A day's visits, by the clock."""
    return await ctx.db.one(TODAY, Today, day, now=ctx.now)


async def by_status(ctx: OrgContext, week: Span) -> list[Standing]:
    """A week's appointments, by how they stand."""
    return await ctx.db.all(BY_STATUS, Standing, week)


async def busiest(ctx: OrgContext, week: Span) -> list[Busy]:
    """Who has most to do in a week."""
    return await ctx.db.all(BUSIEST, Busy, week)


def _span(ctx: OrgContext, first: date, *, days: int) -> Span:
    """So many days in the organization's zone."""
    since, _ = bounds(first, ctx.org.timezone)
    _, until = bounds(first + timedelta(days=days - 1), ctx.org.timezone)
    return Span(since=since, until=until)
