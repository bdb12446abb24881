"""The second factor: turned on and off by whoever is signed in."""

from portico import (
    Anyone,
    Audit,
    Interactive,
    Mails,
    NotConfigured,
    NotFound,
    Raises,
    RateLimit,
    Sudo,
    UserContext,
)
from portico.modules.identity.codes import (
    hash_of_code,
    new_recovery_codes,
    new_secret,
    seal_secret,
    setup_of,
    step_of,
    unseal_secret,
)
from portico.modules.identity.errors import SecondFactorInUse, WrongCode
from portico.modules.identity.factors import CodeShown, RecoveryCodes, SecondFactorOn, SecondFactorState, TotpSetup
from portico.modules.identity.models import NewToken
from portico.modules.identity.module import FORGOTTEN, identity
from portico.modules.identity.opening import renew_token

BEGIN = "select portico.begin_totp_v1(:secret)"
BEGUN = "select portico.begun_totp_v1()"
CONFIRM = "select portico.confirm_totp_v1(:secret, :step, :code_hashes)"
RENEW = "select portico.renew_recovery_codes_v1(:code_hashes)"
END = "select portico.end_totp_v1()"
STATE = "select since, recovery_codes from portico.second_factor_v1()"
OWN = Anyone("one's own second factor")
GUESSES = RateLimit("failed-sign-in", counts="failures", scope="failed-code", fail="closed")


@identity.query("GET /totp", OWN, Interactive())
async def second_factor(ctx: UserContext) -> SecondFactorState:
    """Whether one's second factor is on, and how many recovery codes are left."""
    return await ctx.db.one(STATE, SecondFactorState)


@identity.mutation(
    "POST /totp",
    OWN,
    Interactive(),
    Sudo(),
    RateLimit("auth", fail="closed"),
    Raises(SecondFactorInUse),
    Audit("user.second_factor_begun"),
)
async def begin_totp(ctx: UserContext) -> TotpSetup:
    """Begin to use an authenticator app: a new secret for it, without effect until a code confirms it."""
    secret = new_secret(ctx)
    if not await ctx.db.one(BEGIN, bool, secret=seal_secret(ctx, ctx.user.id, secret)):
        raise SecondFactorInUse
    return setup_of(secret, ctx.site, ctx.user.email)


@identity.query("GET /totp/setup", OWN, Interactive(), Sudo(), Raises(NotConfigured))
async def find_totp_setup(ctx: UserContext) -> TotpSetup:
    """The secret that was begun with, once more, as long as no code has confirmed it."""
    sealed = await ctx.db.one(BEGUN, bytes)
    return setup_of(unseal_secret(ctx, ctx.user.id, sealed), ctx.site, ctx.user.email)


@identity.mutation(
    "POST /totp/confirm",
    OWN,
    Interactive(),
    RateLimit("auth", fail="closed"),
    GUESSES,
    Mails("second_factor_on"),
    Raises(WrongCode),
    Raises(NotConfigured),
    Audit("user.second_factor_on"),
)
async def confirm_totp(ctx: UserContext, data: CodeShown) -> SecondFactorOn:
    """Turn the second factor on with a code of the app: every sign-in with a password wants one from now on.

    The answer holds ten recovery codes, which are never shown again. The session in hand gets another token.
    """
    sealed = await ctx.db.one(BEGUN, bytes)
    step = step_of(data.code, unseal_secret(ctx, ctx.user.id, sealed), ctx.now)
    codes, hashes = _recovery_codes(ctx)
    if step is None or not await ctx.db.one(CONFIRM, bool, secret=sealed, step=step, code_hashes=hashes):
        raise WrongCode(at="code")
    ctx.mail("second_factor_on", to=ctx.user.email, name=ctx.user.name, link=FORGOTTEN)
    renewed = await renew_token(ctx, shown=False)
    return SecondFactorOn(recovery_codes=codes, token=renewed.token)


@identity.mutation(
    "POST /totp/recovery-codes",
    OWN,
    Interactive(),
    Sudo(),
    RateLimit("auth", fail="closed"),
    Audit("user.recovery_codes_renewed"),
)
async def renew_recovery_codes(ctx: UserContext) -> RecoveryCodes:
    """Ten other recovery codes; those so far are worth nothing any more."""
    codes, hashes = _recovery_codes(ctx)
    if not await ctx.db.one(RENEW, bool, code_hashes=hashes):
        raise NotFound
    return RecoveryCodes(recovery_codes=codes)


@identity.mutation(
    "DELETE /totp",
    OWN,
    Interactive(),
    Sudo(),
    RateLimit("auth", fail="closed"),
    Mails("second_factor_off"),
    Audit("user.second_factor_off"),
)
async def end_totp(ctx: UserContext) -> NewToken:
    """Turn the second factor off, and forget its secret and recovery codes; the session in hand gets another token."""
    if not await ctx.db.one(END, bool):
        raise NotFound
    ctx.mail("second_factor_off", to=ctx.user.email, name=ctx.user.name, link=FORGOTTEN)
    return await renew_token(ctx, shown=False)


def _recovery_codes(ctx: UserContext) -> tuple[list[str], list[bytes]]:
    """New ones, and what is kept of them."""
    codes = new_recovery_codes(ctx)
    return codes, [hash_of_code(ctx.user.id, code) for code in codes]
