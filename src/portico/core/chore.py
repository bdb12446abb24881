"""Work that a module has done by the workers besides jobs: what it takes, and what it is given."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import NamedTuple, Protocol

from portico.core.call import Services
from portico.ports.courier import Courier
from portico.ports.database import Db
from portico.ports.ear import Ears
from portico.ports.events import Sink


class Bench(NamedTuple):
    """What a worker lends."""

    services: Services
    db: Db
    """Statements as the role `portico_worker`, each a transaction of its own."""
    courier: Courier
    ears: Ears
    """Hear that something was committed."""
    lease: timedelta
    """How long what a worker holds is its own without another word."""


class Post(NamedTuple):
    """A chore that a module has to be done."""

    consumers: Sequence[str]
    """The names of its sinks: `portico migrate` makes them known, so that no event is emitted before they listen."""
    make: "Callable[[Bench], Chore]"


class Chore(Protocol):
    """Such work; several workers do it at once, on several machines."""

    @property
    def sinks(self) -> Sequence[Sink]:
        """Where it takes events from the outbox."""
        ...

    async def work(self) -> None:
        """Go on until cancelled; where it fails, it is begun again."""
        ...

    async def settle(self) -> int:
        """Do all that is due now, and end; how much that was."""
        ...

    async def drain(self, grace: float) -> None:
        """Finish what is in hand within so many seconds, and give the rest back."""
        ...
