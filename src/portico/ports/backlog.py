"""How much background work waits."""

from datetime import datetime
from typing import NamedTuple, Protocol


class Backlog(NamedTuple):
    """Jobs and events of all organizations together; counts end at 10,000."""

    waiting: int
    running: int
    dead: int
    """Those that have failed for good."""
    overdue: float
    """Seconds for which the job has waited that should have run first; 0 where none is due."""
    behind: float
    """Age in seconds of the oldest event that was not handed to a handler yet."""


class Backlogs(Protocol):
    """Tells how much waits."""

    async def backlog(self, as_of: datetime, proof: bytes) -> Backlog:
        """As of then; the proof is the application's, over `backlog`."""
        ...
