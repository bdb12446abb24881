"""Accounts elsewhere that one may sign in with: linked, listed, unlinked."""

from datetime import datetime

from pydantic import BaseModel

from portico import Anyone, Audit, Interactive, NotFound, Raises, RateLimit, Redirect, Sudo, UserContext
from portico.modules.identity.errors import LastWayIn
from portico.modules.identity.journeys import Leaving, SendsToProvider
from portico.modules.identity.module import identity
from portico.modules.identity.oidc import leave

FIND = """
    select issuer, subject, email, created_at, last_used_at
      from portico.identities where user_id = :user_id order by created_at, issuer, subject
"""
UNLINK = "select portico.unlink_identity_v1(:issuer, :subject, :kept_session)"


class LinkedIdentity(BaseModel):
    """An account elsewhere that signs one in here."""

    issuer: str
    subject: str
    """The account, as the issuer names it."""
    email: str
    """What the issuer says of the address; empty where it says nothing."""
    created_at: datetime
    last_used_at: datetime


@identity.query("GET /identities", Anyone("one's own account"), Interactive())
async def find_identities(ctx: UserContext) -> list[LinkedIdentity]:
    """The accounts elsewhere that one may sign in with."""
    return await ctx.db.all(FIND, LinkedIdentity, user_id=ctx.user.id)


@identity.mutation(
    "POST /identities/{provider}",
    Anyone("one's own account"),
    Interactive(),
    Sudo(),
    RateLimit("auth", fail="closed"),
    SendsToProvider(),
)
async def link_identity(ctx: UserContext, provider: str, leaving: Leaving) -> Redirect:
    """Send the browser to a provider, whose account it comes back with signs one in from then on.

    Over REST, the header Location says where a script shall send the browser. What goes wrong leads to `next` with
    `?error=CODE`.
    """
    del provider  # its policy has read it
    away = await leave(ctx, leaving.next, linking=ctx.user.id)
    ctx.answer.header("Location", away.to)
    return away


@identity.mutation(
    "DELETE /identities",
    Anyone("one's own account"),
    Interactive(),
    Sudo(),
    RateLimit("auth", fail="closed"),
    Raises(LastWayIn),
    Audit("identity.unlinked", target="{issuer}"),
)
async def unlink_identity(ctx: UserContext, *, issuer: str, subject: str) -> None:
    """Sign in with an account elsewhere no more; refused for the last way to sign in.

    The sessions that any issuer has opened end, except the one in hand.
    """
    values = {"issuer": issuer, "subject": subject, "kept_session": ctx.session_id}
    outcome = await ctx.db.one(UNLINK, str, **values)
    if outcome == "unknown":
        raise NotFound
    if outcome == "last":
        raise LastWayIn
