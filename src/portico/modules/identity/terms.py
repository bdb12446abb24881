"""API keys: what one is, and the terms on which it is given."""

from collections.abc import Container, Iterable
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from portico import Call, Contract, Error, FieldError, Invalid, Policy, PublicContext
from portico.modules.identity.module import hash_of

LONGEST = 366
"""Days after which every key ends."""
KeyName = Annotated[str, Field(min_length=1, max_length=100)]
Scopes = Annotated[list[Annotated[str, Field(max_length=100)]], Field(min_length=1, max_length=200)]


class NewApiKey(BaseModel):
    """An API key to be."""

    name: KeyName
    scopes: Scopes
    """Permissions, `thing:*`, or `*` for all; what asks for no permission takes `*`."""
    days: Annotated[int, Field(ge=1, le=LONGEST)] = 90
    expires_at: AwareDatetime | None = None
    """Instead of `days`."""
    rate: Annotated[str, Field(pattern=r"^[1-9]\d{0,5}/[smhd]$")] | None = None
    """A limit of its own, such as 60/m, beneath the usual ones."""


class ApiKey(BaseModel):
    """An API key, without its token, which nobody keeps."""

    id: UUID
    name: str
    hint: str
    """How its token begins and ends."""
    scopes: list[str]
    rate: str | None
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class IssuedApiKey(ApiKey):
    """A new API key; its token is shown here once."""

    token: str


class Issue(BaseModel):
    """What the database keeps of a new key, and the proof that it wants; the token goes out."""

    token: str
    key_hash: bytes
    proof: bytes
    hint: str
    scopes: list[str]
    expires_at: datetime


class JudgesKey(Policy):
    """Refuses what a key cannot have: unknown scopes, an end in the past or far away, more calls than all may make."""

    async def check(self, call: Call) -> Error | None:
        """Judge it; all findings at once."""
        errors = unknown_permissions("scopes", call.input("scopes", list), {"*", *call.services.permissions})
        errors.update({member: [finding] for member, finding in (*_end(call), *_rate(call))})
        return Invalid(errors=errors) if errors else None

    def contract(self) -> Contract:
        """It may answer VALIDATION_ERROR."""
        return Contract(errors=(Invalid,))


def unknown_permissions(member: str, wanted: Iterable[str], known: Container[str]) -> dict[str, list[FieldError]]:
    """A finding for each that no action asks for."""
    return {
        f"{member}.{at}": [FieldError("VAL_UNKNOWN_PERMISSION")]
        for at, permission in enumerate(wanted)
        if permission not in known
    }


def issue(ctx: PublicContext, user_id: UUID, key: NewApiKey) -> Issue:
    """A new token with what is kept of it, for a key that acts as the user."""
    token = f"pk_{ctx.new_token()}"
    key_hash = hash_of(token)
    return Issue(
        token=token,
        key_hash=key_hash,
        proof=ctx.proof(b"api-key", user_id.bytes, key_hash),
        hint=f"{token[:7]}…{token[-4:]}",
        scopes=sorted(set(key.scopes)),
        expires_at=key.expires_at or ctx.now + timedelta(days=key.days),
    )


def _end(call: Call) -> Iterable[tuple[str, FieldError]]:
    end = call.values["expires_at"]
    if isinstance(end, datetime):
        latest = call.now + timedelta(days=LONGEST)
        if end <= call.now:
            yield "expires_at", FieldError("VAL_NOT_FUTURE")
        elif end > latest:
            yield "expires_at", FieldError("VAL_TOO_LARGE", {"limit": f"{latest:%Y-%m-%d}"})


def _rate(call: Call) -> Iterable[tuple[str, FieldError]]:
    rate = call.values["rate"]
    if isinstance(rate, str):
        most, usual = call.services.rate("api")
        limit, window = call.services.rate(rate)
        if limit * usual > most * window:
            yield "rate", FieldError("VAL_TOO_LARGE", {"limit": f"{round(most * 60 / usual)}/m"})
