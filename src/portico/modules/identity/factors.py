"""What goes in and comes out of the second factor and of passkeys."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue
from pydantic.alias_generators import to_camel


def _digits(value: object) -> object:
    return "".join(value.split()) if isinstance(value, str) else value


Code = Annotated[str, BeforeValidator(_digits), Field(pattern="^[0-9]{6}$")]
"""Six digits, as an authenticator app shows them; spaces do not count."""
Shown = Annotated[str, Field(max_length=20_000)]
"""Bytes in base64url."""
PasskeyName = Annotated[str, Field(min_length=1, max_length=100)]


class TotpSetup(BaseModel):
    """A secret for an authenticator app; without effect until a code of the app confirms it."""

    secret: str
    """In base32, to be typed in."""
    uri: str
    """The same with what the app shows beside it, as `otpauth://…`."""
    qr: str
    """The same as a QR code: an SVG picture as a `data:` address."""


class CodeShown(BaseModel):
    """A code of the authenticator app."""

    code: Code


class RecoveryCodes(BaseModel):
    """Codes that stand in for the authenticator app, each once; shown here alone."""

    recovery_codes: list[str]


class SecondFactorOn(RecoveryCodes):
    """The second factor is on; the session in hand has another token, which is set as a cookie too."""

    token: str | None


class SecondFactorState(BaseModel):
    """Whether a second factor is on."""

    since: datetime | None
    recovery_codes: int
    """How many are left."""


class SecondFactorShown(BaseModel):
    """The second step of signing in: a code of the app, or one of the recovery codes."""

    ticket: Annotated[str, Field(min_length=1, max_length=200)]
    """What the first step answered as `second_factor`."""
    code: Code | None = None
    recovery_code: Annotated[str, Field(min_length=1, max_length=100)] | None = None


class Wire(BaseModel):
    """JSON as WebAuthn spells it."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Answer(Wire):
    """What every answer of an authenticator holds."""

    client_data: Shown = Field(alias="clientDataJSON")


class Creation(Answer):
    """A new key."""

    attestation_object: Shown


class Assertion(Answer):
    """A signature."""

    authenticator_data: Shown
    signature: Shown
    user_handle: Shown | None = None


class Credential(Wire):
    """A `PublicKeyCredential`, as its `toJSON()` gives it."""

    id: Shown
    raw_id: Shown
    type: Literal["public-key"]


class NewCredential(Credential):
    """A credential that was created."""

    response: Creation


class UsedCredential(Credential):
    """A credential that was used."""

    response: Assertion


class PasskeyOptions(BaseModel):
    """What a browser wants to know of the application, good for five minutes and one answer."""

    options: dict[str, JsonValue]
    """`publicKey` of `navigator.credentials.create()` or `.get()`, bytes in base64url."""


class NewPasskey(BaseModel):
    """A passkey to be added."""

    name: PasskeyName
    credential: NewCredential


class PasskeyShown(BaseModel):
    """A passkey that has answered."""

    credential: UsedCredential


class Passkey(BaseModel):
    """A passkey of one's own."""

    id: UUID
    name: str
    created_at: datetime
    last_used_at: datetime | None
