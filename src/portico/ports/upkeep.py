"""What workers do for an installation beside its jobs."""

from datetime import datetime
from typing import Protocol


class Upkeep(Protocol):
    """Of all organizations; each batch is a transaction of its own."""

    async def sweep(self, now: datetime) -> dict[str, int]:
        """Remove what was over by then; how many of each kind."""
        ...

    async def seal(self, now: datetime) -> int:
        """Seal what was written into the audit, and let go of what is kept no longer; how many records were sealed."""
        ...

    async def finish(self, now: datetime) -> int:
        """Tell of calls to other services that died with their process, and have them finished, once; how many."""
        ...
