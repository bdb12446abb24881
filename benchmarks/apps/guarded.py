"""The contestant's booking once more, with every policy that a booking can have."""

from datetime import datetime, timedelta

from benchmarks.apps.portico_app import (
    BOOK,
    Appointment,
    Booked,
    NewAppointment,
    SlotTaken,
    bench,
    environment,
    metadata,
    seed,
)
from portico import (
    Allow,
    Allowance,
    App,
    Audit,
    Call,
    Contract,
    Created,
    Error,
    Flag,
    Idempotent,
    Invalid,
    Invalidates,
    Module,
    OrgContext,
    Owns,
    Policy,
    Quota,
    Quotas,
    Raises,
    RateLimit,
    Refine,
    Stage,
    Switch,
    Timeout,
)

__all__ = ["PATH", "app", "environment", "seed"]
PATH = "/api/v1/guarded"
FARTHEST = timedelta(days=365 * 100)
guarded = Module("guarded", RateLimit("1000/m"))


class WithinACentury(Policy):
    """A rule of the application's own, about the input."""

    @property
    def stage(self) -> Stage:
        """With 422."""
        return Stage.INPUT

    def decide(self, call: Call) -> Error | None:
        """Compare with the call's moment."""
        return Invalid(at="scheduled_at") if call.input("scheduled_at", datetime) - call.now > FARTHEST else None

    def contract(self) -> Contract:
        """It may refuse the input."""
        return Contract(errors=(Invalid,))


async def not_spam(_ctx: OrgContext, notes: str) -> Error | None:
    """A rule inside the transaction, which happens to need no statement."""
    return Invalid() if "http://" in notes else None


@guarded.mutation(
    "POST /guarded",
    Flag("online-booking"),
    Allow("appointments:create"),
    Owns("customers", id="{customer_id}", by="name", unless="appointments:create"),
    RateLimit("1000/m"),
    RateLimit("1000/m", by="org", scope="organization"),
    RateLimit("1000/m", by="ip", scope="address"),
    RateLimit("1000/m", by="user+{customer_id}", scope="customer"),
    Quota("appointments"),
    WithinACentury(),
    Refine("notes", not_spam),
    Idempotent(required=True),
    Audit("appointment.created"),
    Invalidates("appointments", "customer:{customer_id}"),
    Created("/appointments/{result.id}"),
    Raises(SlotTaken, on="appointments_no_overlap"),
    Timeout(20),
)
async def create(ctx: OrgContext, data: NewAppointment) -> Appointment:
    """Book a slot for a customer."""
    row = await ctx.db.one(BOOK, Appointment, data, org=ctx.org.id, user=ctx.user.id)
    ctx.emit(Booked(appointment=row))
    return row


app = App(
    "bench",
    modules=[bench, guarded],
    roles={"member": ("appointments:read", "appointments:create")},
    flags={"online-booking": Switch("Bookings may be made.", default=True)},
    quotas=Quotas(
        {"free": Allowance({"appointments": 1_000_000_000})},
        counted={"appointments": "select count(*) from appointments"},
    ),
    metadata=metadata,
)
