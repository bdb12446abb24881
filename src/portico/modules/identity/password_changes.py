"""A password shown again, changed, forgotten and chosen anew."""

from typing import cast
from uuid import UUID

from pydantic import BaseModel

from portico import (
    Anyone,
    Audit,
    Conflict,
    Interactive,
    Mails,
    Public,
    PublicContext,
    Raises,
    RateLimit,
    UserContext,
)
from portico.modules.identity.challenges import MAILS_TO_ADDRESS, challenge_address, confirmed
from portico.modules.identity.errors import LinkSpent
from portico.modules.identity.models import (
    Address,
    Confirmed,
    NewToken,
    PasswordChange,
    PasswordReset,
    PasswordShown,
)
from portico.modules.identity.module import FORGOTTEN, hash_of, identity
from portico.modules.identity.opening import renew_token
from portico.modules.identity.passwords import HashesPassword, VerifiesOwnPassword, proof_of

CHANGE = "select portico.change_password_v1(:former_hash, :password_hash, :proof, :session)"
# The link of the mail has confirmed the address, if it was not before: that is told of.
RESET = """
    select portico.tell_if_confirmed_v1(r.user_id) as user_id, r.address, r.name
      from portico.reset_password_v1(:token_hash, :password_hash) r
"""
GUESSES = RateLimit("failed-sign-in", counts="failures", scope="failed-password", fail="closed")
"""By user: whoever fails on purpose locks nobody else out, and signing in anew stays open to the owner."""


class Reset(BaseModel):
    """Whose password was reset; nobody's where the token was not good."""

    user_id: UUID | None
    address: str | None
    name: str | None


@identity.mutation(
    "POST /sudo",
    Anyone("one's own session"),
    Interactive(),
    RateLimit("auth", fail="closed"),
    GUESSES,
    VerifiesOwnPassword("password"),
    Audit("user.sudo"),
)
async def confirm_password(ctx: UserContext, data: PasswordShown) -> NewToken:
    """Show the password again, which lets dangerous actions pass for a while; the session gets another token."""
    del data  # its policy has read it
    return await renew_token(ctx)


@identity.mutation(
    "POST /password",
    Anyone("one's own password"),
    Interactive(),
    RateLimit("auth", fail="closed"),
    GUESSES,
    VerifiesOwnPassword("current"),
    HashesPassword("new"),
    Mails("password_changed"),
    Audit("user.password_changed"),
)
async def change_password(ctx: UserContext, data: PasswordChange) -> NewToken:
    """Choose another password: all other sessions end, and the one in hand gets another token."""
    del data  # its policies have read it
    former, hashed = cast("str", ctx.found["former_hash"]), cast("str", ctx.found["password_hash"])
    proof = proof_of(ctx, ctx.user.id, hashed)
    changed = {"former_hash": former, "password_hash": hashed, "proof": proof, "session": ctx.session_id}
    if not await ctx.db.one(CHANGE, bool, **changed):
        raise Conflict
    ctx.mail("password_changed", to=ctx.user.email, name=ctx.user.name, link=FORGOTTEN)
    return await renew_token(ctx)


@identity.mutation(
    "POST /password/forgot",
    Public("whoever cannot sign in any more"),
    RateLimit("auth", by="ip", fail="closed"),
    MAILS_TO_ADDRESS,
    Mails("reset_password"),
    Audit("user.password_forgotten"),
)
async def forget_password(ctx: PublicContext, data: Address) -> None:
    """Send a link to choose another password; answered the same for every address."""
    recipient, token = await challenge_address(ctx, "reset-password", data.email)
    if recipient.address is not None:
        ctx.mail("reset_password", to=recipient.address, name=recipient.name, link=f"/reset-password?token={token}")


@identity.mutation(
    "POST /password/reset",
    Public("the link of a mail says who it is"),
    RateLimit("auth", by="ip", fail="closed"),
    HashesPassword(),
    Mails("password_changed"),
    Raises(LinkSpent),
    Audit("user.password_reset", target="{result.user_id}"),
)
async def reset_password(ctx: PublicContext, data: PasswordReset) -> Confirmed:
    """Choose another password with the token of a mail: all sessions end, and the address is confirmed.

    The token is good once; a password that breaks the rules does not use it up.
    """
    done = await ctx.db.one(RESET, Reset, token_hash=hash_of(data.token), password_hash=ctx.found["password_hash"])
    if done.address is not None:
        ctx.mail("password_changed", to=done.address, name=done.name, link=FORGOTTEN)
    return confirmed(done.user_id)
