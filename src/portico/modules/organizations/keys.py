"""API keys of an organization, each acting as a service that belongs to it as a member does."""

from uuid import UUID

from portico import (
    Allow,
    Audit,
    Created,
    FieldError,
    In,
    Interactive,
    Invalid,
    Invalidates,
    NotFound,
    OrgContext,
    Raises,
    RateLimit,
    Sudo,
)
from portico.modules.identity.errors import TooManyKeys
from portico.modules.identity.terms import ApiKey, JudgesKey, KeyName, NewApiKey, issue
from portico.modules.organizations.errors import BeyondOneself
from portico.modules.organizations.models import RoleName
from portico.modules.organizations.module import organizations
from portico.modules.organizations.ruling import OWNER, grantable, refuse_beyond

CREATE = """
    select portico.create_service_key_v1(
      :service, :role, :custom_role, :key_hash, :proof, :hint, :name, :scopes, :rate, :expires_at)
"""
FIND = """
    select k.id, k.name, k.hint, k.scopes, k.rate, k.created_at, k.expires_at, k.last_used_at,
           k.user_id, k.created_by, m.role
      from portico.api_keys k left join portico.members m on m.user_id = k.user_id and m.org_id = k.org_id
     where k.org_id = :org and k.id = coalesce(:id, k.id)
     order by k.created_at desc, k.id
"""
RENAME = "update portico.api_keys set name = :name where org_id = :org and id = :id"
REVOKE = "delete from portico.api_keys where org_id = :org and id = :id"


class NewServiceKey(NewApiKey):
    """An organization's API key to be; its role and its scopes are among what the caller may do."""

    role: RoleName = "member"


class ServiceKey(ApiKey):
    """An organization's API key."""

    user_id: UUID
    """The service that it acts as."""
    role: str | None
    """None where the service no longer belongs, so that the key is good for nothing."""
    created_by: UUID | None


class IssuedServiceKey(ServiceKey):
    """An organization's new API key; its token is shown here once."""

    token: str


@organizations.mutation(
    "POST /organizations/{id}/keys",
    In(id="{id}"),
    Allow("keys:create"),
    Interactive(),
    Sudo(),
    RateLimit("30/h", by="org", fail="closed"),
    JudgesKey(),
    Raises(BeyondOneself),
    Raises(TooManyKeys, on="api_keys_most"),
    Audit("key.created"),
    Invalidates("keys", "members"),
    Created("/organizations/{id}/keys/{result.id}"),
)
async def create_key(ctx: OrgContext, id: UUID, data: NewServiceKey) -> IssuedServiceKey:
    """Make an API key of the organization, which outlasts whoever made it; the token is shown once.

    Neither its role nor its scopes may do more than the caller. It is never an owner.
    """
    if data.role == OWNER:
        raise Invalid(errors={"role": [FieldError("VAL_KEY_NEVER_OWNS")]})
    custom_role = await grantable(ctx, data.role)
    refuse_beyond(ctx, data.role, data.scopes)
    service = ctx.new_id()
    issued = issue(ctx, service, data)
    terms = {"name": data.name, "rate": data.rate, "service": service, "role": data.role, "custom_role": custom_role}
    made = await ctx.db.one(CREATE, UUID, issued, **terms)
    ctx.audit(name=data.name, role=data.role, scopes=issued.scopes, expires_at=issued.expires_at)
    key = await ctx.db.one(FIND, ServiceKey, org=id, id=made)
    return IssuedServiceKey(**dict(key), token=issued.token)


@organizations.query("GET /organizations/{id}/keys", In(id="{id}"), Allow("keys:read"), Interactive())
async def find_keys(ctx: OrgContext, id: UUID) -> list[ServiceKey]:
    """The organization's API keys, the newest first; expired ones too."""
    return await ctx.db.all(FIND, ServiceKey, org=id, id=None)


@organizations.mutation(
    "PATCH /organizations/{id}/keys/{key_id}",
    In(id="{id}"),
    Allow("keys:update"),
    Interactive(),
    RateLimit("writes", fail="closed"),
    Audit("key.renamed", target="{key_id}"),
    Invalidates("keys", "members"),
)
async def rename_key(ctx: OrgContext, id: UUID, key_id: UUID, *, name: KeyName) -> ServiceKey:
    """Call a key, and the service that it acts as, something else; what it may do stays as it was made."""
    if not await ctx.db.execute(RENAME, org=id, id=key_id, name=name):
        raise NotFound
    return await ctx.db.one(FIND, ServiceKey, org=id, id=key_id)


@organizations.mutation(
    "DELETE /organizations/{id}/keys/{key_id}",
    In(id="{id}"),
    Allow("keys:delete"),
    Interactive(),
    RateLimit("writes", fail="closed"),
    Audit("key.revoked", target="{key_id}"),
    Invalidates("keys", "members"),
)
async def revoke_key(ctx: OrgContext, id: UUID, key_id: UUID) -> None:
    """Delete a key of the organization, whose next call is refused, and the service that it acts as."""
    if not await ctx.db.execute(REVOKE, org=id, id=key_id):
        raise NotFound
