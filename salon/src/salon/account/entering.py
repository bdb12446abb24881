"""Signing in, in one step or two, and out."""

from portico import Html, Public, PublicContext
from portico.modules.identity import find_providers, show_second_factor, sign_out_everywhere
from portico.modules.identity import sign_in as identity_sign_in
from portico.modules.identity import sign_out as identity_sign_out
from salon.account.module import account
from salon.frame import NOTICES, warning_of

STEP = "/sign-in/second-factor"
WAYS = (
    STEP + "?ticket={result.second_factor}&next={next}",
    STEP + "?ticket={result.second_factor}",
    "{next}",
    "/",
)
"""After a password: to the second step, or to where one wanted to go, or in."""


@account.query("GET /sign-in", Public("one signs in here"))
async def sign_in(ctx: PublicContext, done: str = "", error: str = "") -> Html:
    """Show the sign-in page; `error` is what went wrong at a provider."""
    said = {"notice": NOTICES.get(done, ""), "warning": warning_of(error)}
    return Html("account/sign_in.html", {**said, "providers": await ctx.call(find_providers)})


@account.query("GET /sign-in/second-factor", Public("whoever has a ticket of the first step"))
async def second_step(ctx: PublicContext, ticket: str = "") -> Html:
    """Ask for a code of the authenticator app, or for a recovery code."""
    return Html("account/second_step.html", {"ticket": ticket})


@account.query("GET /goodbye", Public("whoever has gone"))
async def goodbye(ctx: PublicContext) -> Html:
    """Say goodbye to somebody whose account is deleted."""
    return Html("account/goodbye.html", {})


account.form("/sign-in", identity_sign_in, page=sign_in, then=WAYS)
account.form("/sign-in/second-factor", show_second_factor, page=second_step, then=("{next}", "/"))
account.form("/sign-out", identity_sign_out, page=sign_in, then="/sign-in")
account.form("/sign-out-everywhere", sign_out_everywhere, page=sign_in, then="/sign-in?done=signed-out")
