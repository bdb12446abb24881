"""Organizations themselves: the tenants."""

from uuid import UUID

from portico import (
    Allow,
    Anyone,
    Audit,
    Created,
    In,
    Interactive,
    Invalidates,
    OrgContext,
    Raises,
    RateLimit,
    Stale,
    Sudo,
    UserContext,
)
from portico.modules.organizations.errors import OwnersOnly, SlugTaken
from portico.modules.organizations.models import NewOrganization, Organization, OrganizationChanges
from portico.modules.organizations.module import organizations

CREATE = "select * from portico.create_organization_v1(:name, :slug, :timezone, :session)"
GET = "select id, name, slug, plan, timezone, version, created_at from portico.organizations where id = :id"
UPDATE = """
    update portico.organizations
       set name = coalesce(:name, name), timezone = coalesce(:timezone, timezone), version = version + 1
     where id = :id and version = coalesce(cast(:version as numeric), version)
    returning id, name, slug, plan, timezone, version, created_at
"""
SWITCH = "select portico.switch_organization_v1(:session, :org)"
SETTLE = "select portico.settle_session_v1(:session)"


@organizations.mutation(
    "POST /organizations",
    Anyone("whoever signs up may found one"),
    Interactive(),
    RateLimit("10/h", fail="closed"),
    Raises(SlugTaken, on="organizations_slug_key"),
    Audit("organization.created"),
    Invalidates("organizations"),
    Created("/organizations/{result.id}"),
)
async def create(ctx: UserContext, data: NewOrganization) -> Organization:
    """Found an organization; the caller becomes its owner."""
    return await ctx.db.one(CREATE, Organization, data, session=ctx.session_id)


@organizations.query("GET /organizations", Anyone("one's own organizations"))
async def find(ctx: UserContext) -> list[Organization]:
    """The organizations that the caller belongs to."""
    return await ctx.db.all("select * from portico.my_organizations_v2()", Organization)


@organizations.query("GET /organizations/{id}", In(id="{id}"), Allow("organizations:read"))
async def get(ctx: OrgContext, id: UUID) -> Organization:
    """One of the caller's organizations; any other is not found."""
    return await ctx.db.one(GET, Organization, id=id)


@organizations.mutation(
    "PATCH /organizations/{id}",
    In(id="{id}"),
    Allow("organizations:update"),
    RateLimit("writes", fail="closed"),
    Raises(Stale),
    Audit("organization.updated", target="{id}"),
    Invalidates("organizations"),
)
async def update(ctx: OrgContext, id: UUID, data: OrganizationChanges) -> Organization:
    """Rename the organization, or move it to another time zone; with `version`, only if nobody did so meanwhile."""
    changed = await ctx.db.maybe(UPDATE, Organization, data, id=id)
    if changed is None:
        raise Stale(at="version")
    return changed


@organizations.mutation(
    "POST /organizations/{id}/switch",
    In(id="{id}"),
    Anyone("one's own session"),
    Interactive(),
    RateLimit("writes", fail="closed"),
    Audit("organization.switched", target="{id}"),
)
async def switch(ctx: OrgContext, id: UUID) -> Organization:
    """Let the session in hand work in this organization, wherever no other is named; in-process there is none."""
    await ctx.db.execute(SWITCH, session=ctx.session_id, org=id)
    return await ctx.db.one(GET, Organization, id=id)


@organizations.mutation(
    "DELETE /organizations/{id}",
    In(id="{id}"),
    Allow("organizations:delete"),
    Sudo(),
    RateLimit("10/h", fail="closed"),
    Raises(OwnersOnly),
    Audit("organization.deleted", target="{id}"),
    Invalidates("organizations"),
)
async def delete(ctx: OrgContext, id: UUID) -> None:
    """Delete the organization: nobody enters it any more; its invitations and keys end. Only an owner may.

    The session in hand moves on to where its user has belonged for longest; other sessions work nowhere until they
    choose. What the organization had is kept out of reach, and its slug is free again.
    """
    if not await ctx.db.one("select portico.delete_organization_v1(:org)", bool, org=id):
        raise OwnersOnly
    await ctx.db.execute(SETTLE, session=ctx.session_id)
