"""What goes in and comes out of identity."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BaseModel, Field, SecretStr
from pydantic_core import PydanticCustomError


def _address(text: str) -> str:
    try:
        # Whether mail arrives is for a mail to show; the reserved domain .test is everybody's for trying things out.
        address = validate_email(text, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        raise PydanticCustomError("VAL_INVALID_EMAIL", "Please enter an e-mail address.") from None
    # PostgreSQL finds the account of an i by this letter too, and limits would count it as another address.
    return address.replace("\u0130", "i")


Email = Annotated[str, Field(max_length=320), AfterValidator(_address)]
Password = Annotated[SecretStr, Field(max_length=200)]
"""A new password; what it must be like is for the settings to say, and `HashesPassword` holds it to that."""


Name = Annotated[str, Field(max_length=200)]
KnownPassword = Annotated[SecretStr, Field(min_length=1, max_length=200)]
"""A password that exists already, whatever rules it once met."""


class NewUser(BaseModel):
    """Who signs up."""

    email: Email
    password: Password
    name: Name = ""
    last_name: Name = ""


class SignedUp(BaseModel):
    """Whom a mail was sent to."""

    email: str
    id: UUID | None = Field(None, exclude=True)
    """The new account, for callers in-process and the audit; None where the address has one already."""


class Address(BaseModel):
    """An e-mail address."""

    email: Email


class LinkToken(BaseModel):
    """What the link of a mail brings."""

    token: Annotated[str, Field(min_length=1, max_length=200)]


class Confirmed(BaseModel):
    """Whose link it was."""

    user_id: UUID


class Credentials(BaseModel):
    """Who signs in."""

    email: Email
    password: KnownPassword


class SignedIn(BaseModel):
    """A new session; its token is shown here once, and set as a cookie."""

    user_id: UUID
    token: str
    expires_at: datetime


class SecondFactor(BaseModel):
    """The password was right, and something else is wanted too: no session is open yet."""

    second_factor: str
    """The ticket for the second step, good once and for five minutes."""
    methods: list[Literal["totp", "recovery-code"]]
    user_id: UUID = Field(exclude=True)


class NewToken(BaseModel):
    """The session in hand has another token, which is set as a cookie too; in-process there is none."""

    token: str | None


class PasswordShown(BaseModel):
    """One's password, to show that it is still oneself."""

    password: KnownPassword


class PasswordChange(BaseModel):
    """Another password, and the one so far."""

    current: KnownPassword
    new: Password


class PasswordReset(BaseModel):
    """Another password, with the token of a mail."""

    token: Annotated[str, Field(min_length=1, max_length=200)]
    password: Password


class Membership(BaseModel):
    """An organization that one belongs to."""

    id: UUID
    name: str
    slug: str
    role: str


class Account(BaseModel):
    """What is kept of a person."""

    id: UUID
    email: str
    email_verified: bool
    name: str
    last_name: str
    two_factor: bool
    operator: bool
    version: int


class Profile(Account):
    """Who one is, and where one belongs."""

    organizations: list[Membership]
    active_organization: UUID | None
    """The one that the session works in."""


class ProfileChanges(BaseModel):
    """What a person changes about themselves; what is left out stays."""

    name: Name | None = None
    last_name: Name | None = None
    version: int | None = None
    """The version that was read; without it, the change is made whatever happened meanwhile."""


class Drift(BaseModel):
    """Another device or place that a session was used from; `refused` where that was not let in."""

    device: str
    place: str
    at: datetime
    refused: bool


class OpenSession(BaseModel):
    """Where somebody is signed in."""

    id: UUID
    device: str
    """Browser and platform, such as `Firefox on Linux`."""
    place: str
    """The network that it was opened in, such as 203.0.113.0/24."""
    method: Literal["password", "oidc", "passkey", "jwt"]
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    current: bool
    """Whether it is the session in hand."""
    drifts: list[Drift]


class EndedSessions(BaseModel):
    """How many sessions were ended."""

    ended: int
