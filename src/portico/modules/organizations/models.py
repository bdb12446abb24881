"""What goes in and comes out of organizations."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, Field, StringConstraints
from pydantic_core import PydanticCustomError

from portico.modules.identity.models import Email

NAMELESS = "localtime"
"""What machines call the zone that they are in: another one elsewhere, and no IANA name."""


def _known_zone(name: str) -> str:
    if name == NAMELESS or name not in available_timezones():
        raise PydanticCustomError("VAL_UNKNOWN_TIMEZONE", "Please use a time zone's IANA name, such as Europe/Vienna.")
    return name


Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Zone = Annotated[str, Field(max_length=64), AfterValidator(_known_zone)]
RoleName = Annotated[str, Field(min_length=1, max_length=63)]
Description = Annotated[str, Field(max_length=500)]
Token = Annotated[str, Field(min_length=1, max_length=200)]
Permissions = Annotated[list[Annotated[str, Field(max_length=100)]], Field(min_length=1, max_length=200)]


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


class Member(BaseModel):
    """Somebody who belongs."""

    user_id: UUID
    kind: Literal["person", "service"]
    """A service is what an API key acts as; it goes with its key."""
    name: str
    email: str
    role: str
    since: datetime


class Role(BaseModel):
    """What its members may do; one that is `built_in` is the application's and the same everywhere."""

    name: str
    description: str = ""
    permissions: list[str]
    built_in: bool = False
    version: int | None = None


class NewRole(BaseModel):
    """A role to be, made of permissions that the application knows."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,62}$")]
    description: Description = ""
    permissions: Permissions


class RoleChanges(BaseModel):
    """What to change; what is not sent stays."""

    description: Description | None = None
    permissions: Permissions | None = None
    version: int | None = None


class Permission(BaseModel):
    """Something that roles are made of, and whether the caller may give it to one."""

    name: str
    held: bool


class NewInvitation(BaseModel):
    """Whom to invite, and as what."""

    email: Email
    role: RoleName


class Invitation(BaseModel):
    """An open invitation; it can be accepted until it expires."""

    id: UUID
    email: str
    role: str
    invited_by: UUID | None
    created_at: datetime
    expires_at: datetime


class InvitationShown(BaseModel):
    """What the invited sees, before signing in."""

    organization: str
    invited_by: str
    email: str
    role: str
    expires_at: datetime
