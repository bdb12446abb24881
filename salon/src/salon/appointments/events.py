"""What happens to appointments, for those who listen."""

from pydantic import AwareDatetime

from portico import Event
from salon.appointments.models import Appointment


class Booked(Event, name="appointment.created"):
    """An appointment was booked."""

    appointment: Appointment


class Confirmed(Event, name="appointment.confirmed"):
    """The business has confirmed an appointment."""

    appointment: Appointment


class Rescheduled(Event, name="appointment.rescheduled"):
    """An appointment has another time, or another member of staff."""

    appointment: Appointment
    previously: AwareDatetime


class Cancelled(Event, name="appointment.cancelled"):
    """An appointment will not take place."""

    appointment: Appointment
    reason: str
