"""Invitations by mail: sent, listed, taken back."""

from datetime import timedelta
from uuid import UUID

from portico import (
    Allow,
    Audit,
    Created,
    In,
    Interactive,
    Invalidates,
    Mails,
    Numbered,
    OrgContext,
    QuotaExceeded,
    Raises,
    RateLimit,
    Slice,
    User,
)
from portico.modules.identity.module import hash_of
from portico.modules.organizations.errors import AlreadyMember, BeyondOneself, OwnersOnly
from portico.modules.organizations.models import Invitation, NewInvitation
from portico.modules.organizations.module import organizations
from portico.modules.organizations.room import refuse_without_room
from portico.modules.organizations.ruling import grantable, refuse_above

LASTS = timedelta(days=7)
BELONGS = "select true from portico.organization_members_v1(:org) where lower(email) = lower(:email)"
INVITED = """
    select role from portico.invitations
     where org_id = :org and lower(email) = lower(:email) and status = 'open' and expires_at > :now for update
"""
# One open invitation an address: inviting again makes the former link worthless.
INVITE = """
    insert into portico.invitations (id, email, role, custom_role, token_hash, expires_at)
    values (:id, :email, :role, :custom_role, :token_hash, :expires_at)
    on conflict (org_id, lower(email)) where status = 'open' do update
       set role = :role, custom_role = :custom_role, token_hash = :token_hash, expires_at = :expires_at,
           invited_by = :by
    returning id, email, role, invited_by, created_at, expires_at
"""
FIND = """
    select id, email, role, invited_by, created_at, expires_at from portico.invitations
     where org_id = :org and status = 'open' order by lower(email) limit :limit offset :offset
"""
COUNT = "select count(*) from portico.invitations where org_id = :org and status = 'open'"
OPEN = "select role from portico.invitations where org_id = :org and id = :id and status = 'open' for update"
REVOKE = """
    update portico.invitations set status = 'revoked', custom_role = null
     where org_id = :org and id = :id and status = 'open'
"""


@organizations.mutation(
    "POST /organizations/{id}/invitations",
    In(id="{id}"),
    Allow("invitations:create"),
    Interactive(),
    RateLimit("50/h", by="org", fail="closed"),
    RateLimit("mail", by="org+{email}", scope="invited", fail="closed"),
    Mails("invitation"),
    Raises(OwnersOnly),
    Raises(BeyondOneself),
    Raises(AlreadyMember),
    Raises(QuotaExceeded),
    Audit("member.invited"),
    Invalidates("invitations"),
    Created("/organizations/{id}/invitations/{result.id}"),
)
async def invite(ctx: OrgContext, id: UUID, data: NewInvitation) -> Invitation:
    """Invite somebody by mail, for 7 days, as nothing that may do more than the caller; again: a new link and date.

    Nor is an open invitation replaced that is to more than the caller may do.
    """
    custom_role = await grantable(ctx, data.role)
    if await ctx.db.maybe(BELONGS, bool, org=id, email=data.email):
        raise AlreadyMember(at="email")
    await refuse_without_room(ctx, ctx.org.plan)
    if (before := await ctx.db.maybe(INVITED, str, org=id, email=data.email, now=ctx.now)) is not None:
        await refuse_above(ctx, before)
    token, expires_at = ctx.new_token(), ctx.now + LASTS
    kept = {"token_hash": hash_of(token), "custom_role": custom_role, "expires_at": expires_at, "by": ctx.user.id}
    invitation = await ctx.db.one(INVITE, Invitation, data, id=ctx.new_id(), **kept)
    ctx.audit(email=data.email, role=data.role)
    ctx.mail(
        "invitation",
        to=data.email,
        link=f"/invitation?token={token}",
        organization=ctx.org.name,
        inviter=_called(ctx.user),
        expires_at=expires_at,
    )
    return invitation


@organizations.query("GET /organizations/{id}/invitations", In(id="{id}"), Allow("invitations:read"))
async def find_invitations(ctx: OrgContext, id: UUID, at: Numbered) -> Slice[Invitation]:
    """The invitations that nobody has answered, by address; expired ones too, which can be sent again."""
    found = await ctx.db.all(FIND, Invitation, org=id, limit=at.limit, offset=(at.page - 1) * at.limit)
    return Slice(found, page=at.page, limit=at.limit, total=await ctx.db.one(COUNT, int, org=id))


@organizations.mutation(
    "DELETE /organizations/{id}/invitations/{invitation_id}",
    In(id="{id}"),
    Allow("invitations:delete"),
    Interactive(),
    RateLimit("writes", fail="closed"),
    Raises(OwnersOnly),
    Raises(BeyondOneself),
    Audit("invitation.revoked", target="{invitation_id}"),
    Invalidates("invitations"),
)
async def revoke_invitation(ctx: OrgContext, id: UUID, invitation_id: UUID) -> None:
    """Take an open invitation back, unless it is to more than the caller may do: its link is worthless."""
    await refuse_above(ctx, await ctx.db.one(OPEN, str, org=id, id=invitation_id))
    await ctx.db.execute(REVOKE, org=id, id=invitation_id)


def _called(user: User) -> str:
    """What the invited know somebody by."""
    return user.name or user.email
