"""All appointments of a time, for spreadsheets and other programs."""

from collections.abc import AsyncIterator
from datetime import date

from sqlalchemy import bindparam, select

from portico import Allow, Audit, OrgContext
from salon.appointments.actions import module
from salon.appointments.calendar import bounds
from salon.appointments.models import Appointment
from salon.appointments.tables import appointments

EXPORT = (
    select(*(appointments.c[name] for name in Appointment.model_fields))
    .where(appointments.c.scheduled_at >= bindparam("since"), appointments.c.scheduled_at < bindparam("until"))
    .order_by(appointments.c.scheduled_at, appointments.c.id)
)


@module.export("GET /appointments/export", Allow("appointments:export"), Audit("appointments.exported"))
async def export(ctx: OrgContext, since: date, until: date) -> AsyncIterator[Appointment]:
    """Export the appointments from one day up to another, which is not among them; days of the business's time zone."""
    first, _ = bounds(since, ctx.org.timezone)
    end, _ = bounds(until, ctx.org.timezone)
    return ctx.db.stream(EXPORT, Appointment, since=first, until=end)
