"""What happens in experiments, noted in memory, written in batches outside of any call's transaction."""

import asyncio
from collections.abc import Callable, Sequence

from pydantic_core import to_json

from portico.ports.database import Db
from portico.ports.trials import Happening

WRITE = "select portico.track_v2(:happenings, :proof)"
BATCH = 1000
MOST = 100_000
"""What is kept until it is written; beyond it nothing is noted. And how many are known to be on record."""


class PostgresTrials:
    """One process's notes."""

    def __init__(self, db: Db, prove: Callable[[bytes], bytes], *, most: int = MOST) -> None:
        """`prove` shows the database that the application writes."""
        self._db = db
        self._prove = prove
        self._most = most
        self._noted: list[Happening] = []
        self._seen: dict[tuple[str, bytes], None] = {}
        self._flushing = asyncio.Lock()

    def note(self, happenings: Sequence[Happening]) -> None:
        """Note what has happened, but for what this process has noted already."""
        for happening in happenings:
            if len(self._noted) < self._most and (happening.event or self._first(happening)):
                self._noted.append(happening)

    async def flush(self) -> None:
        """Write all that is noted; what cannot be written is kept."""
        async with self._flushing:
            while batch := self._noted[:BATCH]:
                written = to_json([{**h._asdict(), "subject": h.subject.hex()} for h in batch]).decode()
                proof = self._prove(b"track" + written.encode())
                await self._db.execute(WRITE, happenings=written, proof=proof)
                del self._noted[: len(batch)]

    def _first(self, happening: Happening) -> bool:
        """Whether the subject is new to this process; the longest known are forgotten first."""
        key = (happening.experiment, happening.subject)
        if key in self._seen:
            return False
        self._seen[key] = None
        if len(self._seen) > self._most:
            del self._seen[next(iter(self._seen))]
        return True
