"""One's own API keys."""

from portico import Anyone, Html, Interactive, Sudo, UserContext
from portico.modules.identity import create_key, find_keys, revoke_key
from salon.account.module import account
from salon.frame import by_thing, framed


@account.query("GET /account/keys", Anyone("one's own keys"), Interactive())
async def keys(ctx: UserContext, done: str = "") -> Html:
    """Show one's keys."""
    return await framed(ctx, "account/keys.html", {"keys": await ctx.call(find_keys)}, done=done)


@account.query("GET /account/keys/new", Anyone("one's own keys"), Interactive(), Sudo())
async def new_key(ctx: UserContext) -> Html:
    """Ask what a new key may do; its token is shown here, once."""
    return await framed(ctx, "account/new_key.html", {"things": by_thing({"*", *ctx.permissions})})


account.form("/account/keys/new", create_key, page=new_key)
account.form("/account/keys/{id}/revoke", revoke_key, page=keys, then="/account/keys?done=key-revoked")
