"""What stands around a handler that works outside of the transaction."""

from collections.abc import Callable

from portico.core.breaking import NO_FALLBACK
from portico.core.outages import is_worth_retrying
from portico.core.outbound import Tries
from portico.core.value import Value

Worth = Callable[[BaseException], bool]


class Aside(Value):
    """The service that a handler calls, and what its policies say of the call."""

    service: str = ""
    timeout: float | None = None
    """Seconds that the handler may take; the setting's where nothing is said."""
    fallback: object = NO_FALLBACK
    retried: bool = False
    tries: Tries | None = None
    worth: Worth = is_worth_retrying
    finish: object = None
    """The job that finishes what a crash has left open."""

    def merged(self, other: "Aside") -> "Aside":
        """Both as one; what this one leaves open is the other's."""
        again = self if self.retried else other
        called = self if self.service else other
        said = called.service, called.timeout, called.fallback
        return Aside(*said, again.retried, again.tries, again.worth, called.finish)
