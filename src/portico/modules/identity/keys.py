"""One's own API keys: made, seen, renamed, revoked."""

from uuid import UUID

from portico import (
    Anyone,
    Audit,
    Created,
    Interactive,
    Invalidates,
    NotFound,
    Raises,
    RateLimit,
    Sudo,
    UserContext,
)
from portico.modules.identity.errors import TooManyKeys
from portico.modules.identity.module import identity
from portico.modules.identity.terms import ApiKey, IssuedApiKey, JudgesKey, KeyName, NewApiKey, issue

CREATE = "select portico.create_key_v1(:key_hash, :proof, :hint, :name, :scopes, :rate, :expires_at)"
FIND = """
    select id, name, hint, scopes, rate, created_at, expires_at, last_used_at from portico.api_keys
     where user_id = :user_id and org_id is null and id = coalesce(:id, id)
     order by created_at desc, id
"""
RENAME = "update portico.api_keys set name = :name where user_id = :user_id and org_id is null and id = :id"
REVOKE = "delete from portico.api_keys where user_id = :user_id and org_id is null and id = :id"


@identity.mutation(
    "POST /keys",
    Anyone("one's own keys"),
    Interactive(),
    Sudo(),
    RateLimit("writes", fail="closed"),
    JudgesKey(),
    Raises(TooManyKeys, on="api_keys_most"),
    Audit("key.created"),
    Invalidates("keys"),
    Created("/keys/{result.id}"),
)
async def create_key(ctx: UserContext, data: NewApiKey) -> IssuedApiKey:
    """Make an API key that acts as oneself, for 90 days unless said otherwise; the token is shown once.

    The key may do what its owner's role allows and its scopes cover, whichever is less, and never what is for people.
    """
    issued = issue(ctx, ctx.user.id, data)
    made = await ctx.db.one(CREATE, UUID, issued, name=data.name, rate=data.rate)
    ctx.audit(name=data.name, scopes=issued.scopes, expires_at=issued.expires_at)
    key = await ctx.db.one(FIND, ApiKey, user_id=ctx.user.id, id=made)
    return IssuedApiKey(**dict(key), token=issued.token)


@identity.query("GET /keys", Anyone("one's own keys"), Interactive())
async def find_keys(ctx: UserContext) -> list[ApiKey]:
    """One's own API keys, the newest first; expired ones too."""
    return await ctx.db.all(FIND, ApiKey, user_id=ctx.user.id, id=None)


@identity.mutation(
    "PATCH /keys/{id}",
    Anyone("one's own keys"),
    Interactive(),
    RateLimit("writes", fail="closed"),
    Audit("key.renamed", target="{id}"),
    Invalidates("keys"),
)
async def rename_key(ctx: UserContext, id: UUID, *, name: KeyName) -> ApiKey:
    """Call one of one's own keys something else; what it may do stays as it was made."""
    if not await ctx.db.execute(RENAME, user_id=ctx.user.id, id=id, name=name):
        raise NotFound
    return await ctx.db.one(FIND, ApiKey, user_id=ctx.user.id, id=id)


@identity.mutation(
    "DELETE /keys/{id}",
    Anyone("one's own keys"),
    Interactive(),
    RateLimit("writes", fail="closed"),
    Audit("key.revoked", target="{id}"),
    Invalidates("keys"),
)
async def revoke_key(ctx: UserContext, id: UUID) -> None:
    """Delete one of one's own keys, whose next call is refused; anybody else's is not found."""
    if not await ctx.db.execute(REVOKE, user_id=ctx.user.id, id=id):
        raise NotFound
