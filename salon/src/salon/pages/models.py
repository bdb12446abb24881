"""What goes into the pages and what they show."""

from datetime import date
from uuid import UUID

from pydantic import AwareDatetime, BaseModel

from salon.appointments.models import Day, LocalTime, Notes, Status


class DayFilter(BaseModel):
    """Which day's page is wanted; today, and everybody, unless it says otherwise."""

    day: Day | None = None
    staff: UUID | None = None


class Line(BaseModel):
    """One appointment as the day's page shows it."""

    id: UUID
    scheduled_at: AwareDatetime
    ends_at: AwareDatetime
    status: Status
    notes: str | None
    cancel_reason: str | None
    customer: str
    service: str
    staff: str


class Choice(BaseModel):
    """Something that a select offers."""

    kind: str
    id: UUID
    label: str


class Visit(BaseModel):
    """The booking form: like a new appointment, but with the time as the clock on the wall shows it."""

    customer_id: UUID
    service_id: UUID
    staff_id: UUID | None = None
    scheduled_at: LocalTime
    notes: Notes = ""


class Booking(BaseModel):
    """What became of the booking form: the day to show next."""

    id: UUID
    day: date
