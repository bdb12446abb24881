"""External: the handler calls another service, with no transaction open."""

from portico.core.action import AnyAction
from portico.core.aside import Aside
from portico.core.breaking import NO_FALLBACK
from portico.core.policy import Contract, Policy
from portico.errors import Misconfigured, Unavailable


class External(Policy):
    """The handler calls this service: no transaction is open, a breaker and a timeout stand around it.

    Each statement of `ctx.db` is a transaction of its own, `ctx.transaction()` makes one of several. With `Idempotent`
    the key is claimed and committed before, and settled after, with audit, events and answer; `ctx.external_key` is
    the key for the service, the same when a crash lets the request run again. `timeout` is in seconds, of each try
    where `Retry` stands beside it; `fallback` is a value, or an async function of the handler's arguments, that answers
    where the service is out of reach. `finish` is a job that takes `key: str`, the external key: where the process has
    died in between, it is enqueued once, as who called, to ask the service and finish what was begun.
    """

    service: str
    timeout: float | None = None
    fallback: object = NO_FALLBACK
    finish: AnyAction | None = None

    def __post_init__(self) -> None:
        """Raise Misconfigured where no service is named, no time is left, or what finishes it is no job."""
        if not self.service.strip():
            raise Misconfigured('External(""): name the service, such as External("stripe")')
        if self.timeout is not None and self.timeout <= 0:
            message = f"External({self.service!r}, timeout={self.timeout:g}): write the seconds that the call may take"
            raise Misconfigured(message)
        if self.finish is not None and self.finish.task is None:
            message = (
                f"External({self.service!r}, finish={self.finish.name}): that is no job; declare it with @module.job()"
            )
            raise Misconfigured(message)

    @property
    def aside(self) -> Aside:
        """The service, and what stands around the call of it."""
        return Aside(self.service, self.timeout, self.fallback, finish=self.finish)

    def contract(self) -> Contract:
        """It may answer that the service is out of reach."""
        return Contract(errors=(Unavailable,))
