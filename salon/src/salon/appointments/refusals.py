"""Why an appointment could not be written: asked only when it was not."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from portico import Conflict, Error, OrgContext
from salon.appointments.errors import (
    AppointmentClosed,
    PublicHoliday,
    ServiceInactive,
    StaffInactive,
    UnknownCustomer,
    UnknownService,
    UnknownStaff,
)
from salon.appointments.models import Appointment, Move, NewAppointment, Parties

GET = """
    select id, customer_id, service_id, staff_id, scheduled_at, ends_at,
           status, notes, cancel_reason, version, created_at
      from appointments where id = :id
"""
PARTIES = """
    select exists (select from customers where id = :customer_id) as customer,
           (select active from services where id = :service_id) as service,
           (select active from staff where id = :staff_id) as staff
"""
HOLIDAY = "select name from holidays where day = :day"
STAFF = "select active from staff where id = :staff_id"


async def not_booked(ctx: OrgContext, data: NewAppointment) -> Error:
    """The party that is missing or not to be booked, or the day that is a holiday."""
    parties = await ctx.db.one(PARTIES, Parties, data)
    if not parties.customer:
        return UnknownCustomer()
    if not parties.service:
        return UnknownService() if parties.service is None else ServiceInactive()
    return await _holiday(ctx, data.scheduled_at) or _staff(active=parties.staff)


async def not_moved(ctx: OrgContext, id: UUID, to: Move) -> Error:
    """The appointment is missing or closed, the day is a holiday, or the new member of staff cannot take it."""
    found = await ctx.db.one(GET, Appointment, id=id)
    if found.status not in ("booked", "confirmed"):
        return AppointmentClosed()
    if (holiday := await _holiday(ctx, to.scheduled_at)) is not None:
        return holiday
    return _staff(active=await ctx.db.maybe(STAFF, bool, staff_id=to.staff_id or found.staff_id))


async def closed(ctx: OrgContext, id: UUID) -> Error:
    """The appointment is missing (which `one` says) or closed."""
    await ctx.db.one(GET, Appointment, id=id)
    return AppointmentClosed()


async def _holiday(ctx: OrgContext, at: datetime) -> PublicHoliday | None:
    """The holiday that the moment falls on in the organization's zone."""
    day = at.astimezone(ZoneInfo(ctx.org.timezone)).date()
    name = await ctx.db.maybe(HOLIDAY, str, day=day)
    return None if name is None else PublicHoliday(holiday=name)


def _staff(*, active: bool | None) -> Error:
    if active is None:
        return UnknownStaff()
    return Conflict() if active else StaffInactive()
