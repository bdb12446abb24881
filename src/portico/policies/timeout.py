"""Timeout: how long a call may take."""

from portico.core.policy import Contract, Policy
from portico.errors import Misconfigured, TimedOut

LONGEST = 3600
"""Seconds; what takes longer is no call."""


class Timeout(Policy):
    """The call may take so many seconds, from its decoded input to the encoded answer; then it is SYS_TIMEOUT 504.

    The handler is cancelled, its transaction rolled back, its connection free again. Its statements may take as long as
    the call, whatever the settings say of statements. An action with `External` has the timeout of that: a `Timeout`
    beside it is refused, and one for all actions of an application or a module says nothing of it.

    Raises Misconfigured where it is no number from 0.1 to 3600.
    """

    seconds: float

    def __post_init__(self) -> None:
        """Refuse what cannot be kept."""
        if not 0.1 <= self.seconds <= LONGEST:
            message = f"Timeout({self.seconds}): write seconds, from 0.1 to {LONGEST}"
            raise Misconfigured(message)

    def contract(self) -> Contract:
        """It may answer SYS_TIMEOUT, after so many seconds."""
        return Contract(errors=(TimedOut,), seconds=self.seconds)
