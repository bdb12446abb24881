"""Signing in where one has an account elsewhere: the browser is sent to a provider, and comes back with a proof."""

from datetime import UTC, datetime
from typing import cast
from urllib.parse import quote
from uuid import UUID

from pydantic import BaseModel
from pydantic_core import to_json

from portico import (
    ByLink,
    Claims,
    Departure,
    LinkFirst,
    NotFound,
    Public,
    PublicContext,
    Raises,
    RateLimit,
    Redirect,
    Unavailable,
)
from portico.modules.identity.challenges import LASTS, new_challenge
from portico.modules.identity.errors import IdentityTaken, SignInFailed
from portico.modules.identity.journeys import (
    COOKIE,
    Asking,
    ComesBack,
    Journey,
    ProviderNames,
    Return,
    SendsToProvider,
)
from portico.modules.identity.module import identity
from portico.modules.identity.opening import open_session
from portico.modules.identity.signing import ask_second_factor

DEPART = "select portico.depart_v1(:token_hash, :proof, :user_id, :data, :expires_at)"
IDENTIFY = """
    select portico.tell_if_new_v1(i.user_id) as user_id, i.second_factor from portico.identify_v1(:said, :proof) i
"""
LINK = "select portico.link_identity_v1(:said, :proof)"
SECOND_FACTOR = "/sign-in/second-factor"
"""The path of the page that asks for a second factor."""
LONG_AGO = datetime.fromtimestamp(0, UTC)
"""When somebody proved who they are whose provider does not say it: not within any last minutes."""


class Identified(BaseModel):
    """Whose account it is; nobody's where the address is that of an account which cannot be joined."""

    user_id: UUID | None
    second_factor: bool | None


@identity.query("GET /oidc", Public("whoever is about to sign in"), ProviderNames())
async def find_providers(ctx: PublicContext) -> list[str]:
    """Where one may sign in who has an account elsewhere, in the order of the settings."""
    return cast("list[str]", ctx.found["providers"])


@identity.mutation(
    "GET /oidc/{provider}",
    Public("whoever is not signed in yet"),
    ByLink("it only notes where this browser goes, and what it must come back with"),
    RateLimit("auth", by="ip", fail="closed"),
    SendsToProvider(),
    Raises(NotFound),
    Raises(Unavailable),
)
async def depart(ctx: PublicContext, provider: str, asking: Asking) -> Redirect:
    """Send the browser to a provider, from which it comes back signed in, and goes on to `next`.

    `again` has the provider ask its user to prove who they are once more, signed in there or not.
    """
    del provider  # its policy has read it
    return await leave(ctx, asking.next)


@identity.mutation(
    "GET /oidc/{provider}/callback",
    Public("whoever comes back from a provider"),
    ByLink("its state is good once, and only in the browser that was sent there"),
    RateLimit("auth", by="ip", fail="closed"),
    ComesBack(),
    Raises(SignInFailed),
    Raises(LinkFirst),
    Raises(IdentityTaken),
)
async def come_back(ctx: PublicContext, provider: str, back: Return) -> Redirect:
    """Sign in whoever comes back from a provider; or link it to the account that was signed in at leaving.

    The account is the one that was linked, or joined before; else the one with the same address, where both sides have
    confirmed it; else a new one. A second factor is the provider's to ask for, unless the settings want ours as well.
    """
    del provider, back  # its policy has read them
    claims, journey = cast("Claims", ctx.found["claims"]), cast("Journey", ctx.found["journey"])
    ctx.answer.cookie(COOKIE, None)
    if journey.linking is not None:
        await _link(ctx, claims, journey.linking)
        return Redirect(journey.next)
    return await _sign_in(ctx, claims, onward=journey.next)


async def leave(ctx: PublicContext, onward: str, *, linking: UUID | None = None) -> Redirect:
    """Note what the browser must come back with, for itself and for us, and send it away."""
    departure = cast("Departure", ctx.found["departure"])
    challenge = new_challenge(ctx, "oidc", departure.state)
    kept = Journey(**{**departure._asdict(), "next": onward})
    await ctx.db.execute(DEPART, challenge, user_id=linking, data=kept.model_dump(exclude={"linking"}))
    ctx.answer.cookie(COOKIE, departure.state, max_age=LASTS["oidc"])
    return Redirect(departure.url, external=True)


async def _sign_in(ctx: PublicContext, claims: Claims, *, onward: str) -> Redirect:
    said = to_json(claims._asdict())
    found = await ctx.db.one(IDENTIFY, Identified, said=said.decode(), proof=ctx.proof(b"sign-in", said))
    if found.user_id is None:
        raise LinkFirst
    ctx.found["user_id"] = found.user_id
    shown = min(claims.authenticated_at or LONG_AGO, ctx.now)
    if found.second_factor and ctx.found["asks_twice"]:
        ticket = await ask_second_factor(ctx, found.user_id, method="oidc", shown_at=shown)
        return Redirect(f"{SECOND_FACTOR}?ticket={ticket.second_factor}&next={quote(onward, safe='/')}")
    await open_session(ctx, found.user_id, method="oidc", authenticated_at=shown)
    return Redirect(onward)


async def _link(ctx: PublicContext, claims: Claims, user_id: UUID) -> None:
    said = to_json(claims._asdict())
    owner = await ctx.db.one(LINK, UUID, said=said.decode(), proof=ctx.proof(b"link", user_id.bytes, said))
    if owner != user_id:
        raise IdentityTaken
    ctx.found["user_id"] = user_id
