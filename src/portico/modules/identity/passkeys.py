"""Passkeys: added, seen, renamed, removed by whoever is signed in."""

from typing import cast
from uuid import UUID

from portico import (
    Anyone,
    Audit,
    Call,
    Contract,
    Created,
    Error,
    Interactive,
    Invalidates,
    Mails,
    NotFound,
    Policy,
    PublicContext,
    Raises,
    RateLimit,
    Sudo,
    UserContext,
)
from portico.modules.identity.ceremonies import MadeKey, challenge_in, creation_options, made
from portico.modules.identity.challenges import Purpose, Taken, new_challenge
from portico.modules.identity.errors import BeginAgain, PasskeyKnown, PasskeyRefused, TooManyPasskeys
from portico.modules.identity.factors import NewCredential, NewPasskey, Passkey, PasskeyName, PasskeyOptions
from portico.modules.identity.module import FORGOTTEN, hash_of, identity

ASK = "select portico.ask_passkey_v1(:purpose, :token_hash, :proof, :user_id, :expires_at)"
TAKE = "select user_id from portico.take_challenge_v1('add-passkey', :token_hash)"
HELD = "select credential_id from portico.passkeys where user_id = :user_id order by created_at"
ADD = "select portico.add_passkey_v1(:credential_id, :public_key, :sign_count, :name, :proof)"
FIND = """
    select id, name, created_at, last_used_at from portico.passkeys
     where user_id = :user_id and id = coalesce(:id, id) order by created_at desc, id
"""
RENAME = "update portico.passkeys set name = :name where user_id = :user_id and id = :id"
REMOVE = "delete from portico.passkeys where user_id = :user_id and id = :id"
OWN = Anyone("one's own passkeys")


class VerifiesNewPasskey(Policy):
    """Refuses a passkey that was not made for one's own challenge; else it is `ctx.found["passkey"]`."""

    @property
    def input_member(self) -> str:
        """The credential, which the input must have."""
        return "credential"

    async def check(self, call: Call) -> Error | None:
        """Take the challenge back in a statement of its own: it is spent, whatever becomes of the answer."""
        shown = call.input("credential", NewCredential)
        challenge = challenge_in(shown)
        taken = await call.db.maybe(TAKE, Taken, token_hash=hash_of(challenge))
        if taken is None:
            return BeginAgain()
        if taken.user_id != call.principal.id:
            return PasskeyRefused()
        call.found["passkey"] = made(call.services.site, shown, challenge)
        return None

    def contract(self) -> Contract:
        """It may answer AUTH_PASSKEY_REFUSED and AUTH_BEGIN_AGAIN."""
        return Contract(errors=(PasskeyRefused, BeginAgain))


async def ask_passkey(ctx: PublicContext, purpose: Purpose, user_id: UUID | None) -> str:
    """A challenge for a passkey of that user to sign, or of anybody."""
    challenge = new_challenge(ctx, purpose)
    await ctx.db.execute(ASK, challenge, user_id=user_id)
    return challenge.token


async def held_by(ctx: UserContext) -> list[bytes]:
    """The credentials of whoever is signed in."""
    return await ctx.db.all(HELD, bytes, user_id=ctx.user.id)


@identity.mutation(
    "POST /passkeys/options",
    OWN,
    Interactive(),
    Sudo(),
    RateLimit("auth", fail="closed"),
    Audit("passkey.begun", target=""),
)
async def begin_passkey(ctx: UserContext) -> PasskeyOptions:
    """What a browser needs to make a passkey: `navigator.credentials.create({publicKey: options})`."""
    challenge = await ask_passkey(ctx, "add-passkey", ctx.user.id)
    return PasskeyOptions(options=creation_options(ctx.site, ctx.user, challenge, held=await held_by(ctx)))


@identity.mutation(
    "POST /passkeys",
    OWN,
    Interactive(),
    Sudo(),
    RateLimit("auth", fail="closed"),
    VerifiesNewPasskey(),
    Mails("passkey_added"),
    Raises(PasskeyKnown, on="passkeys_credential_id_key"),
    Raises(TooManyPasskeys, on="passkeys_most"),
    Audit("passkey.added"),
    Invalidates("passkeys"),
    Created("/passkeys/{result.id}"),
)
async def add_passkey(ctx: UserContext, data: NewPasskey) -> Passkey:
    """Add a passkey that a browser has made: it signs in alone, as password and second factor in one."""
    key = cast("MadeKey", ctx.found["passkey"])
    proof = ctx.proof(b"add-passkey", ctx.user.id.bytes, key.credential_id)
    added = await ctx.db.one(ADD, UUID, key, name=data.name, proof=proof)
    ctx.audit(name=data.name)
    ctx.mail("passkey_added", to=ctx.user.email, name=ctx.user.name, passkey=data.name, link=FORGOTTEN)
    return await ctx.db.one(FIND, Passkey, user_id=ctx.user.id, id=added)


@identity.query("GET /passkeys", OWN, Interactive())
async def find_passkeys(ctx: UserContext) -> list[Passkey]:
    """One's own passkeys, the newest first."""
    return await ctx.db.all(FIND, Passkey, user_id=ctx.user.id, id=None)


@identity.mutation(
    "PATCH /passkeys/{id}",
    OWN,
    Interactive(),
    RateLimit("writes", fail="closed"),
    Audit("passkey.renamed", target="{id}"),
    Invalidates("passkeys"),
)
async def rename_passkey(ctx: UserContext, id: UUID, *, name: PasskeyName) -> Passkey:
    """Call one of one's own passkeys something else."""
    if not await ctx.db.execute(RENAME, user_id=ctx.user.id, id=id, name=name):
        raise NotFound
    return await ctx.db.one(FIND, Passkey, user_id=ctx.user.id, id=id)


@identity.mutation(
    "DELETE /passkeys/{id}",
    OWN,
    Interactive(),
    Sudo(),
    RateLimit("writes", fail="closed"),
    Audit("passkey.removed", target="{id}"),
    Invalidates("passkeys"),
)
async def remove_passkey(ctx: UserContext, id: UUID) -> None:
    """Remove one of one's own passkeys, which signs in no more; the sessions that it opened go on."""
    if not await ctx.db.execute(REMOVE, user_id=ctx.user.id, id=id):
        raise NotFound
