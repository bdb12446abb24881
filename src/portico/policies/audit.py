"""Audit: who did what, in the same transaction."""

from typing import TYPE_CHECKING, cast

from portico.core.call import Call
from portico.core.policy import Policy
from portico.core.template import template
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

    def __post_init__(self) -> None:
        """Raise Misconfigured where the event has no name: nobody could look for it."""
        if not self.event.strip():
            message = f'Audit({self.event!r}): write what has happened, such as "appointment.cancelled"'
            raise Misconfigured(message)

    def record(self, call: Call, result: "Result[object]") -> None:
        """Note the outcome."""
        error = result.error
        if error is None:
            metadata = cast("dict[str, object]", call.found.pop("audit", {}))
            items = cast("list[object]", result.data) if self.each else (result.data,)
            for item in items:
                call.notes.audit(self.event, template(self.target).fill(call.values, item), **metadata)
        elif not isinstance(error, QUIET) and type(error) is not Unauthorized:
            outcome = "denied" if error.status in {403, 404} else "failed"
            call.blame(self.event, template(self.target).fill(call.values), outcome=outcome, code=error.code)
