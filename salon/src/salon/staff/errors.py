"""What the staff's actions refuse."""

from portico import Conflict, Duplicate


class StaffEmailTaken(Duplicate, code="BIZ_STAFF_EMAIL_TAKEN"):
    """Somebody of the staff has this e-mail address already."""

    at: str | None = "email"


class StaffBooked(Conflict, code="BIZ_STAFF_BOOKED"):
    """This member of staff has appointments. Let them take no more instead of removing them."""

    retryable = False
