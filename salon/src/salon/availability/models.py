"""A day of somebody's, and what is still free in it."""

from datetime import time

from pydantic import AwareDatetime, BaseModel


class Slot(BaseModel):
    """Room for the service."""

    starts_at: AwareDatetime
    ends_at: AwareDatetime


class Day(BaseModel):
    """When the business is open, what is booked, and how long the service takes."""

    minutes: int
    opens: list[time]
    closes: list[time]
    starts: list[AwareDatetime]
    ends: list[AwareDatetime]
