"""What goes into the appointments' actions and what comes out."""

from datetime import UTC, date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, Field, NaiveDatetime, StringConstraints
from pydantic_core import PydanticCustomError

from portico import PlainText

Status = Literal["booked", "confirmed", "completed", "cancelled"]
Notes = Annotated[PlainText, Field(max_length=500)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2099, 12, 31))]


def _written_out(value: object) -> object:
    """Pydantic would take a bare number for the seconds since 1970."""
    if isinstance(value, datetime) or (isinstance(value, str) and "-" in value[1:]):
        return value
    raise PydanticCustomError("datetime_parsing", "Please write the time like 2030-05-17T14:30:00+02:00.")


def _on_the_minute(value: datetime) -> datetime:
    if value.second or value.microsecond:
        raise PydanticCustomError("VAL_WHOLE_MINUTE", "Please choose a whole minute.")
    if not 2000 <= value.year < 2100:
        raise PydanticCustomError("VAL_TIME_OUT_OF_RANGE", "Please choose a time in this century.")
    return value


def _in_utc(value: datetime) -> datetime:
    return value.astimezone(UTC)


Moment = Annotated[
    AwareDatetime, BeforeValidator(_written_out), AfterValidator(_on_the_minute), AfterValidator(_in_utc)
]
LocalTime = Annotated[NaiveDatetime, BeforeValidator(_written_out), AfterValidator(_on_the_minute)]


class Appointment(BaseModel):
    """A booked visit."""

    id: UUID
    customer_id: UUID
    service_id: UUID
    staff_id: UUID
    scheduled_at: AwareDatetime
    ends_at: AwareDatetime
    status: Status
    notes: str | None
    cancel_reason: str | None
    version: int
    created_at: AwareDatetime


class NewAppointment(BaseModel):
    """A visit to be; the service says how long it takes. Without `staff_id` it is with whoever is free."""

    customer_id: UUID
    service_id: UUID
    staff_id: UUID | None = None
    scheduled_at: Moment
    notes: Notes | None = None


class AppointmentChanges(BaseModel):
    """Absent members stay as they are; null clears what may be empty."""

    status: Literal["booked", "confirmed", "completed"] = "booked"
    notes: Notes | None = None


class Move(BaseModel):
    """Where an appointment goes; without `staff_id` it stays with whom it was."""

    scheduled_at: Moment
    staff_id: UUID | None = None


class Moved(Appointment):
    """An appointment and when it was to be before."""

    previously: AwareDatetime


class AppointmentFilter(BaseModel):
    """Which appointments are wanted; a day is a day in the organization's time zone."""

    day: Day | None = None
    staff_id: UUID | None = None
    customer_id: UUID | None = None
    status: Status | None = None


class Window(BaseModel):
    """A filter as the database reads it: from `since`, before `until`."""

    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    staff_id: UUID | None = None
    customer_id: UUID | None = None
    status: Status | None = None


class Parties(BaseModel):
    """Which of a booking's parties exist, and whether they may be booked."""

    customer: bool
    service: bool | None
    staff: bool | None
