"""Why an appointment could not be written: asked only when it was not."""

from uuid import UUID

from portico import Conflict, Error, OrgContext
from salon.appointments.errors import (
    AppointmentClosed,
    ServiceInactive,
    StaffInactive,
    UnknownCustomer,
    UnknownService,
    UnknownStaff,
)
from salon.appointments.models import Appointment, NewAppointment, Parties

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
STAFF = "select active from staff where id = :staff_id"


async def not_booked(ctx: OrgContext, data: NewAppointment) -> Error:
    """The party that is missing or not to be booked."""
    parties = await ctx.db.one(PARTIES, Parties, data)
    if not parties.customer:
        return UnknownCustomer()
    if not parties.service:
        return UnknownService() if parties.service is None else ServiceInactive()
    return _staff(active=parties.staff)


async def not_moved(ctx: OrgContext, id: UUID, *, staff_id: UUID | None) -> Error:
    """The appointment is missing or closed, or the new member of staff cannot take it."""
    found = await ctx.db.one(GET, Appointment, id=id)
    if found.status not in ("booked", "confirmed"):
        return AppointmentClosed()
    return _staff(active=await ctx.db.maybe(STAFF, bool, staff_id=staff_id or found.staff_id))


async def closed(ctx: OrgContext, id: UUID) -> Error:
    """The appointment is missing (which `one` says) or closed."""
    await ctx.db.one(GET, Appointment, id=id)
    return AppointmentClosed()


def _staff(*, active: bool | None) -> Error:
    if active is None:
        return UnknownStaff()
    return Conflict() if active else StaffInactive()
