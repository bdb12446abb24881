"""What happens to appointments, told to whoever has a day's page open."""

from collections.abc import AsyncIterator
from uuid import UUID

from portico import Allow, OrgContext
from salon.appointments.calendar import bounds
from salon.appointments.events import Booked, Cancelled, Confirmed, Rescheduled
from salon.appointments.models import Day
from salon.appointments.relations import module

__all__ = ["module"]


@module.subscription("GET /appointments/live", Allow("appointments:read"))
async def live(
    ctx: OrgContext, day: Day | None = None, staff_id: UUID | None = None
) -> AsyncIterator[Booked | Confirmed | Rescheduled | Cancelled]:
    """Tell what happens to appointments: of one day in the business's time zone, with one member of staff, or all.

    One that is moved is told of on the day that it leaves, too; and whoever it was with, for that is not known.
    """
    since, until = bounds(day, ctx.org.timezone) if day else (None, None)
    async for event in ctx.events(Booked, Confirmed, Rescheduled, Cancelled):
        moved = isinstance(event, Rescheduled)
        times = [event.appointment.scheduled_at, *([event.previously] if isinstance(event, Rescheduled) else [])]
        theirs = staff_id in {None, event.appointment.staff_id} or moved
        if theirs and (since is None or until is None or any(since <= time < until for time in times)):
            yield event
