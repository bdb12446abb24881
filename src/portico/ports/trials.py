"""What is noted of experiments in memory while calls run, and written later, all at once."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol


class Happening(NamedTuple):
    """Somebody has seen a variant, or done what an experiment counts."""

    experiment: str
    subject: bytes
    """A hash: nobody can tell from it who it was."""
    variant: str
    event: str
    """Empty where the variant was seen."""
    at: datetime


class Trials(Protocol):
    """Notes cost no round trip; a process that is killed loses what it had not yet written, and no more than that."""

    def note(self, happenings: Sequence[Happening]) -> None:
        """Note what has happened in a call that is committed; that a variant was seen counts once for each subject."""
        ...

    async def flush(self) -> None:
        """Write what was noted; raises where it cannot be, and keeps it for the next time."""
        ...
