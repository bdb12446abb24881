"""One's organizations: seen, founded, switched to."""

from zoneinfo import available_timezones

from portico import Anyone, Html, Interactive, UserContext
from portico.modules.identity import me
from portico.modules.organizations import create, switch
from salon.frame import framed
from salon.team.module import team


@team.query("GET /organizations", Anyone("one's own organizations"), Interactive())
async def organizations(ctx: UserContext, done: str = "") -> Html:
    """Show where one belongs, and a form that founds another."""
    own = (await ctx.call(me)).organizations
    return await framed(ctx, "team/organizations.html", {"own": own, "timezones": timezones()}, done=done)


def timezones() -> list[tuple[str, str]]:
    """The time zones that a form offers, with their names as people read them."""
    return [(name, name.replace("_", " ")) for name in sorted(available_timezones()) if "/" in name or name == "UTC"]


team.form("/organizations", create, page=organizations, then="/organizations?done=founded")
team.form("/organizations/{id}/switch", switch, page=organizations, then="/")
