"""Who belongs to the organization, and as what."""

from collections.abc import Collection

from portico import Allow, Html, Interactive, Numbered, OrgContext
from portico.modules.organizations import Role, change_role, find_members, find_roles, remove_member
from salon.frame import framed
from salon.team.module import team

OWNER = "owner"
MOST = 100


@team.query("GET /organization/members", Allow("members:read"), Interactive())
async def members(ctx: OrgContext, at: Numbered, done: str = "") -> Html:
    """Show the members with their roles."""
    found = await ctx.call(find_members, id=ctx.org.id, at=at.model_copy(update={"limit": MOST}))
    values = {"members": found, "roles": await givable(ctx)}
    return await framed(ctx, "team/members.html", values, done=done)


async def givable(ctx: OrgContext) -> Collection[str]:
    """The names of the roles that the caller may give to others."""
    roles = await ctx.call(find_roles, id=ctx.org.id) if ctx.may("roles:read") else []
    return [role.name for role in roles if _may_give(ctx, role)]


def _may_give(ctx: OrgContext, role: Role) -> bool:
    """Nobody gives more than they may do themselves, and owners are for owners."""
    return ctx.role == OWNER or (role.name != OWNER and all(map(ctx.may, role.permissions)))


MEMBER = "/organizations/{id}/members/{user_id}"
team.form(f"{MEMBER}/role", change_role, page=members, then="/organization/members?done=role-changed")
team.form(f"{MEMBER}/remove", remove_member, page=members, then="/organization/members?done=removed")
