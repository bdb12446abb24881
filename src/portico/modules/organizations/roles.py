"""The roles of an organization: the application's, and those of its own making."""

from uuid import UUID

from portico import (
    Allow,
    Audit,
    Created,
    In,
    Interactive,
    Invalid,
    Invalidates,
    OrgContext,
    Raises,
    RateLimit,
    Stale,
)
from portico.modules.identity.terms import unknown_permissions
from portico.modules.organizations.errors import BeyondOneself, RoleExists, RoleInUse, TooManyRoles
from portico.modules.organizations.models import NewRole, Permission, Role, RoleChanges, RoleName
from portico.modules.organizations.module import organizations
from portico.modules.organizations.ruling import refuse_beyond

MOST = 100
FIND = "select name, description, permissions, version from portico.roles where org_id = :org order by name"
COUNT = "select count(*) from portico.roles where org_id = :org"
ONE = """
    select name, description, permissions, version from portico.roles where org_id = :org and name = :name for update
"""
CREATE = """
    insert into portico.roles (org_id, name, description, permissions)
    values (:org, :name, :description, :permissions)
    returning name, description, permissions, version
"""
UPDATE = """
    update portico.roles
       set description = coalesce(:description, description), permissions = coalesce(:permissions, permissions),
           version = version + 1
     where org_id = :org and name = :name
    returning name, description, permissions, version
"""
DELETE = "delete from portico.roles where org_id = :org and name = :name"
# What nobody can accept any more holds no role back.
FORGET_EXPIRED = """
    update portico.invitations set status = 'revoked', custom_role = null
     where org_id = :org and custom_role = :name and status = 'open' and expires_at <= :now
"""


@organizations.query("GET /organizations/{id}/roles", In(id="{id}"), Allow("roles:read"))
async def find_roles(ctx: OrgContext, id: UUID) -> list[Role]:
    """The roles that members may have: the application's first, then the organization's own."""
    built_in = [Role(name=name, permissions=sorted(held), built_in=True) for name, held in ctx.roles.items()]
    return [*built_in, *await ctx.db.all(FIND, Role, org=id)]


@organizations.query("GET /organizations/{id}/permissions", In(id="{id}"), Allow("roles:read"))
async def find_permissions(ctx: OrgContext, id: UUID) -> list[Permission]:  # noqa: ARG001  # its policy In reads it
    """What roles can be made of; the caller gives only what is `held`."""
    return [Permission(name=name, held=ctx.may(name)) for name in sorted(ctx.permissions)]


@organizations.mutation(
    "POST /organizations/{id}/roles",
    In(id="{id}"),
    Allow("roles:create"),
    Interactive(),
    RateLimit("30/h", by="org", fail="closed"),
    Raises(BeyondOneself),
    Raises(TooManyRoles),
    Raises(RoleExists, on="roles_pkey"),
    Audit("role.created", target="{result.name}"),
    Invalidates("roles"),
    Created("/organizations/{id}/roles/{result.name}"),
)
async def create_role(ctx: OrgContext, id: UUID, data: NewRole) -> Role:
    """Make a role of permissions that the caller holds."""
    if data.name in ctx.roles:
        raise RoleExists
    permissions = _known(ctx, data.permissions)
    refuse_beyond(ctx, data.name, permissions)
    if await ctx.db.one(COUNT, int, org=id) >= MOST:
        raise TooManyRoles
    ctx.audit(permissions=permissions)
    return await ctx.db.one(CREATE, Role, data, org=id, permissions=permissions)


@organizations.mutation(
    "PATCH /organizations/{id}/roles/{name}",
    In(id="{id}"),
    Allow("roles:update"),
    Interactive(),
    RateLimit("writes", fail="closed"),
    Raises(BeyondOneself),
    Raises(Stale),
    Audit("role.updated", target="{name}"),
    Invalidates("roles"),
)
async def update_role(ctx: OrgContext, id: UUID, name: RoleName, *, data: RoleChanges) -> Role:
    """Change what a role may do, at once for all who have it: neither from nor to more than the caller may do."""
    role = await _own(ctx, id, name)
    if data.version not in {None, role.version}:
        raise Stale(at="version")
    permissions = None if data.permissions is None else _known(ctx, data.permissions)
    refuse_beyond(ctx, name, permissions or ())
    ctx.audit(former=role.permissions, permissions=permissions or role.permissions)
    return await ctx.db.one(UPDATE, Role, data, org=id, name=name, permissions=permissions)


@organizations.mutation(
    "DELETE /organizations/{id}/roles/{name}",
    In(id="{id}"),
    Allow("roles:delete"),
    Interactive(),
    RateLimit("writes", fail="closed"),
    Raises(BeyondOneself),
    Raises(RoleInUse, on="members_custom_role_fkey"),
    Raises(RoleInUse, on="invitations_custom_role_fkey"),
    Audit("role.deleted", target="{name}"),
    Invalidates("roles"),
)
async def delete_role(ctx: OrgContext, id: UUID, name: RoleName) -> None:
    """Delete a role that nobody has and nobody is invited to."""
    role = await _own(ctx, id, name)
    ctx.audit(former=role.permissions)
    await ctx.db.execute(FORGET_EXPIRED, org=id, name=name, now=ctx.now)
    await ctx.db.execute(DELETE, org=id, name=name)


async def _own(ctx: OrgContext, org: UUID, name: str) -> Role:
    """A role of the organization's own making, locked; raises NotFound, and BeyondOneself where it is out of reach."""
    role = await ctx.db.one(ONE, Role, org=org, name=name)
    refuse_beyond(ctx, name, role.permissions)
    return role


def _known(ctx: OrgContext, permissions: list[str]) -> list[str]:
    """Each once, in order; raises Invalid that names those which no action asks for."""
    if unknown := unknown_permissions("permissions", permissions, ctx.permissions):
        raise Invalid(errors=unknown)
    return sorted(set(permissions))
