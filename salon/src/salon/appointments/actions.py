"""Appointments: create, list, get, update, reschedule, cancel."""

from collections.abc import AsyncIterator
from uuid import UUID

from sqlalchemy import bindparam, select

from portico import (
    Allow,
    Audit,
    Created,
    Idempotent,
    Invalidates,
    Keyset,
    Listing,
    Module,
    OrgContext,
    Raises,
    RateLimit,
    Slice,
    Versioned,
)
from salon.appointments.calendar import bounds
from salon.appointments.errors import (
    AppointmentClosed,
    NobodyFree,
    PublicHoliday,
    ServiceInactive,
    SlotTaken,
    StaffInactive,
    UnknownCustomer,
    UnknownService,
    UnknownStaff,
)
from salon.appointments.events import Booked, Cancelled, Confirmed, Rescheduled
from salon.appointments.models import (
    Appointment,
    AppointmentChanges,
    AppointmentFilter,
    Day,
    Move,
    Moved,
    NewAppointment,
    Reason,
    Window,
)
from salon.appointments.refusals import GET, closed, not_booked, not_moved
from salon.appointments.scheduling import staffed
from salon.appointments.tables import appointments

module = Module("appointments")

# The service's length, the staff's number, whether the day is a holiday, and the row itself in one statement.
CREATE = """
    insert into appointments (customer_id, service_id, staff_id, staff_number, scheduled_at, ends_at, notes)
    select c.id, s.id, w.id, w.number, n.starts, n.starts + s.duration_minutes * interval '1 minute', :notes
      from (select cast(:scheduled_at as timestamptz) as starts) as n, customers as c, services as s, staff as w
     where c.id = :customer_id and s.id = :service_id and s.active and w.id = :staff_id and w.active
       and not exists (
             select from holidays as h where h.day = cast(n.starts at time zone cast(:zone as text) as date))
    returning id, customer_id, service_id, staff_id, scheduled_at, ends_at,
              status, notes, cancel_reason, version, created_at
"""
UPDATE = """
    update appointments as a
       set (status, notes) = (
             select n.status, n.notes from jsonb_populate_record(a, cast(:changes as jsonb)) as n),
           version = version + 1
     where id = :id and status <> 'cancelled'
    returning id, customer_id, service_id, staff_id, scheduled_at, ends_at,
              status, notes, cancel_reason, version, created_at
"""
RESCHEDULE = """
    with before as (
      select id, scheduled_at, ends_at - scheduled_at as length, coalesce(cast(:staff_id as uuid), staff_id) as staff_id
        from appointments where id = :id and status in ('booked', 'confirmed') for update
    )
    update appointments as a
       set scheduled_at = cast(:scheduled_at as timestamptz), ends_at = cast(:scheduled_at as timestamptz) + b.length,
           staff_id = w.id, staff_number = w.number, version = a.version + 1
      from before as b join staff as w on w.id = b.staff_id and w.active
     where a.id = b.id
       and not exists (
             select from holidays as h
              where h.day = cast(cast(:scheduled_at as timestamptz) at time zone cast(:zone as text) as date))
    returning a.id, a.customer_id, a.service_id, a.staff_id, a.scheduled_at, a.ends_at,
              a.status, a.notes, a.cancel_reason, a.version, a.created_at, b.scheduled_at as previously
"""
CANCEL = """
    update appointments set status = 'cancelled', cancel_reason = :reason, version = version + 1
     where id = :id and status in ('booked', 'confirmed')
    returning id, customer_id, service_id, staff_id, scheduled_at, ends_at,
              status, notes, cancel_reason, version, created_at
"""
LISTING = Listing(
    select(*(appointments.c[name] for name in Appointment.model_fields)),
    order=(appointments.c.scheduled_at, appointments.c.id),
    where={
        "since": appointments.c.scheduled_at >= bindparam("since"),
        "until": appointments.c.scheduled_at < bindparam("until"),
        "staff_id": appointments.c.staff_id == bindparam("staff_id"),
        "customer_id": appointments.c.customer_id == bindparam("customer_id"),
        "status": appointments.c.status == bindparam("status"),
    },
)
EXPORT = (
    select(*(appointments.c[name] for name in Appointment.model_fields))
    .where(appointments.c.scheduled_at >= bindparam("since"), appointments.c.scheduled_at < bindparam("until"))
    .order_by(appointments.c.scheduled_at, appointments.c.id)
)

