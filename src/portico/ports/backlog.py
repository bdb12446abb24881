"""How much background work waits."""

from typing import NamedTuple


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
