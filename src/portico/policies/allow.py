"""Allow: a permission of the caller's role."""

from typing import ClassVar

from portico.core.call import Call, holds
from portico.core.policy import Contract, Policy
from portico.errors import Error, Forbidden, Misconfigured, ScopeMissing


class Allow(Policy):
    """Members whose role holds the permission, such as `appointments:create`."""

    permission: str
    authorizes: ClassVar[bool] = True
    permits: ClassVar[bool] = True

    def __post_init__(self) -> None:
        """Raise Misconfigured where it asks for nothing."""
        if not self.permission.strip():
            raise Misconfigured("Allow needs the permission it asks for; write Allow('things:do')")

    def decide(self, call: Call) -> Error | None:
        """Refuse whose role does not hold it, and an API key whose scopes do not cover it."""
        if call.may(self.permission):
            return None
        scopes = call.facts.key_scopes
        return Forbidden() if scopes is None or holds(scopes, self.permission) else ScopeMissing()

    def contract(self) -> Contract:
        """It may answer FORBIDDEN and AUTH_SCOPE_MISSING; the permission is one that roles are made of."""
        return Contract(errors=(Forbidden, ScopeMissing), permissions=(self.permission,))
