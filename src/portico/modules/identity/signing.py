"""Signing in and out."""

from datetime import UTC, datetime
from typing import cast
from uuid import UUID

from portico import Anyone, Audit, Interactive, Mails, Public, PublicContext, RateLimit, UserContext
from portico.modules.identity.challenges import new_challenge
from portico.modules.identity.models import Credentials, SecondFactor, SignedIn
from portico.modules.identity.module import identity
from portico.modules.identity.opening import Method, forget_token, open_session
from portico.modules.identity.passwords import VerifiesPassword

ISSUE = "select portico.issue_challenge_v1(:purpose, :token_hash, :proof, :user_id, :data, :expires_at)"
END_ALL = "delete from portico.sessions where user_id = :user_id"


@identity.mutation(
    "POST /sign-in",
    Public("whoever is not signed in yet"),
    RateLimit("auth", by="ip", fail="closed"),
    RateLimit("failed-sign-in", by="prefix+{email}", counts="failures", scope="failed-sign-in", fail="closed"),
    VerifiesPassword(),
    Mails("verify_email"),
    Audit("user.login", target="{result.user_id}"),
)
async def sign_in(ctx: PublicContext, data: Credentials) -> SignedIn | SecondFactor:
    """Open a session: a new token every time, and the browser's former session ends.

    Where the account wants a second factor, the answer holds a ticket for it instead, and no session is open yet.
    An address that is not confirmed is answered like a wrong password; its owner gets another mail to confirm it.
    """
    del data  # its policies have read it
    user_id = cast("UUID", ctx.found["user_id"])
    if ctx.found["second_factor"]:
        ctx.audit(second_factor="wanted")
        return await ask_second_factor(ctx, user_id)
    return await open_session(ctx, user_id)


async def ask_second_factor(
    ctx: PublicContext, user_id: UUID, *, method: Method = "password", shown_at: datetime | None = None
) -> SecondFactor:
    """A ticket for the second step of signing in, which remembers how the first one was done.

    `shown_at` is when a password was shown elsewhere. It stands in the ticket, which nobody can change: its hash is
    kept.
    """
    token = ctx.new_token() if shown_at is None else f"{ctx.new_token()}.{shown_at.timestamp():.0f}"
    ticket = new_challenge(ctx, "second-factor", token)
    await ctx.db.execute(ISSUE, ticket, user_id=user_id, data={"method": method})
    return SecondFactor(second_factor=ticket.token, methods=["totp", "recovery-code"], user_id=user_id)


def shown_at_in(ticket: str) -> datetime | None:
    """When a password was shown elsewhere, as a ticket says that was found; None where it was shown here, just now."""
    _, _, seconds = ticket.partition(".")
    return datetime.fromtimestamp(int(seconds), UTC) if seconds else None


@identity.mutation(
    "POST /sign-out",
    Anyone("one's own session"),
    Interactive(),
    RateLimit("auth", fail="closed"),
    Audit("user.logout", target="{result.id}"),
)
async def sign_out(ctx: UserContext) -> None:
    """End the session in hand."""
    await ctx.db.execute("select portico.end_session_v1(:hash)", hash=ctx.credential)
    forget_token(ctx)


@identity.mutation(
    "POST /sign-out-everywhere",
    Anyone("one's own sessions"),
    Interactive(),
    RateLimit("auth", fail="closed"),
    Audit("user.logout_everywhere"),
)
async def sign_out_everywhere(ctx: UserContext) -> None:
    """End all sessions of the caller, the one in hand too."""
    ctx.audit(sessions=await ctx.db.execute(END_ALL, user_id=ctx.user.id))
    forget_token(ctx)
