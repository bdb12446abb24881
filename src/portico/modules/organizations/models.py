"""What goes in and comes out of organizations."""

from datetime import datetime
from typing import Annotated
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, Field
from pydantic_core import PydanticCustomError


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise PydanticCustomError("VAL_UNKNOWN_TIMEZONE", "Please use a time zone's IANA name, such as Europe/Vienna.")
    return name


Name = Annotated[str, Field(min_length=1, max_length=200)]
Zone = Annotated[str, Field(max_length=64), AfterValidator(_known_zone)]


class NewOrganization(BaseModel):
    """An organization to be."""

    name: Name
    slug: Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")]
    timezone: Zone = "UTC"


class OrganizationChanges(BaseModel):
    """What to change; what is not sent stays."""

    name: Name | None = None
    timezone: Zone | None = None
    version: int | None = None


class Organization(BaseModel):
    """A tenant."""

    id: UUID
    name: str
    slug: str
    plan: str
    timezone: str
    version: int
    created_at: datetime
