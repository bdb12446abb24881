"""Roles of the organization's own making, put together by ticking what they may do."""

from typing import Annotated

from pydantic import Field

from portico import Allow, Form, Html, Interactive, NotFound, OrgContext, RateLimit
from portico.modules.organizations import (
    RoleChanges,
    create_role,
    delete_role,
    find_permissions,
    find_roles,
    update_role,
)
from salon.frame import by_thing, framed
from salon.team.module import team


class RoleEdited(RoleChanges):
    """The form of a role: what is left empty is emptied, and some permission is ticked."""

    description: Annotated[str, Field(max_length=500)] = ""
    permissions: Annotated[list[Annotated[str, Field(max_length=100)]], Field(min_length=1, max_length=200)]
    version: int


@team.query("GET /organization/roles", Allow("roles:read"), Interactive())
async def roles(ctx: OrgContext, done: str = "") -> Html:
    """Show the roles, and a form for another."""
    found = await ctx.call(find_roles, id=ctx.org.id)
    return await framed(ctx, "team/roles.html", {"roles": found, **await _permissions(ctx)}, done=done)


@team.query("GET /organization/roles/{name}", Allow("roles:update"), Interactive())
async def role(ctx: OrgContext, name: str) -> Html:
    """Show a role of the organization's own making, in a form."""
    found = [r for r in await ctx.call(find_roles, id=ctx.org.id) if r.name == name and not r.built_in]
    if not found:
        raise NotFound
    return await framed(ctx, "team/role.html", {"role": found[0], **await _permissions(ctx)})


@team.mutation(
    "POST /organization/roles/{name}",
    Allow("roles:update"),
    RateLimit("writes"),
    Interactive(),
    Form(page=role, then="/organization/roles?done=saved"),
)
async def edit_role(ctx: OrgContext, name: str, data: RoleEdited) -> None:
    """Take the role from the page."""
    await ctx.call(update_role, id=ctx.org.id, name=name, data=data)


async def _permissions(ctx: OrgContext) -> dict[str, object]:
    """What can be ticked, grouped by thing, and what the caller may give."""
    known = await ctx.call(find_permissions, id=ctx.org.id)
    return {"things": by_thing(p.name for p in known), "held": {p.name for p in known if p.held}}


team.form("/organizations/{id}/roles", create_role, page=roles, then="/organization/roles?done=role-made")
team.form(
    "/organizations/{id}/roles/{name}/delete", delete_role, page=roles, then="/organization/roles?done=role-deleted"
)
