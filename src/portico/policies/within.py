"""In: the organization that the input names."""

from portico.core.policy import Ask, Contract, Policy
from portico.core.template import Template
from portico.errors import Error, Forbidden, Misconfigured, NotFound


class In(Policy):
    """The organization that the input names: `In("{slug}")` of a public page, `In(id="{id}")` of its members.

    By slug, anybody may be in it (`TenantContext`). By id, only members are: to others it is not found, and an X-Org-Id
    that names another is refused.
    """

    org: str = ""
    id: str = ""

    def __post_init__(self) -> None:
        """Raise Misconfigured unless it names one of both, the id by a member alone."""
        if bool(self.org) == bool(self.id) or (self.id and Template(self.id).pieces[::2] != ["", ""]):
            message = 'In(…) names the organization by slug or by id: write In("{slug}") or In(id="{id}")'
            raise Misconfigured(message)

    def ask(self) -> Ask:
        """The organization of that slug or id."""
        return Ask(slug=self.org) if self.org else Ask(org=self.id.strip("{}"))

    def contract(self) -> Contract:
        """It may answer NOT_FOUND, and by id FORBIDDEN."""
        errors: tuple[type[Error], ...] = (NotFound,) if self.org else (NotFound, Forbidden)
        return Contract(errors=errors)
