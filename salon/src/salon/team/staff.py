"""Who works here: seen, added as far as the plan goes, removed."""

from portico import Allow, Html, Interactive, Numbered, OrgContext
from portico.modules.usage import read as read_usage
from salon.frame import framed
from salon.staff.actions import create, delete, find
from salon.staff.models import StaffFilter
from salon.team.module import team


@team.query("GET /organization/staff", Allow("staff:read"), Interactive())
async def staff(ctx: OrgContext, done: str = "") -> Html:
    """Show the staff, how many the plan allows, and a form for another."""
    people = await ctx.call(find, filter=StaffFilter(), page=Numbered(limit=100))
    usage = await ctx.call(read_usage) if ctx.may("usage:read") else None
    room = next((r for r in usage.resources if r.resource == "staff"), None) if usage else None
    return await framed(ctx, "team/staff.html", {"people": people, "room": room}, done=done)


@team.query("GET /organization/usage", Allow("usage:read"), Interactive())
async def usage(ctx: OrgContext) -> Html:
    """Show what the plan allows, and how much of it is used."""
    return await framed(ctx, "team/usage.html", {"usage": await ctx.call(read_usage)})


team.form("/organization/staff", create, page=staff, then="/organization/staff?done=staff-added")
team.form("/organization/staff/{id}/delete", delete, page=staff, then="/organization/staff?done=staff-removed")
