"""Signing up, and confirming the address."""

from uuid import UUID

from pydantic import BaseModel

from portico import Audit, Created, Mails, Public, PublicContext, Raises, RateLimit
from portico.modules.identity.challenges import (
    MAILS_TO_ADDRESS,
    challenge_address,
    new_challenge,
    redeem,
    verification,
)
from portico.modules.identity.errors import EmailTaken, LinkSpent
from portico.modules.identity.events import tell_of
from portico.modules.identity.models import Address, Confirmed, LinkToken, NewUser, SignedUp
from portico.modules.identity.module import FORGOTTEN, identity
from portico.modules.identity.passwords import HashesPassword

SIGN_UP = """
    select * from portico.sign_up_v1(:email, :name, :last_name, :password_hash, :token_hash, :proof, :expires_at)
"""
VERIFY = "select * from portico.verify_email_v1(:token_hash)"


class Registration(BaseModel):
    """Who was registered, or who has the address already."""

    registered: UUID | None
    known_address: str | None
    known_name: str | None


@identity.mutation(
    "POST /sign-up",
    Public("whoever has no account yet"),
    RateLimit("auth", by="ip", fail="closed"),
    MAILS_TO_ADDRESS,
    HashesPassword(),
    Mails("verify_email", "account_exists"),
    Raises(EmailTaken),
    Audit("user.sign_up"),
    Created("/me"),
)
async def sign_up(ctx: PublicContext, data: NewUser) -> SignedUp:
    """Register an account; a mail confirms its address.

    An address that has an account already is answered the same, and told so by mail: nobody learns who is registered.
    """
    challenge, password_hash = new_challenge(ctx, "verify-email"), ctx.found["password_hash"]
    done = await ctx.db.one(
        SIGN_UP,
        Registration,
        challenge,
        email=data.email,
        name=data.name,
        last_name=data.last_name,
        password_hash=password_hash,
    )
    told = done.registered or ctx.new_id()  # where the address is known, of nobody: it costs as much
    await tell_of(ctx, "created", told)
    if done.known_address is None:
        ctx.mail("verify_email", to=data.email, name=data.name, link=verification(challenge.token))
    elif ctx.reveals_accounts:
        raise EmailTaken
    else:
        ctx.audit(known=True)
        ctx.mail("account_exists", to=done.known_address, name=done.known_name, link=FORGOTTEN)
    return SignedUp(email=data.email, id=done.registered)


@identity.mutation(
    "POST /verify-email",
    Public("the link of a mail says who it is"),
    RateLimit("auth", by="ip", fail="closed"),
    Raises(LinkSpent),
    Audit("user.email_verified", target="{result.user_id}"),
)
async def verify_email(ctx: PublicContext, data: LinkToken) -> Confirmed:
    """Confirm an address with the token of a mail, which is good once."""
    done = await redeem(ctx, VERIFY, data.token)
    await tell_of(ctx, "updated", done.user_id)
    return done


@identity.mutation(
    "POST /verify-email/resend",
    Public("whoever cannot sign in yet"),
    RateLimit("auth", by="ip", fail="closed"),
    MAILS_TO_ADDRESS,
    Mails("verify_email"),
    Audit("user.verification_asked"),
)
async def resend_verification(ctx: PublicContext, data: Address) -> None:
    """Send the mail again that confirms an address; answered the same for every address."""
    recipient, token = await challenge_address(ctx, "verify-email", data.email)
    if recipient.address is not None:
        ctx.mail("verify_email", to=recipient.address, name=recipient.name, link=verification(token))
