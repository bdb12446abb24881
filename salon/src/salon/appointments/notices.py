"""What customers are told of their appointments: at once when something happens to one, and the day before."""

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel

from portico import Mails, Module, TenantContext
from salon.appointments.events import Booked, Cancelled, Rescheduled
from salon.appointments.models import Status

module = Module("notices")

BEFORE = timedelta(hours=24)
NOTICE = """
    select c.name, c.email, s.name as service, a.scheduled_at, a.status
      from appointments a join customers c on c.id = a.customer_id join services s on s.id = a.service_id
     where a.id = :id
"""
Occasion = Literal["appointment_booked", "appointment_moved", "appointment_cancelled", "appointment_reminder"]


class Notice(BaseModel):
    """An appointment as its customer knows it, now."""

    name: str
    email: str | None
    service: str
    scheduled_at: AwareDatetime
    status: Status


@module.on(Booked, Mails("appointment_booked"))
async def confirm_booking(ctx: TenantContext, event: Booked) -> None:
    """Confirm a booking, and remind of it the day before."""
    id, at = event.appointment.id, event.appointment.scheduled_at
    await _tell(ctx, "appointment_booked", id, expected=("booked", "confirmed"))
    _remind_later(ctx, id, at)


@module.on(Rescheduled, Mails("appointment_moved"))
async def confirm_move(ctx: TenantContext, event: Rescheduled) -> None:
    """Tell of the new time; the reminder moves with it."""
    id, at = event.appointment.id, event.appointment.scheduled_at
    await _tell(ctx, "appointment_moved", id, expected=("booked", "confirmed"))
    _remind_later(ctx, id, at)


@module.on(Cancelled, Mails("appointment_cancelled"))
async def confirm_cancellation(ctx: TenantContext, event: Cancelled) -> None:
    """Tell that nothing comes of it; nobody is reminded."""
    await _tell(ctx, "appointment_cancelled", event.appointment.id, expected=("cancelled",))
    ctx.call_off(remind, key=_key(event.appointment.id))


@module.job(Mails("appointment_reminder"), attempts=8)
async def remind(ctx: TenantContext, appointment_id: UUID) -> None:
    """Remind a customer, unless the appointment was cancelled meanwhile."""
    await _tell(ctx, "appointment_reminder", appointment_id, expected=("booked", "confirmed"))


def _remind_later(ctx: TenantContext, id: UUID, scheduled_at: datetime) -> None:
    """The day before; one that is sooner needs no reminder, and an earlier one is called off."""
    if scheduled_at - BEFORE > ctx.now:
        ctx.enqueue(remind.later(at=scheduled_at - BEFORE, key=_key(id)), appointment_id=id)
    else:
        ctx.call_off(remind, key=_key(id))


def _key(id: UUID) -> str:
    return f"appointment:{id}"


async def _tell(ctx: TenantContext, occasion: Occasion, id: UUID, *, expected: tuple[Status, ...]) -> None:
    """Mail the customer, if there is an address, the visit is still to come, and it is as the mail would say."""
    notice = await ctx.db.maybe(NOTICE, Notice, id=id)
    if notice is None or notice.email is None or notice.status not in expected or notice.scheduled_at < ctx.now:
        return
    local = notice.scheduled_at.astimezone(ZoneInfo(ctx.org.timezone))
    when = f"{local:%A, %d %B %Y, %H:%M}"
    ctx.mail(occasion, to=notice.email, name=notice.name, service=notice.service, business=ctx.org.name, when=when)
