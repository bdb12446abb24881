"""Signing up, and confirming an address."""

from portico import Html, Public, PublicContext
from portico.modules.identity import confirm_email as identity_confirm_email
from portico.modules.identity import resend_verification, verify_email
from portico.modules.identity import sign_up as identity_sign_up
from salon.account.module import account
from salon.frame import NOTICES

SENT = "/check-your-mail?done=sent"


@account.query("GET /sign-up", Public("whoever has no account yet"))
async def sign_up(ctx: PublicContext) -> Html:
    """Ask who one is."""
    return Html("account/sign_up.html", {})


@account.query("GET /check-your-mail", Public("whoever has just signed up"))
async def check_mail(ctx: PublicContext, done: str = "") -> Html:
    """Say that a mail is on its way, and send it again where it is not."""
    return Html("account/check_mail.html", {"notice": NOTICES.get(done, "")})


# What scans mails follows their links: looking at these pages changes nothing, a button does.
@account.query("GET /verify-email", Public("the link of a mail leads here"))
async def verify(ctx: PublicContext, token: str = "") -> Html:
    """Ask for a click that confirms the address."""
    return Html("account/verify.html", {"token": token, "action": "/verify-email"})


@account.query("GET /confirm-email", Public("the link of a mail leads here"))
async def confirm_email(ctx: PublicContext, token: str = "") -> Html:
    """Ask for a click that takes a new address into use."""
    return Html("account/verify.html", {"token": token, "action": "/confirm-email"})


account.form("/sign-up", identity_sign_up, page=sign_up, then=("/check-your-mail?next={next}", "/check-your-mail"))
account.form("/check-your-mail", resend_verification, page=check_mail, then=(f"{SENT}&next={{next}}", SENT))
account.form("/verify-email", verify_email, page=verify, then="/sign-in?done=verified")
account.form("/confirm-email", identity_confirm_email, page=confirm_email, then="/sign-in?done=email-confirmed")
