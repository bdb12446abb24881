"""The actions of organizations."""

from uuid import UUID

from portico import (
    Allow,
    Anyone,
    Audit,
    Created,
    Duplicate,
    Module,
    NotFound,
    OrgContext,
    Raises,
    RateLimit,
    Stale,
    UserContext,
)
from portico.modules.organizations.models import NewOrganization, Organization, OrganizationChanges

organizations = Module("organizations")
CREATE = "select * from portico.create_organization_v1(:name, :slug, :timezone, :session)"
GET = "select id, name, slug, plan, timezone, version, created_at from portico.organizations where id = :id"
UPDATE = """
    update portico.organizations
       set name = coalesce(:name, name), timezone = coalesce(:timezone, timezone), version = version + 1
     where id = :id and version = coalesce(:version, version)
    returning id, name, slug, plan, timezone, version, created_at
"""


class SlugTaken(Duplicate, code="BIZ_SLUG_TAKEN"):
    """This address is already taken. Please choose another."""


@organizations.mutation(
    "POST /organizations",
    Anyone("whoever signs up may found one"),
    RateLimit("10/h"),
    Raises(SlugTaken, on="organizations_slug_key"),
    Audit("organization.created"),
    Created("/organizations/{result.id}"),
)
async def create(ctx: UserContext, data: NewOrganization) -> Organization:
    """Found an organization; the caller becomes its owner."""
    return await ctx.db.one(CREATE, Organization, data, session=ctx.session_id)


@organizations.query("GET /organizations", Anyone("one's own organizations"))
async def find(ctx: UserContext) -> list[Organization]:
    """The organizations that the caller belongs to."""
    return await ctx.db.all("select * from portico.my_organizations_v1()", Organization)


@organizations.query("GET /organizations/{id}", Allow("organizations:read"))
async def get(ctx: OrgContext, id: UUID) -> Organization:
    """The organization that the caller works in; any other is not found."""
    return await ctx.db.one(GET, Organization, id=id)


@organizations.mutation(
    "PATCH /organizations/{id}",
    Allow("organizations:update"),
    Raises(Stale),
    Audit("organization.updated", target="{id}"),
)
async def update(ctx: OrgContext, id: UUID, data: OrganizationChanges) -> Organization:
    """Rename the organization, or move it to another time zone; with `version`, only if nobody did so meanwhile."""
    changed = await ctx.db.maybe(UPDATE, Organization, data, id=id)
    if changed is not None:
        return changed
    if await ctx.db.maybe(GET, Organization, id=id) is None:
        raise NotFound
    raise Stale(at="version")
