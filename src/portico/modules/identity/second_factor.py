"""The second step of signing in: a code of an authenticator app, or a recovery code."""

from typing import cast
from uuid import UUID

from pydantic import BaseModel

from portico import (
    Audit,
    Call,
    Contract,
    Error,
    FieldError,
    Invalid,
    NotConfigured,
    Policy,
    Public,
    PublicContext,
    Raises,
    RateLimit,
    RateLimited,
)
from portico.modules.identity.codes import hash_of_code, step_of, unseal_secret
from portico.modules.identity.errors import BeginAgain, WrongCode
from portico.modules.identity.factors import SecondFactorShown
from portico.modules.identity.models import SignedIn
from portico.modules.identity.module import hash_of, identity
from portico.modules.identity.opening import Method, open_session
from portico.modules.identity.signing import shown_at_in

TRY = "select * from portico.try_second_factor_v1(:token_hash)"
REDEEM = "select * from portico.pass_second_factor_v1(:token_hash, :step, :code_hash)"
FAILURES = "failed-sign-in"
"""By network, and by account besides: whoever guesses holds nobody up who is elsewhere."""


class Tried(BaseModel):
    """Whose ticket was tried, and what their codes are made of."""

    user_id: UUID
    secret: bytes


class Passed(BaseModel):
    """Whose ticket was taken back, if it was one, and whether the code was good."""

    user_id: UUID | None
    method: Method | None
    """How the first step was done."""
    passed: bool


class VerifiesCode(Policy):
    """Refuses a wrong `code`, after five tries the `ticket`; its step is then `ctx.found["step"]`, None without a code.

    A try is counted before the code is looked at, in a statement of its own: of many at once none is for free. Whoever
    has failed five times from one network waits, whatever tickets a known password brings; another network does not.
    """

    async def check(self, call: Call) -> Error | None:
        """Count the try, then compare the code."""
        code = call.values["code"]
        if code is None and call.values["recovery_code"] is None:
            return Invalid(errors={"code": [FieldError("VAL_REQUIRED_FIELD")]})
        tried = await call.db.maybe(TRY, Tried, token_hash=hash_of(call.input("ticket", str)))
        if tried is None:
            return BeginAgain()
        call.found["user_id"], call.found["step"] = tried.user_id, None
        return await self._compare(call, tried, code) if isinstance(code, str) else None

    @staticmethod
    async def _compare(call: Call, tried: Tried, code: str) -> Error | None:
        """Refuse a wrong code; recovery codes are too long for anybody to guess, and cost none of these tries."""
        failures = f"failed-second-factor\x1f{PublicContext(call).device.prefix}\x1f{tried.user_id}"
        taken = await call.services.count(failures, FAILURES, cost=0)
        if not taken.allowed:
            return RateLimited(retry_after=taken.reset, by_input=True)
        step = step_of(code, unseal_secret(PublicContext(call), tried.user_id, tried.secret), call.now)
        if step is None:
            await call.services.count(failures, FAILURES)
            return WrongCode(at="code")
        call.found["step"] = step
        return None

    def contract(self) -> Contract:
        """It may answer these, SYS_CONFIG_ERROR where secrets were sealed under a former SECRET_KEY."""
        return Contract(errors=(WrongCode, BeginAgain, Invalid, RateLimited, NotConfigured))


@identity.mutation(
    "POST /sign-in/second-factor",
    Public("whoever has shown a password"),
    RateLimit("auth", by="ip", fail="closed"),
    VerifiesCode(),
    Raises(WrongCode),
    Raises(BeginAgain),
    Audit("user.login", target="{result.user_id}"),
)
async def show_second_factor(ctx: PublicContext, data: SecondFactorShown) -> SignedIn:
    """Open a session with the ticket of the first step and a code; a code is good once, and so is the ticket.

    The ticket is bound to no browser: it is as secret as the password that it stands for, for five minutes.
    """
    step, user_id = ctx.found["step"], cast("UUID", ctx.found["user_id"])
    code_hash = hash_of_code(user_id, data.recovery_code or "")
    done = await ctx.db.one(REDEEM, Passed, token_hash=hash_of(data.ticket), step=step, code_hash=code_hash)
    if done.user_id is None:
        raise BeginAgain
    if not done.passed:
        raise WrongCode(at="code" if data.code else "recovery_code")
    ctx.audit(second_factor="totp" if data.code else "recovery-code")
    shown_at = shown_at_in(data.ticket)
    return await open_session(ctx, done.user_id, method=done.method or "password", authenticated_at=shown_at)
