"""What goes in and comes out of identity."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BaseModel, Field, SecretStr
from pydantic_core import PydanticCustomError

CLASSES = (str.isupper, str.islower, str.isdigit, lambda c: not c.isalnum())


def _strong(password: SecretStr) -> SecretStr:
    text = password.get_secret_value()
    if not all(any(of_class(c) for c in text) for of_class in CLASSES):
        raise PydanticCustomError(
            "VAL_WEAK_PASSWORD",
            "Please use an upper-case letter, a lower-case letter, a digit and a special character.",
        )
    return password


def _address(text: str) -> str:
    try:
        # Whether mail arrives is for a mail to show; the reserved domain .test is everybody's for trying things out.
        return validate_email(text, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        raise PydanticCustomError("VAL_INVALID_EMAIL", "Please enter an e-mail address.") from None


Email = Annotated[str, Field(max_length=320), AfterValidator(_address)]
Password = Annotated[SecretStr, Field(min_length=8, max_length=200), AfterValidator(_strong)]


class NewUser(BaseModel):
    """Who signs up."""

    email: Email
    password: Password
    name: Annotated[str, Field(max_length=200)] = ""


class Credentials(BaseModel):
    """Who signs in."""

    email: Email
    password: Annotated[SecretStr, Field(min_length=1, max_length=200)]


class Membership(BaseModel):
    """An organization that one belongs to."""

    id: UUID
    name: str
    slug: str
    role: str


class Profile(BaseModel):
    """Who one is."""

    id: UUID
    email: str
    name: str
    organizations: list[Membership] = []


class SignedIn(BaseModel):
    """A new session; its token is shown here once, and set as a cookie."""

    user_id: UUID
    token: str
    expires_at: datetime
