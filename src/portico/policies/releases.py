"""Releases: gives back to a quota."""

from portico.core.call import Call
from portico.core.policy import Contract
from portico.errors import Error
from portico.policies.quota import Quota


class Releases(Quota):
    """Gives back what `Quota` has taken, on the action that removes: `Releases("staff")`.

    `amount` is as in `Quota`; a count never falls below zero.
    """

    def contract(self) -> Contract:
        """It refuses nothing."""
        return Contract(resources=(self.resource,))

    def _refusal(self, call: Call) -> Error | None:
        """Room is made whatever is left."""
        return None

    def _note(self, call: Call, amount: int) -> None:
        super()._note(call, -amount)
