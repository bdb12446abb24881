"""A call whose handler works outside of the transaction: as whom, under which claim, with which key."""

from dataclasses import dataclass, field

from portico.ports.database import Db
from portico.ports.outside import Claim, Outside, Standing, Trail


@dataclass(frozen=True, slots=True)
class Errand:
    """What the call's statements go through while no transaction is open."""

    outside: Outside
    standing: Standing
    claim: Claim | None
    key: str
    """The idempotency key for the other service."""
    read_only: bool
    trail: Trail = field(default_factory=Trail)

    @property
    def db(self) -> Db:
        """Statements that each are a transaction of their own."""
        return self.outside.db(self.standing, self.trail, read_only=self.read_only)
