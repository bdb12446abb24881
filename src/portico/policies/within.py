"""In: the organization of a public page."""

from portico.core.policy import Ask, Contract, Policy
from portico.errors import NotFound


class In(Policy):
    """The organization of a `TenantContext`, by its slug: `In("{slug}")`."""

    org: str

    def ask(self) -> Ask:
        """The organization of that slug."""
        return Ask(slug=self.org)

    def contract(self) -> Contract:
        """It may answer NOT_FOUND."""
        return Contract(errors=(NotFound,))
