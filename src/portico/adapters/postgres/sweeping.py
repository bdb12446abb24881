"""Removes rows that are past their time, as the role `portico_worker`: each batch in a transaction of its own."""

from datetime import datetime

from portico.adapters.postgres.loose import LooseLane
from portico.adapters.postgres.pool import Pool

SWEEP = "select portico.sweep_v1($1, $2, $3)"
SWEEP_EVENTS = "select portico.sweep_events_v1($1, $2)"


class PostgresSweeper:
    """Sweeps on a pool's connections."""

    def __init__(self, pool: Pool) -> None:
        """Connections as `portico_worker`."""
        self._lane = LooseLane(pool)

    async def sweep(self, kind: str, before: datetime, most: int) -> int:
        """Remove at most so many rows of a kind that were over before then; how many they were."""
        if kind == "events":
            return int((await self._lane.fetch(SWEEP_EVENTS, [before, most]))[0][0])
        return int((await self._lane.fetch(SWEEP, [kind, before, most]))[0][0])
