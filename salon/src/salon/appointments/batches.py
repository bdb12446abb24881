"""Many appointments at a time: confirm them, cancel them; all of them, or none."""

from collections.abc import Sequence
from uuid import UUID

from pydantic import BaseModel

from portico import Allow, Audit, Batch, Idempotent, Invalidates, Module, NotFound, OrgContext, RateLimit, item_errors
from salon.appointments.errors import AppointmentClosed
from salon.appointments.events import Cancelled, Confirmed
from salon.appointments.models import Appointment, Reason, Status

module = Module("appointment_batches")

# Rows are locked in the order of their ids: two batches wait for one another, and neither is undone for a deadlock.
CONFIRM = """
    with held as (
      select id from appointments where id = any(:ids) and status = 'booked' order by id for update
    )
    update appointments as a set status = 'confirmed', version = version + 1
      from held where a.id = held.id
    returning a.id, customer_id, service_id, staff_id, scheduled_at, ends_at,
              status, notes, cancel_reason, version, created_at
"""
CANCEL = """
    with held as (
      select id from appointments where id = any(:ids) and status in ('booked', 'confirmed') order by id for update
    )
    update appointments as a set status = 'cancelled', cancel_reason = :reason, version = version + 1
      from held where a.id = held.id
    returning a.id, customer_id, service_id, staff_id, scheduled_at, ends_at,
              status, notes, cancel_reason, version, created_at
"""
STANDING = "select id, status from appointments where id = any(:ids)"


class Standing(BaseModel):
    """How an appointment stands."""

    id: UUID
    status: Status


@module.mutation(
    "POST /appointments/confirm-many",
    Allow("appointments:update"),
    RateLimit("writes"),
    Idempotent(),
    Audit("appointment.confirmed", each=True),
    Invalidates("appointments"),
)
async def confirm_many(ctx: OrgContext, ids: Batch[UUID]) -> list[Appointment]:
    """Confirm up to 100 appointments and give those that were not confirmed before; one that is over undoes all."""
    confirmed = _in_order(ids, await ctx.db.all(CONFIRM, Appointment, ids=ids))
    await _refuse_others(ctx, ids, confirmed, well="confirmed")
    for appointment in confirmed:
        ctx.emit(Confirmed(appointment=appointment))
    return confirmed


@module.mutation(
    "POST /appointments/cancel-many",
    Allow("appointments:cancel"),
    RateLimit("writes"),
    Idempotent(),
    Audit("appointment.cancelled", each=True),
    Invalidates("appointments"),
)
async def cancel_many(ctx: OrgContext, ids: Batch[UUID], reason: Reason) -> list[Appointment]:
    """Cancel up to 100 appointments for one reason; one that is over undoes all."""
    cancelled = _in_order(ids, await ctx.db.all(CANCEL, Appointment, ids=ids, reason=reason))
    await _refuse_others(ctx, ids, cancelled)
    ctx.audit(reason=reason)
    for appointment in cancelled:
        ctx.emit(Cancelled(appointment=appointment, reason=reason))
    return cancelled


def _in_order(ids: Sequence[UUID], changed: Sequence[Appointment]) -> list[Appointment]:
    """Each once, in the order in which they were named: a database gives them in none."""
    by_id = {appointment.id: appointment for appointment in changed}
    return [by_id[id] for id in dict.fromkeys(ids) if id in by_id]


async def _refuse_others(
    ctx: OrgContext, ids: Sequence[UUID], changed: Sequence[Appointment], *, well: Status | None = None
) -> None:
    """Raise, at its place, what stands against each that was not changed, unless it stands as wanted already."""
    left = {*ids} - {appointment.id for appointment in changed}
    if not left:
        return
    standing = {found.id: found.status for found in await ctx.db.all(STANDING, Standing, ids=[*left])}
    wrong = [(place, id) for place, id in enumerate(ids) if id in left and (well is None or standing.get(id) != well)]
    if wrong:
        raise item_errors("ids", {place: AppointmentClosed() if id in standing else NotFound() for place, id in wrong})
