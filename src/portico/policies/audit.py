"""Audit: who did what, in the same transaction."""

from typing import TYPE_CHECKING, Any, ClassVar

from portico.core.call import NOTHING, Call
from portico.core.policy import Policy
from portico.core.template import Fill, Template
from portico.errors import (
    InProgress,
    Invalid,
    KeyMalformed,
    KeyMissing,
    KeyReused,
    Misconfigured,
    RateLimited,
    Unauthorized,
    Unavailable,
)

if TYPE_CHECKING:
    from portico.core.result import Result

QUIET = (Invalid, RateLimited, InProgress, KeyMalformed, KeyMissing, KeyReused, Unavailable)
"""Refusals that are the caller's everyday and would drown the log; and outages: nobody knows what was done in one."""


class Audit(Policy):
    """Writes `event` with its `target`; a denied or failed call is written too, in a transaction of its own.

    Where a batch gives a list, `each=True` writes a row for each of its items, which is `{result}` in the target.
    """

    event: str
    target: str = "{result.id}"
    each: bool = False
    _fill: ClassVar[Fill]

    def __post_init__(self) -> None:
        """Raise Misconfigured where the event has no name to be looked for by, or the target is no template."""
        if not self.event.strip():
            message = f'Audit({self.event!r}): write what has happened, such as "appointment.cancelled"'
            raise Misconfigured(message)
        object.__setattr__(self, "_fill", Template(self.target).fill)

    def record(self, call: Call, result: "Result[object]") -> None:
        """Note the outcome."""
        error = result.error
        if error is None:
            metadata: Any = call.found.pop("audit", NOTHING)
            items: Any = result.data if self.each else (result.data,)
            for item in items:
                call.notes.audit(self.event, self._fill(call.values, item), **metadata)
        elif not isinstance(error, QUIET) and type(error) is not Unauthorized:
            outcome = "denied" if error.status in {403, 404} else "failed"
            call.blame(self.event, self._fill(call.values), outcome=outcome, code=error.code)
