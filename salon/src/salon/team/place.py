"""The organization that one works in: renamed, left, deleted."""

from portico import Allow, Html, Interactive, OrgContext, Sudo
from portico.modules.organizations import delete, get, leave, update
from salon.frame import framed
from salon.team.module import team
from salon.team.places import organizations, timezones


@team.query("GET /organization", Allow("organizations:read"), Interactive())
async def organization(ctx: OrgContext, done: str = "") -> Html:
    """Show the organization, and forms to change and to leave it."""
    own = await ctx.call(get, id=ctx.org.id)
    values = {"own": own, "role": ctx.role, "timezones": timezones()}
    return await framed(ctx, "team/organization.html", values, done=done)


@team.query("GET /organization/delete", Allow("organizations:delete"), Interactive(), Sudo())
async def deletion(ctx: OrgContext) -> Html:
    """Ask once more before the organization is deleted."""
    return await framed(ctx, "team/delete.html", {})


team.form("/organizations/{id}/rename", update, page=organization, then="/organization?done=saved")
team.form("/organizations/{id}/leave", leave, page=organizations, then="/organizations?done=left")
team.form("/organizations/{id}/delete", delete, page=deletion, then="/organizations?done=deleted")
