"""Sign in, see a day's appointments, book another, sign out."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portico import (
    Allow,
    Form,
    Html,
    Idempotent,
    Invalidates,
    Module,
    OrgContext,
    Public,
    PublicContext,
    Raises,
    RateLimit,
    Redirect,
)
from portico.modules.identity import sign_in as identity_sign_in
from portico.modules.identity import sign_out as identity_sign_out
from salon.appointments.actions import BOOKING, create
from salon.appointments.calendar import bounds, instant
from salon.appointments.errors import TimeRepeated, TimeSkipped
from salon.appointments.models import NewAppointment
from salon.pages.models import Booking, Choice, DayFilter, Line, Visit

module = Module("pages", prefix="")

LINES = """
    select a.id, a.scheduled_at, a.ends_at, a.status, a.notes, a.cancel_reason,
           c.name as customer, s.name as service, w.name as staff
      from appointments as a
      join customers as c on c.org_id = a.org_id and c.id = a.customer_id
      join services as s on s.org_id = a.org_id and s.id = a.service_id
      join staff as w on w.org_id = a.org_id and w.id = a.staff_id
     where a.scheduled_at >= :since and a.scheduled_at < :until
       and (cast(:staff as uuid) is null or a.staff_id = :staff)
     order by a.scheduled_at, w.name, a.id
     limit 500
"""
CHOICES = """
    (select 'customer' as kind, id, name as label from customers order by name, id limit 1000)
    union all
    (select 'service', id, name || ', ' || duration_minutes || ' min'
       from services where active order by name, id limit 200)
    union all
    (select 'staff', id, name from staff where active order by name, id limit 200)
"""


@module.query("GET /", Public("the front door leads to the day's page"))
async def home(ctx: PublicContext) -> Redirect:
    """Lead to the day's page."""
    return Redirect("/appointments")


@module.query("GET /sign-in", Public("one signs in here"))
async def sign_in(ctx: PublicContext) -> Html:
    """Show the sign-in page."""
    return Html("sign_in.html", {})


@module.query("GET /appointments", Allow("appointments:read"))
async def day(ctx: OrgContext, filter: DayFilter) -> Html:
    """Show a day's appointments and the form that books another."""
    zone = ZoneInfo(ctx.org.timezone)
    today = ctx.now.astimezone(zone).date()
    shown = filter.day or today
    since, until = bounds(shown, ctx.org.timezone)
    lines = await ctx.db.all(LINES, Line, since=since, until=until, staff=filter.staff)
    choices = await ctx.db.all(CHOICES, Choice)
    values = {"org": ctx.org, "user": ctx.user, "zone": zone, "today": today, "day": shown, "staff": filter.staff}
    nearby = {"before": shown - timedelta(days=1), "after": shown + timedelta(days=1), "start": _start(shown)}
    return Html("appointments.html", {**values, **nearby, "lines": lines, "choices": choices})


@module.mutation(
    "POST /appointments",
    Allow("appointments:create"),
    RateLimit("30/m"),
    Idempotent(required=True),
    Invalidates("appointments"),
    Form(page=day, then="/appointments?day={result.day}"),
    Raises(TimeSkipped),
    Raises(TimeRepeated),
    *BOOKING,
)
async def book(ctx: OrgContext, data: Visit) -> Booking:
    """Book from the page: its times are those of the organization's zone."""
    visit = NewAppointment(
        customer_id=data.customer_id,
        service_id=data.service_id,
        staff_id=data.staff_id,
        scheduled_at=instant(data.scheduled_at, ctx.org.timezone),
        notes=data.notes or None,
    )
    booked = await ctx.call(create, data=visit)
    return Booking(id=booked.id, day=data.scheduled_at.date())


module.form("/sign-in", identity_sign_in, page=sign_in, then="/appointments")
module.form("/sign-out", identity_sign_out, page=sign_in, then="/sign-in")


def _start(day: date) -> datetime:
    """What the form suggests: the morning of the day that is shown."""
    return datetime.combine(day, time(9))
