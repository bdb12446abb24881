"""What can be seen of statements while they run; nobody looks unless the settings say so."""

from collections.abc import Callable
from typing import Literal, NamedTuple, Protocol, TypeAlias

Kind: TypeAlias = Literal["begin", "gate", "statement", "close"]
"""`close` writes the journal and commits; what the framework sends besides is a `statement` as the handler's are."""


class Seen(NamedTuple):
    """One trip to the database, over."""

    kind: Kind
    sql: str
    """Without its values; of a script of the framework's own, its name alone."""
    began: float
    """By `time.perf_counter`."""
    seconds: float
    failed: bool


Eye: TypeAlias = Callable[[Seen], None]
"""Is shown each trip in the task that made it; must not raise."""


class Timed(Protocol):
    """Knows how long the parts of a call took."""

    def timings(self) -> dict[str, object]:
        """For a line in the log: milliseconds by part, and the number of statements."""
        ...
