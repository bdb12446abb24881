"""A password that one has forgotten, and one that one is asked for again."""

from portico import Anyone, Html, Public, PublicContext, UserContext
from portico.modules.identity import confirm_password, find_providers, forget_password
from portico.modules.identity import reset_password as identity_reset_password
from salon.account.module import account
from salon.frame import framed


@account.query("GET /forgot-password", Public("whoever cannot sign in any more"))
async def forgot_password(ctx: PublicContext, done: str = "") -> Html:
    """Ask for the address that a link is sent to."""
    return Html("account/forgot_password.html", {"sent": done == "sent"})


@account.query("GET /reset-password", Public("the link of a mail leads here"))
async def reset_password(ctx: PublicContext, token: str = "") -> Html:
    """Ask for another password."""
    return Html("account/reset_password.html", {"token": token})


@account.query("GET /confirm", Anyone("one's own session"))
async def confirm(ctx: UserContext) -> Html:
    """Ask for the password again, or for a fresh proof of a provider, before something that cannot be undone."""
    return await framed(ctx, "account/confirm.html", {"providers": await ctx.call(find_providers)})


account.form("/forgot-password", forget_password, page=forgot_password, then="/forgot-password?done=sent")
account.form("/reset-password", identity_reset_password, page=reset_password, then="/sign-in?done=reset")
account.form("/confirm", confirm_password, page=confirm, then=("{next}", "/account"))
