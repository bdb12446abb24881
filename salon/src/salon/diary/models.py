"""What a calendar elsewhere says, and what is known of it here."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, StringConstraints, model_validator

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class Entry(BaseModel):
    """Something in the calendar, of at least an instant."""

    id: Text
    title: Text
    starts_at: AwareDatetime
    ends_at: AwareDatetime

    @model_validator(mode="after")
    def _in_order(self) -> "Entry":
        if self.starts_at >= self.ends_at:
            message = "it ends before it starts"
            raise ValueError(message)
        return self


class Diary(BaseModel):
    """What was taken over, from today on; when that was, and what was wrong the last time."""

    entries: list[Entry]
    synced_at: AwareDatetime | None
    problem: str | None


class Synced(BaseModel):
    """How the last time went."""

    synced_at: AwareDatetime | None = None
    problem: str | None = None
