"""What the invited does: looks, accepts, declines."""

from uuid import UUID

from pydantic import BaseModel

from portico import (
    Anyone,
    Audit,
    Interactive,
    Invalidates,
    Public,
    PublicContext,
    QuotaExceeded,
    Raises,
    RateLimit,
    UserContext,
)
from portico.modules.identity.module import hash_of
from portico.modules.organizations.errors import InvitationClosed, OtherAddress, refusal_of
from portico.modules.organizations.models import InvitationShown, Organization, Token
from portico.modules.organizations.module import organizations
from portico.modules.organizations.room import refuse_without_room
from portico.modules.organizations.ruling import Holder, may_give
from portico.modules.organizations.tenants import GET, SWITCH

ANSWER = "select * from portico.answer_invitation_v1(:hash, :accepts, :now)"
# As what the caller belongs from now on, and what whoever sent the invitation is by now; those who belonged before are
# given nothing.
GIVEN = """
    select given.role, given.permissions, coalesce(sender.role, '') as sender_role,
           sender.permissions as sender_permissions
      from portico.invitations i
      join portico.organization_members_v1(i.org_id) given on given.user_id = :user_id and given.since = now()
      left join portico.organization_members_v1(i.org_id) sender on sender.user_id = i.invited_by
     where i.id = :id
"""


class Found(InvitationShown):
    """An invitation by its token, whatever became of it."""

    status: str


class Answer(BaseModel):
    """What an answer did, or what was in its way."""

    id: UUID
    org_id: UUID
    outcome: str | None


class Given(BaseModel):
    """A role that an invitation gives, beside its sender's."""

    role: str
    permissions: list[str] | None
    sender_role: str
    sender_permissions: list[str] | None


@organizations.query(
    "GET /organizations/invitations/preview",
    Public("the invited may have no account yet; the token shows that the mail is theirs"),
    RateLimit("auth", by="ip", fail="closed"),
    Raises(InvitationClosed),
)
async def preview_invitation(ctx: PublicContext, token: Token) -> InvitationShown:
    """What one is invited to; the token stands in the query, which no log line has."""
    found = await ctx.db.one("select * from portico.invitation_v1(:hash)", Found, hash=hash_of(token))
    if found.status != "open" or found.expires_at <= ctx.now:
        raise refusal_of("expired" if found.status == "open" else found.status)
    return InvitationShown.model_validate(found.model_dump())


@organizations.mutation(
    "POST /organizations/invitations/accept",
    Anyone("whoever has the invited address"),
    Interactive(),
    RateLimit("auth", fail="closed"),
    Raises(OtherAddress),
    Raises(InvitationClosed),
    Raises(QuotaExceeded),
    Audit("invitation.accepted"),
    Invalidates("organizations", "members", "invitations"),
)
async def accept_invitation(ctx: UserContext, token: Token) -> Organization:
    """Join the organization, if one's confirmed address is the invited one; the session in hand works in it.

    An invitation gives nothing that its sender may not give by now, and no place that the plan does not have.
    """
    answer = await _answer(ctx, token, accepts=True)
    organization = await ctx.db.one(GET, Organization, id=answer.org_id)
    given = await ctx.db.maybe(GIVEN, Given, id=answer.id, user_id=ctx.user.id)
    if given is not None:
        if not _still_may_give(ctx, given):
            raise InvitationClosed
        await refuse_without_room(ctx, organization.plan, joined=organization.id)
    await ctx.db.execute(SWITCH, session=ctx.session_id, org=answer.org_id)
    return organization


@organizations.mutation(
    "POST /organizations/invitations/decline",
    Anyone("whoever has the invited address"),
    Interactive(),
    RateLimit("auth", fail="closed"),
    Raises(OtherAddress),
    Raises(InvitationClosed),
    Audit("invitation.declined"),
    Invalidates("invitations"),
)
async def decline_invitation(ctx: UserContext, token: Token) -> None:
    """Say no, once and for all, if one's confirmed address is the invited one."""
    await _answer(ctx, token, accepts=False)


async def _answer(ctx: UserContext, token: str, *, accepts: bool) -> Answer:
    """Answer; raises NotFound for an unknown token, and what else was in the way."""
    answer = await ctx.db.one(ANSWER, Answer, hash=hash_of(token), accepts=accepts, now=ctx.now)
    if answer.outcome is not None:
        raise refusal_of(answer.outcome)
    ctx.audit(invitation=str(answer.id))
    return answer


def _still_may_give(ctx: UserContext, given: Given) -> bool:
    """Whether the sender of an invitation still belongs, and may do all that it gives."""
    sender = Holder(given.sender_role, given.sender_permissions)
    return bool(sender.role) and may_give(ctx, sender, Holder(given.role, given.permissions))
