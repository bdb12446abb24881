"""Invalidates: what a mutation makes stale."""

from typing import TYPE_CHECKING

from portico.core.call import Call
from portico.core.policy import Contract, Policy
from portico.core.template import Template

if TYPE_CHECKING:
    from portico.core.result import Result


class Invalidates(Policy):
    """The tags that a success makes stale: `Invalidates("appointments", "appointment:{id}")`.

    The answer names them in `Invalidates`, percent-encoded, so that a client drops what it
    holds of them.
    """

    tags: tuple[str, ...]

    def __init__(self, *tags: str) -> None:
        """Take the tags; each is a template of input and result."""
        object.__setattr__(self, "tags", tags)
        object.__setattr__(self, "_fills", tuple(Template(tag).fill for tag in tags))

    def record(self, call: Call, result: "Result[object]") -> None:
        """Note the tags."""
        if result.error is None:
            values, made, tags = call.values, result.data, call.notes.tags
            for fill in self._fills:  # type: ignore[attr-defined]  # set in __init__, no field
                if tag := fill(values, made):
                    tags.append(tag)

    def contract(self) -> Contract:
        """It adds Invalidates."""
        return Contract(headers=("Invalidates",))
