"""Invitations: sent and revoked by those who belong, answered by whom they are for."""

from portico import Allow, Html, Interactive, Numbered, OrgContext, Public, PublicContext, RateLimit
from portico.modules.organizations import (
    accept_invitation,
    decline_invitation,
    find_invitations,
    invite,
    preview_invitation,
    revoke_invitation,
)
from salon.frame import framed
from salon.team.members import MOST, givable
from salon.team.module import team


@team.query("GET /organization/invitations", Allow("invitations:read"), Interactive())
async def invitations(ctx: OrgContext, done: str = "") -> Html:
    """Show the open invitations, and a form for another."""
    found = await ctx.call(find_invitations, id=ctx.org.id, at=Numbered(limit=MOST))
    values = {"invitations": found.data, "roles": await givable(ctx), "now": ctx.now}
    return await framed(ctx, "team/invitations.html", values, done=done)


@team.query("GET /invitation", Public("the invited may have no account yet"), RateLimit("30/m", by="ip"))
async def invitation(ctx: PublicContext, token: str) -> Html:
    """Show what one is invited to; to answer, one signs in with the invited address."""
    shown = await ctx.call(preview_invitation, token=token)
    values = {"invitation": shown, "token": token, "user": ctx.user, "here": f"/invitation?token={token}"}
    return Html("team/invitation.html", values)


team.form("/organizations/{id}/invitations", invite, page=invitations, then="/organization/invitations?done=invited")
team.form(
    "/organizations/{id}/invitations/{invitation_id}/revoke",
    revoke_invitation,
    page=invitations,
    then="/organization/invitations?done=revoked",
)
team.form("/invitation/accept", accept_invitation, page=invitation, then="/organization?done=joined")
team.form("/invitation/decline", decline_invitation, page=invitation, then="/organizations?done=declined")
