"""See a day's appointments, book another."""

from datetime import date, datetime, time, timedelta
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from portico import (
    Allow,
    Anyone,
    Form,
    Html,
    Idempotent,
    Invalidates,
    Module,
    OrgContext,
    Raises,
    RateLimit,
    Redirect,
    UserContext,
)
from salon.appointments.actions import BOOKING, create
from salon.appointments.calendar import bounds, instant
from salon.appointments.errors import TimeRepeated, TimeSkipped
from salon.appointments.models import NewAppointment
from salon.frame import framed
from salon.pages.models import Booking, Choice, DayFilter, Line, Visit
from salon.preferences.actions import get as preferences

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
       and (:cancelled or a.status <> 'cancelled')
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
HOLIDAY = "select name from holidays where day = :day"


@module.query("GET /", Anyone("the front door"))
async def home(ctx: UserContext) -> Redirect:
    """Lead to the day's page; who may not see it, or belongs nowhere yet, to their organizations."""
    return Redirect("/appointments" if ctx.may("appointments:read") else "/organizations")


@module.query("GET /appointments", Allow("appointments:read"))
async def day(ctx: OrgContext, filter: DayFilter) -> Html:
    """Show a day's appointments and the form that books another."""
    zone = ZoneInfo(ctx.org.timezone)
    today = ctx.now.astimezone(zone).date()
    shown = filter.day or today
    since, until = bounds(shown, ctx.org.timezone)
    own = await ctx.call(preferences)
    wanted = {"since": since, "until": until, "staff": filter.staff, "cancelled": own.show_cancelled}
    lines = await ctx.db.all(LINES, Line, **wanted)
    choices = await ctx.db.all(CHOICES, Choice)
    holiday = await ctx.db.maybe(HOLIDAY, str, day=shown) if ctx.may("holidays:read") else None
    values = {"today": today, "day": shown, "staff": filter.staff, "holiday": holiday}
    nearby = {
        "before": shown - timedelta(days=1),
        "after": shown + timedelta(days=1),
        "start": _start(shown, own.first_hour),
    }
    more = {"offered": partial(_offered, choices), "variant": ctx.variant("booking-form")}
    around = {**values, **nearby, **more, "own": own, "lines": lines, "choices": choices}
    return await framed(ctx, "appointments.html", around)


@module.mutation(
    "POST /appointments",
    Allow("appointments:create"),
    RateLimit("writes"),
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
    ctx.track("appointment_booked")
    return Booking(id=booked.id, day=data.scheduled_at.date())


def _offered(choices: list[Choice], kind: str) -> list[tuple[UUID, str]]:
    """What a select of the form offers."""
    return [(choice.id, choice.label) for choice in choices if choice.kind == kind]


def _start(day: date, hour: int) -> datetime:
    """What the form suggests: the first hour that its reader likes, on the day that is shown."""
    return datetime.combine(day, time(hour))
