"""External: the handler calls another service, with no transaction open."""

from portico.core.aside import Aside
from portico.core.breaking import NO_FALLBACK
from portico.core.policy import Contract, Policy
from portico.errors import Misconfigured, Unavailable


class External(Policy):
    """The handler calls this service: no transaction is open, a breaker and a timeout stand around it.

    Each statement of `ctx.db` is a transaction of its own, `ctx.transaction()` makes one of several. With `Idempotent`
    the key is claimed and committed before, and settled after, with audit, events and answer; `ctx.external_key` is
    the key for the service, the same when a crash lets the request run again. `timeout` is in seconds; `fallback` is a
    value, or an async function of the handler's arguments, that answers where the service is out of reach.
    """

    service: str
    timeout: float | None = None
    fallback: object = NO_FALLBACK

    def __post_init__(self) -> None:
        """Raise Misconfigured where no service is named, or no time is left."""
        if not self.service.strip():
            raise Misconfigured('External(""): name the service, such as External("stripe")')
        if self.timeout is not None and self.timeout <= 0:
            message = f"External({self.service!r}, timeout={self.timeout:g}): write the seconds that the call may take"
            raise Misconfigured(message)

    @property
    def aside(self) -> Aside:
        """The service, and what stands around the call of it."""
        return Aside(self.service, self.timeout, self.fallback)

    def contract(self) -> Contract:
        """It may answer that the service is out of reach."""
        return Contract(errors=(Unavailable,))
