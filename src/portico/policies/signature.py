"""Signature: proves who sent an incoming webhook."""

import logging
import re
from typing import ClassVar

from portico.core.call import Call
from portico.core.policy import Contract, Policy
from portico.core.proof import Proof
from portico.core.schemes import SCHEMES, Doubt, Parcel, SchemeName, Terms
from portico.errors import Error, Misconfigured, NotFound, TooLarge

SETTING = re.compile(r"[A-Z][A-Z0-9_]*")
REFUSED = "select portico.refuse_v1(:inbox, :reason, cast(:moment as timestamptz), :proof)"
log = logging.getLogger("portico")


class Signature(Policy):
    """Proves an incoming webhook by its raw body: `Signature("stripe", secret="STRIPE_WEBHOOK_SECRET")`.

    `scheme` is how the provider signs: `stripe`, `standard` (Standard Webhooks), `hmac` (`x-webhook-signature`, the
    HMAC-SHA256 of the body in hexadecimal) or `supabase` (the same in `x-supabase-signature`). `secret` names the
    setting that holds the secret; several, separated by commas, all count, so that one can be replaced by another.
    Without it the application does not start, or where it is `optional` the webhook takes nothing (404). What was
    signed more than `tolerance` seconds ago, or as much in the future, is refused. Every refusal is counted.

    Raises Misconfigured where the scheme is unknown, or the setting is no name of one.
    """

    scheme: SchemeName
    secret: str
    tolerance: float = 300.0
    max_bytes: int = 512 * 1024
    """The largest body that is read."""
    optional: bool = False
    admits_nobody: ClassVar[bool] = True

    def __post_init__(self) -> None:
        """Refuse what could never be proved."""
        if not SETTING.fullmatch(self.secret):
            message = (
                f"Signature({self.scheme!r}): secret= names the setting that holds it, such as STRIPE_WEBHOOK_SECRET"
            )
            raise Misconfigured(message)
        if self.tolerance <= 0 or self.max_bytes < 1:
            raise Misconfigured(f"Signature({self.scheme!r}): write a tolerance and a max_bytes above zero")

    @property
    def proof(self) -> Proof:
        """The same, as the inbox needs it."""
        return Proof(self.scheme, self.secret, self.tolerance, self.max_bytes, self.optional)

    async def check(self, call: Call) -> Error | None:
        """Refuse what is not proved; counted, in words for the log alone."""
        keys = call.services.keys.get((self.scheme, self.secret), ())
        if not keys:
            return NotFound()
        scheme, parcel = SCHEMES[self.scheme], Parcel(call.input("body", bytes), call.request.headers)
        doubt = scheme.judge(parcel, Terms(keys, call.now.timestamp(), self.tolerance))
        if doubt is None:
            return None
        await _count(call, doubt)
        return scheme.missing() if doubt == "missing" else scheme.forged()

    def contract(self) -> Contract:
        """What it refuses with, and the headers that it reads."""
        scheme = SCHEMES[self.scheme]
        errors = (scheme.missing, scheme.forged, TooLarge, NotFound)
        return Contract(errors=errors, inputs=scheme.headers, required=scheme.headers)


async def _count(call: Call, doubt: Doubt) -> None:
    """Keep count of what was refused, by reason and day; the refusal stands where that fails."""
    services, now = call.services, call.now
    log.warning("%s refused a delivery: %s", call.action, doubt, extra={"request_id": call.request.id})
    proof = services.prove(f"refuse\n{call.action}\n{doubt}".encode())
    try:
        await services.database.db.execute(REFUSED, inbox=call.action, reason=doubt, moment=now, proof=proof)
    except Exception as problem:  # noqa: BLE001  # whatever the database says, the delivery is refused
        log.warning("%s could not count a refusal: %s", call.action, type(problem).__name__)
