"""Who belongs to an organization, and as what."""

from uuid import UUID

from portico import (
    Allow,
    Anyone,
    Audit,
    Conflict,
    In,
    Interactive,
    Invalidates,
    LastOwner,
    Numbered,
    OrgContext,
    Raises,
    RateLimit,
    Slice,
)
from portico.modules.organizations.errors import BeyondOneself, OwnersOnly
from portico.modules.organizations.models import Member, RoleName
from portico.modules.organizations.module import organizations
from portico.modules.organizations.ruling import OWNER, Holder, grantable, held_by, refuse_beyond
from portico.modules.organizations.tenants import SETTLE

FIND = """
    select user_id, kind, name, email, role, since from portico.organization_members_v1(:org)
     order by kind, lower(name), lower(email) limit :limit offset :offset
"""
COUNT = "select count(*) from portico.organization_members_v1(:org)"
ONE = "select * from portico.organization_members_v1(:org) where user_id = :user_id and kind = 'person'"
# Of the role that was judged: whoever became an owner meanwhile is judged anew.
CHANGE = """
    update portico.members set role = :role, custom_role = :custom_role
     where org_id = :org and user_id = :user_id and role = :former
"""
REMOVE = "delete from portico.members where org_id = :org and user_id = :user_id and role = :former"
LEAVE = "delete from portico.members where org_id = :org and user_id = :user_id"
# Whoever may do less than before, or leaves, may have invited an address of their own.
REVOKE_SENT = """
    update portico.invitations set status = 'revoked', custom_role = null
     where org_id = :org and invited_by = :user_id and status = 'open'
"""


class Judged(Member):
    """A member, with what a role of the organization's own making may do."""

    permissions: list[str] | None


@organizations.query("GET /organizations/{id}/members", In(id="{id}"), Allow("members:read"))
async def find_members(ctx: OrgContext, id: UUID, at: Numbered) -> Slice[Member]:
    """The people of the organization by name, and then the services that its API keys act as."""
    people = await ctx.db.all(FIND, Member, org=id, limit=at.limit, offset=(at.page - 1) * at.limit)
    return Slice(people, page=at.page, limit=at.limit, total=await ctx.db.one(COUNT, int, org=id))


@organizations.mutation(
    "PATCH /organizations/{id}/members/{user_id}",
    In(id="{id}"),
    Allow("members:update"),
    Interactive(),
    RateLimit("writes", fail="closed"),
    Raises(OwnersOnly),
    Raises(BeyondOneself),
    Raises(Conflict),
    Raises(LastOwner, on="members_last_owner"),
    Audit("member.role_changed", target="{user_id}"),
    Invalidates("members", "invitations"),
)
async def change_role(ctx: OrgContext, id: UUID, user_id: UUID, *, role: RoleName) -> Member:
    """Give a member another role: none that may do more than the caller, nor to somebody who may.

    Only an owner makes owners or takes it from them, and the last one stays. Open invitations that the member sent are
    revoked, unless they may do everything now.
    """
    member = await ctx.db.one(ONE, Judged, org=id, user_id=user_id)
    _refuse_above(ctx, member)
    custom_role = await grantable(ctx, role)
    ctx.audit(former=member.role, role=role)
    values = {"org": id, "user_id": user_id, "former": member.role, "role": role, "custom_role": custom_role}
    if not await ctx.db.execute(CHANGE, **values):
        raise Conflict
    if role != OWNER:
        await ctx.db.execute(REVOKE_SENT, org=id, user_id=user_id)
    return member.model_copy(update={"role": role})


@organizations.mutation(
    "DELETE /organizations/{id}/members/{user_id}",
    In(id="{id}"),
    Allow("members:delete"),
    Interactive(),
    RateLimit("writes", fail="closed"),
    Raises(LastOwner, on="members_last_owner"),
    Raises(OwnersOnly),
    Raises(BeyondOneself),
    Raises(Conflict),
    Audit("member.removed", target="{user_id}"),
    Invalidates("members", "invitations"),
)
async def remove_member(ctx: OrgContext, id: UUID, user_id: UUID) -> None:
    """Remove a member, whose next call is refused; open invitations that they sent are revoked.

    Nobody removes whoever may do more, and only an owner removes an owner.
    """
    member = await ctx.db.one(ONE, Judged, org=id, user_id=user_id)
    _refuse_above(ctx, member)
    ctx.audit(former=member.role)
    if not await ctx.db.execute(REMOVE, org=id, user_id=user_id, former=member.role):
        raise Conflict
    await ctx.db.execute(REVOKE_SENT, org=id, user_id=user_id)


@organizations.mutation(
    "POST /organizations/{id}/leave",
    In(id="{id}"),
    Anyone("whoever belongs may leave"),
    Interactive(),
    RateLimit("writes", fail="closed"),
    Raises(LastOwner, on="members_last_owner"),
    Audit("member.left", target="{id}"),
    Invalidates("organizations", "members", "invitations"),
)
async def leave(ctx: OrgContext, id: UUID) -> None:
    """Leave the organization; its last owner cannot. The session in hand moves on to another of one's own.

    Open invitations that one sent are revoked.
    """
    await ctx.db.execute(LEAVE, org=id, user_id=ctx.user.id)
    await ctx.db.execute(REVOKE_SENT, org=id, user_id=ctx.user.id)
    await ctx.db.execute(SETTLE, session=ctx.session_id)


def _refuse_above(ctx: OrgContext, member: Judged) -> None:
    """Raise what keeps the caller from touching whoever may do more."""
    refuse_beyond(ctx, member.role, held_by(ctx, Holder(member.role, member.permissions)))
