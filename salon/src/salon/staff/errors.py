"""What the staff's actions refuse."""

from portico import Duplicate


class StaffEmailTaken(Duplicate, code="BIZ_STAFF_EMAIL_TAKEN"):
    """Somebody of the staff has this e-mail address already."""

    at: str | None = "email"
