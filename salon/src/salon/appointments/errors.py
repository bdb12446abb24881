"""What the appointments' actions refuse."""

from portico import Conflict, Invalid, NotFound


class SlotTaken(Conflict, code="BIZ_SLOT_TAKEN"):
    """This time slot is no longer available. Please choose another time."""

    at: str | None = "scheduled_at"


class NobodyFree(Conflict, code="BIZ_NOBODY_FREE"):
    """Nobody is free at that time. Please choose another time."""

    at: str | None = "scheduled_at"


class PublicHoliday(Conflict, code="BIZ_PUBLIC_HOLIDAY"):
    """That day is a public holiday: {holiday}. Please choose another day."""

    holiday: str
    retryable = False
    at: str | None = "scheduled_at"


class UnknownCustomer(NotFound):
    """There is no such customer."""

    at: str | None = "customer_id"


class UnknownService(NotFound):
    """There is no such service."""

    at: str | None = "service_id"


class UnknownStaff(NotFound):
    """There is no such member of staff."""

    at: str | None = "staff_id"


class ServiceInactive(Conflict, code="BIZ_SERVICE_INACTIVE"):
    """This service is not offered any more."""

    retryable = False
    at: str | None = "service_id"


class StaffInactive(Conflict, code="BIZ_STAFF_INACTIVE"):
    """This member of staff takes no appointments."""

    retryable = False
    at: str | None = "staff_id"


class AppointmentClosed(Conflict, code="BIZ_APPOINTMENT_CLOSED"):
    """This appointment was cancelled or is over."""

    retryable = False


class TimeSkipped(Invalid, code="VAL_TIME_SKIPPED"):
    """The clocks go forward that night and skip this time. Please choose another time."""

    at: str | None = "scheduled_at"


class TimeRepeated(Invalid, code="VAL_TIME_REPEATED"):
    """The clocks go back that night and this time comes twice. Please choose another time."""

    at: str | None = "scheduled_at"
