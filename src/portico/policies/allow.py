"""Allow: a permission of the caller's role."""

from typing import ClassVar

from portico.core.call import Call
from portico.core.policy import Contract, Policy
from portico.errors import Error, Forbidden


class Allow(Policy):
    """Members whose role holds the permission, such as `appointments:create`."""

    permission: str
    authorizes: ClassVar[bool] = True

    def decide(self, call: Call) -> Error | None:
        """Refuse whose role does not hold it."""
        return None if call.may(self.permission) else Forbidden()

    def contract(self) -> Contract:
        """It may answer FORBIDDEN."""
        return Contract(errors=(Forbidden,))
