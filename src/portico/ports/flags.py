"""What operators have set for each feature flag, at hand in memory."""

from collections.abc import Mapping
from typing import Literal, NamedTuple, Protocol
from uuid import UUID

NOBODY: frozenset[UUID] = frozenset()


class Rule(NamedTuple):
    """What holds for one flag."""

    name: str
    state: Literal["off", "on", "killed"] = "off"
    """`off` leaves the allow-lists alone; `killed` is off for everybody."""
    percentage: float = 100.0
    """For how many of those who are not on a list it is on, where the state is `on`."""
    by: Literal["user", "org"] = "user"
    """Who is counted in that."""
    users: frozenset[UUID] = NOBODY
    orgs: frozenset[UUID] = NOBODY


class Flags(Protocol):
    """A look-up costs no round trip; what an operator changes is there within a second."""

    @property
    def rules(self) -> Mapping[str, Rule]:
        """What was set, by the flag's name; what nobody has set is not there."""
        ...

    async def refresh(self) -> None:
        """Look whether something was set since; raises where nobody can say, and what was known stays."""
        ...
