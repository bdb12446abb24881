"""How the database does: for health and metrics, never for a call."""

from datetime import datetime

from portico.adapters.postgres.loose import LooseLane
from portico.adapters.postgres.pool import Connect, Occupancy, Pool
from portico.ports.backlog import Backlog

BACKLOG = "select waiting, running, dead, overdue, behind from portico.backlog_v1($1, $2)"


class PostgresPulse:
    """Asks after one pool's database."""

    def __init__(self, pool: Pool, connect: Connect) -> None:
        """Nothing is asked yet."""
        self._pool, self._connect = pool, connect
        self._lane = LooseLane(pool)

    async def reach(self) -> None:
        """Raise where the server does not answer; where all connections are busy, it is asked by another one."""
        if self._pool.has_spare():
            await self._lane.fetch("select 1", [])
            return
        connection = await self._connect()
        try:
            await connection.execute("select 1")
        finally:
            connection.terminate()

    async def backlog(self, as_of: datetime, proof: bytes) -> Backlog:
        """How much background work waits."""
        return Backlog._make((await self._lane.fetch(BACKLOG, [as_of, proof]))[0])

    def occupancy(self) -> Occupancy:
        """How busy its connections are."""
        return self._pool.occupancy()
