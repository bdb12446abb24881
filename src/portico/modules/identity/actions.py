"""The actions of identity."""

from datetime import timedelta
from hashlib import sha256
from typing import cast
from uuid import UUID

from portico import (
    Anyone,
    Audit,
    Created,
    Duplicate,
    Module,
    Public,
    PublicContext,
    Raises,
    RateLimit,
    UserContext,
)
from portico.modules.identity.models import Credentials, Membership, NewUser, Profile, SignedIn
from portico.modules.identity.passwords import HashesPassword, VerifiesPassword

SESSION = "__Host-session"
identity = Module("identity", prefix="/api/auth")

OPEN_SESSION = """
    select portico.open_session_v1(:user_id, :token_hash, :former_hash, :ip, :user_agent, :expires_at)
"""


class EmailTaken(Duplicate, code="AUTH_EMAIL_TAKEN"):
    """This e-mail address is already registered."""


@identity.mutation(
    "POST /sign-up",
    Public("whoever has no account yet"),
    RateLimit("auth", by="ip"),
    HashesPassword(),
    Raises(EmailTaken, on="users_email_key"),
    Audit("user.registered", target="{result.id}"),
    Created("/me"),
)
async def sign_up(ctx: PublicContext, data: NewUser) -> Profile:
    """Register an account."""
    user_id = await ctx.db.one(
        "select portico.register_v1(:email, :name, :password_hash)",
        UUID,
        email=data.email,
        name=data.name,
        password_hash=ctx.found["password_hash"],
    )
    return Profile(id=user_id, email=data.email, name=data.name)


@identity.mutation(
    "POST /sign-in",
    Public("whoever is not signed in yet"),
    RateLimit("auth", by="ip"),
    RateLimit("failed-sign-in", by="ip+{email}", counts="failures", scope="failed-sign-in"),
    VerifiesPassword(),
    Audit("user.login", target="{result.user_id}"),
)
async def sign_in(ctx: PublicContext, data: Credentials) -> SignedIn:  # noqa: ARG001  # its policies read it
    """Open a session: a new token every time, and the browser's former session ends."""
    token, age = ctx.new_token(), ctx.session_age
    signed_in = SignedIn(user_id=cast("UUID", ctx.found["user_id"]), token=token, expires_at=ctx.now + age)
    await ctx.db.execute(
        OPEN_SESSION,
        signed_in,
        token_hash=sha256(token.encode()).digest(),
        former_hash=ctx.credential,
        ip=ctx.request.ip,
        user_agent=ctx.request.headers.get("user-agent", "")[:500],
    )
    ctx.answer.cookie(SESSION, token, max_age=age)
    return signed_in


@identity.mutation(
    "POST /sign-out", Anyone("one's own session"), RateLimit("auth"), Audit("user.logout", target="{result.id}")
)
async def sign_out(ctx: UserContext) -> None:
    """End the session in hand."""
    await ctx.db.execute("select portico.end_session_v1(:hash)", hash=ctx.credential)
    ctx.answer.cookie(SESSION, None, max_age=timedelta(0))


@identity.query("GET /me", Anyone("one's own profile"))
async def me(ctx: UserContext) -> Profile:
    """Who is signed in, and where they belong."""
    memberships = await ctx.db.all("select id, name, slug, role from portico.my_organizations_v1()", Membership)
    return Profile(id=ctx.user.id, email=ctx.user.email, name=ctx.user.name, organizations=memberships)
