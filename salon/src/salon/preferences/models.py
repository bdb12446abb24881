"""What goes into the preferences' actions and what comes out."""

from datetime import datetime, time
from typing import Annotated, Literal

from pydantic import BaseModel, Field

Hour = Annotated[int, Field(ge=0, le=23, description="An hour of the day, by the 24-hour clock.")]


class Preferences(BaseModel):
    """How the day's page looks to one person; replaced as a whole."""

    first_hour: Hour
    """What the booking form suggests."""
    show_cancelled: bool
    clock: Literal["12h", "24h"]

    def time(self, at: datetime | time) -> str:
        """The time of day as this person reads it."""
        return f"{at:%H:%M}" if self.clock == "24h" else f"{at:%I:%M} {'AM' if at.hour < 12 else 'PM'}".lstrip("0")


USUAL = Preferences(first_hour=9, show_cancelled=True, clock="24h")
"""Of whoever has not said otherwise."""
