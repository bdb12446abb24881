"""Who one is: name and address, and the end of the account."""

from typing import Annotated

from pydantic import BaseModel, Field

from portico import Anyone, Html, Interactive, RateLimit, Sudo, UserContext
from portico import Form as HtmlForm
from portico.modules.identity import ProfileChanges, change_email, delete_me, me, update_me
from salon.account.module import account
from salon.frame import framed

Name = Annotated[str, Field(max_length=200)]


class Names(BaseModel):
    """The form of names: what is left empty is emptied."""

    name: Name = ""
    last_name: Name = ""


@account.query("GET /account", Anyone("one's own account"), Interactive())
async def profile(ctx: UserContext, done: str = "") -> Html:
    """Show one's name and address."""
    return await framed(ctx, "account/profile.html", {"own": await ctx.call(me)}, done=done)


@account.query("GET /account/email", Anyone("one's own account"), Interactive(), Sudo())
async def email(ctx: UserContext) -> Html:
    """Ask for another address."""
    return await framed(ctx, "account/email.html", {})


@account.query("GET /account/delete", Anyone("one's own account"), Interactive(), Sudo())
async def deletion(ctx: UserContext) -> Html:
    """Ask once more before the account is deleted."""
    return await framed(ctx, "account/delete.html", {})


@account.mutation(
    "POST /account",
    Anyone("one's own account"),
    RateLimit("writes"),
    Interactive(),
    HtmlForm(page=profile, then="/account?done=name"),
)
async def rename(ctx: UserContext, data: Names) -> None:
    """Take the names from the page."""
    await ctx.call(update_me, data=ProfileChanges(name=data.name, last_name=data.last_name))


account.form("/account/email", change_email, page=email, then="/account?done=email")
account.form("/account/delete", delete_me, page=deletion, then="/goodbye")
