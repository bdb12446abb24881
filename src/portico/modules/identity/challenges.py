"""Challenges: what is sent out once and taken back once."""

from datetime import datetime, timedelta
from typing import Literal, LiteralString
from uuid import UUID

from pydantic import BaseModel

from portico import PublicContext, RateLimit
from portico.modules.identity.errors import LinkSpent
from portico.modules.identity.models import Confirmed
from portico.modules.identity.module import hash_of

Purpose = Literal[
    "verify-email",
    "reset-password",
    "change-email",
    "second-factor",
    "add-passkey",
    "passkey-sign-in",
    "passkey-sudo",
    "oidc",
]
LASTS = {
    "verify-email": timedelta(hours=24),
    "reset-password": timedelta(hours=1),
    "change-email": timedelta(hours=24),
    "second-factor": timedelta(minutes=5),
    "add-passkey": timedelta(minutes=5),
    "passkey-sign-in": timedelta(minutes=5),
    "passkey-sudo": timedelta(minutes=5),
    "oidc": timedelta(minutes=10),
}
"""How long each is good."""
MAILS_TO_ADDRESS = RateLimit("mail", by="ip+{email}", scope="mail", fail="closed")
"""For what sends a mail to whoever has the address that a stranger names."""
TO_ADDRESS = "select * from portico.challenge_address_v1(:purpose, :email, :token_hash, :proof, :expires_at)"


class Challenge(BaseModel):
    """A new one: the token goes out, the database keeps its hash alone."""

    purpose: Purpose
    token: str
    token_hash: bytes
    proof: bytes
    expires_at: datetime


class Recipient(BaseModel):
    """Who a challenge concerns; nobody where the address is None."""

    user_id: UUID | None
    address: str | None
    name: str | None


class Taken(BaseModel):
    """Whose a token was."""

    user_id: UUID | None


def new_challenge(ctx: PublicContext, purpose: Purpose, token: str = "") -> Challenge:
    """A token, or the one that is given, with what the database wants before it keeps the hash."""
    token = token or ctx.new_token()
    token_hash = hash_of(token)
    proof = ctx.proof(b"challenge", purpose.encode(), token_hash)
    return Challenge(
        purpose=purpose, token=token, token_hash=token_hash, proof=proof, expires_at=ctx.now + LASTS[purpose]
    )


async def challenge_address(ctx: PublicContext, purpose: Purpose, email: str) -> tuple[Recipient, str]:
    """A challenge for whoever has the address, and its token; as much work where nobody has it."""
    challenge = new_challenge(ctx, purpose)
    recipient = await ctx.db.one(TO_ADDRESS, Recipient, challenge, email=email)
    ctx.audit(user=recipient.user_id)
    return recipient, challenge.token


async def redeem(ctx: PublicContext, stmt: LiteralString, token: str) -> Confirmed:
    """Take a token back by a statement that says whose it was; raises LinkSpent where it is no longer good."""
    taken = await ctx.db.one(stmt, Taken, token_hash=hash_of(token))
    return confirmed(taken.user_id)


def confirmed(user_id: UUID | None) -> Confirmed:
    """Whose the token was; raises LinkSpent where it was nobody's."""
    if user_id is None:
        raise LinkSpent
    return Confirmed(user_id=user_id)


def verification(token: str) -> str:
    """The path of the page that confirms an address."""
    return f"/verify-email?token={token}"
