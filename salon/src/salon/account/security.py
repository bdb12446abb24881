"""Password, second factor, and the other ways of signing in."""

from portico import Anyone, Html, Interactive, Sudo, UserContext
from portico.modules.identity import (
    begin_totp,
    change_password,
    confirm_totp,
    end_totp,
    find_identities,
    find_passkeys,
    find_providers,
    find_totp_setup,
    link_identity,
    remove_passkey,
    renew_recovery_codes,
    second_factor,
    unlink_identity,
)
from salon.account.module import account
from salon.frame import framed, warning_of

OWN = Anyone("one's own account")


@account.query("GET /account/security", OWN, Interactive())
async def security(ctx: UserContext, done: str = "", error: str = "") -> Html:
    """Show what the account is secured by, and a form for another password."""
    values = {
        "factor": await ctx.call(second_factor),
        "passkeys": await ctx.call(find_passkeys),
        "identities": await ctx.call(find_identities),
        "providers": await ctx.call(find_providers),
        "warning": warning_of(error),
    }
    return await framed(ctx, "account/security.html", values, done=done)


@account.query("GET /account/two-factor", OWN, Interactive(), Sudo())
async def two_factor(ctx: UserContext) -> Html:
    """Show the secret for an authenticator app until a code has confirmed it; then the recovery codes, once."""
    factor = await ctx.call(second_factor)
    setup = None if factor.since else await ctx.call(find_totp_setup)
    return await framed(ctx, "account/two_factor.html", {"factor": factor, "setup": setup})


@account.query("GET /account/passkeys/new", OWN, Interactive(), Sudo())
async def new_passkey(ctx: UserContext) -> Html:
    """Add a passkey: the one thing here that takes a script."""
    return await framed(ctx, "account/new_passkey.html", {})


DONE = "/account/security?done="
account.form("/account/security", change_password, page=security, then=DONE + "password")
account.form("/account/two-factor/begin", begin_totp, page=security, then="/account/two-factor")
account.form("/account/two-factor", confirm_totp, page=two_factor)
account.form("/account/two-factor/codes", renew_recovery_codes, page=two_factor)
account.form("/account/two-factor/end", end_totp, page=security, then=DONE + "two-factor-off")
account.form("/account/passkeys/{id}/remove", remove_passkey, page=security, then=DONE + "passkey-removed")
account.form("/account/identities/{provider}", link_identity, page=security, then=DONE + "connected")
account.form("/account/identities", unlink_identity, page=security, then=DONE + "disconnected")
