"""Releases: gives back to a quota."""

from typing import ClassVar

from portico.core.call import Call
from portico.core.policy import Contract
from portico.core.quotas import Ledger
from portico.errors import Error
from portico.policies.quota import Quota


class Releases(Quota):
    """Gives back what `Quota` has taken, on the action that removes: `Releases("staff")`.

    `amount` is as in `Quota`; a count never falls below zero.
    """

    sign: ClassVar[int] = -1

    def contract(self) -> Contract:
        """It refuses nothing."""
        return Contract(resources=(self.resource,))

    def _refusal(self, call: Call, book: Ledger) -> Error | None:
        """Room is made whatever is left."""
        return None
