"""Passkeys used: to sign in, and to show that it is still oneself."""

from typing import cast
from uuid import UUID

from pydantic import BaseModel

from portico import (
    Anyone,
    Audit,
    Call,
    Contract,
    Error,
    Interactive,
    Policy,
    Public,
    PublicContext,
    Raises,
    RateLimit,
    UserContext,
)
from portico.modules.identity.ceremonies import KnownKey, challenge_in, id_in, request_options, used
from portico.modules.identity.challenges import Purpose
from portico.modules.identity.errors import BeginAgain, PasskeyRefused
from portico.modules.identity.factors import PasskeyOptions, PasskeyShown, UsedCredential
from portico.modules.identity.models import NewToken, SignedIn
from portico.modules.identity.module import hash_of, identity
from portico.modules.identity.opening import open_session, renew_token
from portico.modules.identity.passkeys import ask_passkey, held_by

ANSWER = "select * from portico.answer_passkey_v1(:purpose, :token_hash, :credential_id)"
USE = "select portico.use_passkey_v1(:credential_id, :sign_count, :proof)"


class UsedKey(BaseModel):
    """A passkey that has answered rightly."""

    user_id: UUID
    credential_id: bytes
    sign_count: int


class VerifiesPasskey(Policy):
    """Refuses a passkey that has not signed a challenge of that purpose; else it is `ctx.found["passkey"]`.

    A challenge that somebody was asked is answered by their own passkeys, and with their own session, alone.
    """

    purpose: Purpose

    @property
    def input_member(self) -> str:
        """The credential, which the input must have."""
        return "credential"

    async def check(self, call: Call) -> Error | None:
        """Take the challenge back in a statement of its own: it is spent, whatever becomes of the answer."""
        shown = call.input("credential", UsedCredential)
        challenge, credential_id = challenge_in(shown), id_in(shown)
        asked = {"purpose": self.purpose, "token_hash": hash_of(challenge)}
        known = await call.db.maybe(ANSWER, KnownKey, None, **asked, credential_id=credential_id)
        if known is None:
            return BeginAgain()
        if known.asked is not None and {known.asked} != {known.user_id, call.principal.id}:
            return PasskeyRefused()
        count = used(call.services.site, shown, challenge, known=known)
        whose = cast("UUID", known.user_id)
        call.found["passkey"] = UsedKey(user_id=whose, credential_id=credential_id, sign_count=count)
        return None

    def contract(self) -> Contract:
        """It may answer AUTH_PASSKEY_REFUSED and AUTH_BEGIN_AGAIN."""
        return Contract(errors=(PasskeyRefused, BeginAgain))


@identity.mutation(
    "POST /sign-in/passkey/options",
    Public("whoever is not signed in yet"),
    RateLimit("auth", by="ip", fail="closed"),
)
async def ask_for_passkey(ctx: PublicContext) -> PasskeyOptions:
    """What a browser needs to sign in by a passkey, whosever: `navigator.credentials.get({publicKey: options})`."""
    challenge = await ask_passkey(ctx, "passkey-sign-in", None)
    return PasskeyOptions(options=request_options(ctx.site, challenge, held=[]))


@identity.mutation(
    "POST /sign-in/passkey",
    Public("whoever is not signed in yet"),
    RateLimit("auth", by="ip", fail="closed"),
    VerifiesPasskey("passkey-sign-in"),
    Raises(PasskeyRefused),
    Audit("user.login", target="{result.user_id}"),
)
async def sign_in_by_passkey(ctx: PublicContext, data: PasskeyShown) -> SignedIn:
    """Open a session by a passkey: it counts as both factors, since it has verified its user."""
    del data  # its policy has read it
    key = await _use(ctx)
    ctx.audit(method="passkey")
    return await open_session(ctx, key.user_id, method="passkey")


@identity.mutation(
    "POST /sudo/passkey/options",
    Anyone("one's own session"),
    Interactive(),
    RateLimit("auth", fail="closed"),
)
async def ask_for_own_passkey(ctx: UserContext) -> PasskeyOptions:
    """What a browser needs to show one of one's own passkeys again."""
    challenge = await ask_passkey(ctx, "passkey-sudo", ctx.user.id)
    return PasskeyOptions(options=request_options(ctx.site, challenge, held=await held_by(ctx)))


@identity.mutation(
    "POST /sudo/passkey",
    Anyone("one's own session"),
    Interactive(),
    RateLimit("auth", fail="closed"),
    VerifiesPasskey("passkey-sudo"),
    Raises(PasskeyRefused),
    Audit("user.sudo"),
)
async def confirm_by_passkey(ctx: UserContext, data: PasskeyShown) -> NewToken:
    """Show a passkey again, which lets dangerous actions pass for a while; the session gets another token."""
    del data  # its policy has read it
    await _use(ctx)
    ctx.audit(method="passkey")
    return await renew_token(ctx)


async def _use(ctx: PublicContext) -> UsedKey:
    """Move the passkey's counter on; raises PasskeyRefused where another use has overtaken this one."""
    key = cast("UsedKey", ctx.found["passkey"])
    if not await ctx.db.one(USE, bool, key, proof=ctx.proof(b"use-passkey", key.credential_id)):
        raise PasskeyRefused
    return key
