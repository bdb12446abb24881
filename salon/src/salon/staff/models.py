"""What goes into the staff's actions and what comes out."""

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, EmailStr, StringConstraints

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)]


class StaffMember(BaseModel):
    """Someone who works in the business."""

    id: UUID
    name: str
    email: str | None
    title: str | None
    active: bool
    version: int
    created_at: AwareDatetime


class NewStaffMember(BaseModel):
    """A member of staff to be."""

    name: Name
    email: EmailStr | None = None
    title: Title | None = None
    active: bool = True


class StaffChanges(BaseModel):
    """Absent members stay as they are; null clears what may be empty."""

    name: Name = ""
    email: EmailStr | None = None
    title: Title | None = None
    active: bool = True


class StaffFilter(BaseModel):
    """Which members of staff are wanted."""

    active: bool | None = None
