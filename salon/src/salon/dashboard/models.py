"""What the dashboard shows."""

from pydantic import AwareDatetime, BaseModel

from salon.appointments.models import Status


class Span(BaseModel):
    """From `since`, before `until`."""

    since: AwareDatetime
    until: AwareDatetime


class Today(BaseModel):
    """How many visits a day has, how many of them are still to come, and when the next one begins."""

    visits: int
    to_come: int
    next_at: AwareDatetime | None


class Standing(BaseModel):
    """How many appointments stand so."""

    status: Status
    number: int


class Busy(BaseModel):
    """How much somebody has to do."""

    name: str
    visits: int
    minutes: int

    @property
    def hours(self) -> str:
        """The minutes as a clock would count them, such as 7:45."""
        return f"{self.minutes // 60}:{self.minutes % 60:02}"
