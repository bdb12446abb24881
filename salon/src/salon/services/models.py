"""What goes into the services' actions and what comes out."""

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from portico import RichText

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Description = Annotated[RichText, Field(max_length=1000)]
Minutes = Annotated[int, Field(ge=5, le=720)]
Price = Annotated[int, Field(ge=0, le=100_000_000, description="In minor units: 4500 is 45.00.")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class Service(BaseModel):
    """Something that a customer may book."""

    id: UUID
    name: str
    description: str | None
    duration_minutes: int
    price_minor: int
    currency: str
    active: bool
    version: int
    created_at: AwareDatetime


class NewService(BaseModel):
    """A service to be."""

    name: Name
    description: Description | None = None
    duration_minutes: Minutes
    price_minor: Price = 0
    currency: Currency = "EUR"
    active: bool = True


class ServiceChanges(BaseModel):
    """Absent members stay as they are; null clears what may be empty. Booked appointments keep their length."""

    name: Name = ""
    description: Description | None = None
    duration_minutes: Minutes = 0
    price_minor: Price = 0
    currency: Currency = ""
    active: bool = True


class ServiceFilter(BaseModel):
    """Which services are wanted."""

    active: bool | None = None
