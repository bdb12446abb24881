"""Another e-mail address."""

from portico import Anyone, Audit, Interactive, Mails, Public, PublicContext, Raises, RateLimit, Sudo, UserContext
from portico.modules.identity.challenges import new_challenge, redeem
from portico.modules.identity.errors import EmailTaken, LinkSpent
from portico.modules.identity.events import tell_of
from portico.modules.identity.models import Address, Confirmed, LinkToken
from portico.modules.identity.module import FORGOTTEN, identity

ASK = "select portico.change_email_v1(:email, :token_hash, :proof, :expires_at)"
CONFIRM = "select * from portico.confirm_email_v1(:token_hash)"


@identity.mutation(
    "POST /email",
    Anyone("one's own address"),
    Interactive(),
    Sudo(),
    RateLimit("mail", fail="closed"),
    Mails("confirm_email", "email_changing", "account_exists"),
    Raises(EmailTaken),
    Audit("user.email_change"),
)
async def change_email(ctx: UserContext, data: Address) -> Address:
    """Ask for another address: it takes effect once the link in a mail to it is used; the address so far is told.

    An address that has an account already is answered the same, and told so by mail.
    """
    challenge = new_challenge(ctx, "change-email")
    if await ctx.db.one(ASK, bool, challenge, email=data.email):
        ctx.mail("confirm_email", to=data.email, name="", link=f"/confirm-email?token={challenge.token}")
    elif ctx.reveals_accounts:
        raise EmailTaken
    else:
        ctx.mail("account_exists", to=data.email, name="", link=FORGOTTEN)
    ctx.mail("email_changing", to=ctx.user.email, name=ctx.user.name, email=data.email, link=FORGOTTEN)
    return data


@identity.mutation(
    "POST /email/confirm",
    Public("the link of a mail says who it is"),
    RateLimit("auth", by="ip", fail="closed"),
    Raises(LinkSpent),
    Raises(EmailTaken, on="users_email_key"),
    Audit("user.email_changed", target="{result.user_id}"),
)
async def confirm_email(ctx: PublicContext, data: LinkToken) -> Confirmed:
    """Take the new address into use with the token that was sent to it, which is good once."""
    done = await redeem(ctx, CONFIRM, data.token)
    await tell_of(ctx, "updated", done.user_id)
    return done
