"""What goes into the customers' actions and what comes out."""

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, EmailStr, Field, StringConstraints

from portico import PlainText

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Phone = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40, pattern=r"^\+?[0-9][0-9 ()/.-]{3,}$")]
Notes = Annotated[PlainText, Field(max_length=1000)]


class Customer(BaseModel):
    """A customer of the business."""

    id: UUID
    name: str
    email: str | None
    phone: str | None
    notes: str | None
    version: int
    created_at: AwareDatetime


class NewCustomer(BaseModel):
    """A customer to be."""

    name: Name
    email: EmailStr | None = None
    phone: Phone | None = None
    notes: Notes | None = None


class CustomerChanges(BaseModel):
    """Absent members stay as they are; null clears what may be empty."""

    name: Name = ""
    email: EmailStr | None = None
    phone: Phone | None = None
    notes: Notes | None = None


class CustomerFilter(BaseModel):
    """Which customers are wanted."""

    search: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)] | None = None
