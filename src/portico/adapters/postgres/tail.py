"""The outbox as streams read it, as the role `portico_app`, which may do so by functions and a proof alone."""

from collections.abc import Callable, Sequence
from uuid import UUID

import asyncpg

from portico.adapters.postgres.doorbell import Doorbell
from portico.adapters.postgres.loose import LooseLane
from portico.adapters.postgres.pool import Connect, Pool
from portico.ports.ear import Ear
from portico.ports.events import Emitted, Position
from portico.ports.tail import Span

END = "select pg_snapshot_xmin(pg_current_snapshot())"
AFTER = "select xid, id, event_id, org_id, name, data, at from portico.tail_v1($1, $2, $3, $4)"
BETWEEN = "select xid, id, event_id, org_id, name, data, at from portico.missed_v1($1, $2, $3, $4, $5, $6, $7, $8)"
Prove = Callable[[bytes], bytes]


class PostgresTail:
    """Reads on a pool's connections; hears on one of its own, where no pooler is in the way."""

    def __init__(self, pool: Pool, connect: Connect | None, prove: Prove) -> None:
        """Nothing is opened yet."""
        self._lane = LooseLane(pool)
        self._doorbell = None if connect is None else Doorbell(connect)
        self._prove = prove

    def ear(self, *, soon: float, late: float) -> Ear:
        """Hears of commits; without a connection that can listen it looks often instead."""
        return Ear(soon, late) if self._doorbell is None else self._doorbell.ear(soon=soon, late=late)

    async def end(self) -> Position:
        """Where the outbox ends."""
        return Position((await self._lane.fetch(END, []))[0][0], 0)

    async def after(self, place: Position, most: int) -> list[Emitted]:
        """The next events."""
        proof = self._prove(f"tail/{place}".encode())
        return _emitted(await self._lane.fetch(AFTER, [*place, most, proof]))

    async def between(self, org: UUID, names: Sequence[str], span: Span, *, most: int) -> list[Emitted] | None:
        """What an organization has missed."""
        proof = self._prove(f"missed/{org}".encode())
        try:
            found = await self._lane.fetch(BETWEEN, [org, list(names), *span.since, *span.until, most, proof])
        except asyncpg.ProgramLimitExceededError:
            return None
        return _emitted(found)

    async def close(self) -> None:
        """Close the connection that hears."""
        if self._doorbell is not None:
            await self._doorbell.close()


def _emitted(rows: Sequence[asyncpg.Record]) -> list[Emitted]:
    return [Emitted(Position(row[0], row[1]), *row[2:]) for row in rows]
