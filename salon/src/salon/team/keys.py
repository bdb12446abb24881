"""API keys of the organization."""

from portico import Allow, Html, Interactive, OrgContext, Sudo
from portico.modules.organizations import create_key, find_keys, revoke_key
from salon.frame import by_thing, framed
from salon.team.members import OWNER, givable
from salon.team.module import team


@team.query("GET /organization/keys", Allow("keys:read"), Interactive())
async def keys(ctx: OrgContext, done: str = "") -> Html:
    """Show the organization's keys."""
    found = await ctx.call(find_keys, id=ctx.org.id)
    return await framed(ctx, "team/keys.html", {"keys": found}, done=done)


@team.query("GET /organization/keys/new", Allow("keys:create"), Interactive(), Sudo())
async def new_key(ctx: OrgContext) -> Html:
    """Ask what a new key may do; its token is shown here, once."""
    roles = [name for name in await givable(ctx) if name != OWNER]
    things = by_thing(filter(ctx.may, ctx.permissions))
    return await framed(ctx, "team/new_key.html", {"roles": roles, "things": things})


team.form("/organizations/{id}/keys", create_key, page=new_key)
team.form("/organizations/{id}/keys/{key_id}/revoke", revoke_key, page=keys, then="/organization/keys?done=key-revoked")