# What may refuse a booking, whoever makes it.
BOOKING = (
    Raises(SlotTaken, on="appointments_no_overlap"),
    Raises(UnknownCustomer, on="appointments_customer_id_fkey"),
    Raises(UnknownService, on="appointments_service_id_fkey"),
    Raises(UnknownStaff, on="appointments_staff_fkey"),
    Raises(ServiceInactive),
    Raises(StaffInactive),
    Raises(NobodyFree),
    Raises(PublicHoliday),
)


@module.mutation(
    "POST /appointments",
    Allow("appointments:create"),
    RateLimit("writes"),
    Idempotent(required=True),
    Audit("appointment.created"),
    Invalidates("appointments"),
    Created("/appointments/{result.id}"),
    *BOOKING,
)
async def create(ctx: OrgContext, data: NewAppointment) -> Appointment:
    """Book a slot for a customer."""
    visit = await staffed(ctx, data)
    booked = await ctx.db.maybe(CREATE, Appointment, visit, zone=ctx.org.timezone)
    if booked is None:
        raise await not_booked(ctx, visit)
    ctx.emit(Booked(appointment=booked))
    return booked


@module.query("GET /appointments", Allow("appointments:read"))
async def find(ctx: OrgContext, filter: AppointmentFilter, page: Keyset) -> Slice[Appointment]:
    """List appointments by time; `day` is a day in the organization's time zone."""
    since, until = bounds(filter.day, ctx.org.timezone) if filter.day else (None, None)
    window = Window(since=since, until=until, **filter.model_dump(exclude={"day"}))
    return await ctx.db.page(LISTING, Appointment, page, window)


@module.export("GET /appointments/export", Allow("appointments:export"), Audit("appointments.exported"))
async def export(ctx: OrgContext, since: Day, until: Day) -> AsyncIterator[Appointment]:
    """Export the appointments from one day up to another, which is not among them; days of the business's time zone."""
    first, _ = bounds(since, ctx.org.timezone)
    end, _ = bounds(until, ctx.org.timezone)
    return ctx.db.stream(EXPORT, Appointment, since=first, until=end)


@module.query("GET /appointments/{id}", Allow("appointments:read"))
async def get(ctx: OrgContext, id: UUID) -> Appointment:
    """Read one appointment."""
    return await ctx.db.one(GET, Appointment, id=id)


@module.mutation(
    "PATCH /appointments/{id}",
    Allow("appointments:update"),
    RateLimit("writes"),
    Versioned("appointments"),
    Audit("appointment.updated", target="{id}"),
    Invalidates("appointments", "appointment:{id}"),
    Raises(AppointmentClosed),
)
async def update(ctx: OrgContext, id: UUID, data: AppointmentChanges, version: int | None = None) -> Appointment:
    """Change status or notes: absent members stay, null clears."""
    changes = data.model_dump(mode="json", exclude_unset=True)
    changed = await ctx.db.maybe(UPDATE, Appointment, id=id, changes=changes)
    if changed is None:
        raise await closed(ctx, id)
    if changes.get("status") == "confirmed":
        ctx.emit(Confirmed(appointment=changed))
    return changed


@module.mutation(
    "POST /appointments/{id}/reschedule",
    Allow("appointments:update"),
    RateLimit("writes"),
    Idempotent(),
    Audit("appointment.rescheduled", target="{id}"),
    Invalidates("appointments", "appointment:{id}"),
    Raises(SlotTaken, on="appointments_no_overlap"),
    Raises(UnknownStaff, on="appointments_staff_fkey"),
    Raises(StaffInactive),
    Raises(PublicHoliday),
    Raises(AppointmentClosed),
)
async def reschedule(ctx: OrgContext, id: UUID, data: Move) -> Appointment:
    """Give an appointment another time, and another member of staff if named."""
    moved = await ctx.db.maybe(RESCHEDULE, Moved, data, id=id, zone=ctx.org.timezone)
    if moved is None:
        raise await not_moved(ctx, id, data)
    appointment = Appointment.model_validate(moved, from_attributes=True)
    ctx.emit(Rescheduled(appointment=appointment, previously=moved.previously))
    return appointment


@module.mutation(
    "POST /appointments/{id}/cancel",
    Allow("appointments:cancel"),
    RateLimit("writes"),
    Idempotent(),
    Audit("appointment.cancelled", target="{id}"),
    Invalidates("appointments", "appointment:{id}"),
    Raises(AppointmentClosed),
)
async def cancel(ctx: OrgContext, id: UUID, reason: Reason) -> Appointment:
    """Cancel an appointment, saying why; its slot is free again."""
    cancelled = await ctx.db.maybe(CANCEL, Appointment, id=id, reason=reason)
    if cancelled is None:
        raise await closed(ctx, id)
    ctx.audit(reason=reason)
    ctx.emit(Cancelled(appointment=cancelled, reason=reason))
    return cancelled
