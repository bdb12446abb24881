"""Opening a session: what every way of signing in ends with."""

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from portico import Conflict, PublicContext, UserContext
from portico.modules.identity.models import NewToken, SignedIn
from portico.modules.identity.module import SESSION, hash_of

OPEN = """
    select portico.open_session_v2(
      :user_id, :token_hash, :former_hash, :proof, :method, :ip, :ip_prefix, :user_agent, :device,
      :authenticated_at, :expires_at, :ends_at)
"""
ROTATE = "select portico.rotate_session_v1(:held_hash, :token_hash, :authenticated_at)"
Method = Literal["password", "oidc", "passkey", "jwt"]


async def open_session(
    ctx: PublicContext, user_id: UUID, *, method: Method = "password", authenticated_at: datetime | None = None
) -> SignedIn:
    """Sign somebody in who has shown who they are: a new token every time, and the browser's former session ends."""
    token, device = ctx.new_token(), ctx.device
    signed_in = SignedIn(user_id=user_id, token=token, expires_at=ctx.now + min(ctx.session_age, ctx.session_end))
    token_hash = hash_of(token)
    await ctx.db.execute(
        OPEN,
        signed_in,
        token_hash=token_hash,
        former_hash=ctx.credential,
        proof=ctx.proof(b"open-session", user_id.bytes, token_hash),
        method=method,
        ip=ctx.request.ip,
        ip_prefix=device.prefix,
        user_agent=device.agent,
        device=device.name,
        authenticated_at=authenticated_at or ctx.now,
        ends_at=ctx.now + ctx.session_end,
    )
    ctx.answer.cookie(SESSION, token, max_age=ctx.session_end)
    return signed_in


async def renew_token(ctx: UserContext, *, shown: bool = True) -> NewToken:
    """Another token for the session in hand: the one so far is dead.

    Its user has just shown a password or a passkey, unless `shown` is false. Raises Conflict where another call has
    ended the session meanwhile, or given it a token: the browser keeps that one.
    """
    if ctx.session_id is None:
        return NewToken(token=None)
    token = ctx.new_token()
    authenticated_at = ctx.now if shown else None
    hashes = {"held_hash": ctx.credential, "token_hash": hash_of(token)}
    if not await ctx.db.one(ROTATE, bool, **hashes, authenticated_at=authenticated_at):
        raise Conflict
    ctx.answer.cookie(SESSION, token, max_age=ctx.session_end)
    return NewToken(token=token)


def forget_token(ctx: PublicContext) -> None:
    """Clear the browser's cookie."""
    ctx.answer.cookie(SESSION, None, max_age=timedelta(0))
