"""Availability: when a member of staff is free on a day."""

from uuid import UUID

from portico import Allow, Cached, Module, OrgContext
from salon.appointments.calendar import bounds
from salon.appointments.models import Day as OneDay
from salon.availability.models import Day, Slot
from salon.availability.slots import free

module = Module("availability")

# The day's hours, none on a holiday, what is booked in it and the service's length in one statement.
DAY = """
    select s.duration_minutes as minutes,
           array(select h.opens from opening_hours h where h.weekday = d.weekday order by h.opens) as opens,
           array(select h.closes from opening_hours h where h.weekday = d.weekday order by h.opens) as closes,
           array(select a.scheduled_at from appointments a
                  where a.staff_id = w.id and a.status <> 'cancelled' and a.scheduled_at < :until and a.ends_at > :since
                  order by a.scheduled_at) as starts,
           array(select a.ends_at from appointments a
                  where a.staff_id = w.id and a.status <> 'cancelled' and a.scheduled_at < :until and a.ends_at > :since
                  order by a.scheduled_at) as ends
      from staff w, services s,
           (select case when exists (select from holidays where day = :day) then null
                        else cast(:weekday as int) end as weekday) as d
     where w.id = :staff_id and w.active and s.id = :service_id and s.active
"""


@module.query(
    "GET /staff/{id}/availability",
    Allow("appointments:read"),
    Cached(ttl=60, tags=("appointments", "holidays", "hours", "services", "staff"), shared=True),
)
async def find(ctx: OrgContext, id: UUID, service_id: UUID, day: OneDay) -> list[Slot]:
    """List when a member of staff is free for a service; `day` is a day in the organization's time zone."""
    since, until = bounds(day, ctx.org.timezone)
    about = {
        "staff_id": id,
        "service_id": service_id,
        "day": day,
        "weekday": day.weekday(),
        "since": since,
        "until": until,
    }
    found = await ctx.db.one(DAY, Day, **about)
    return [*free(found, day, ctx.org.timezone, since=ctx.now)]
