"""Claims of calls whose process has died, as the role `portico_worker` finds them and tells of them."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from portico.adapters.postgres.loose import LooseLane
from portico.adapters.postgres.pool import Pool

FIND = "select digest, fingerprint, holder, action, org_id, user_id, leased_until from portico.expired_claims_v1($1)"
TELL = "select portico.tell_of_claim_v1($1, $2, $3, $4, $5)"


class Interrupted(NamedTuple):
    """A call to another service of which nobody knows how it ended."""

    digest: bytes
    fingerprint: bytes
    holder: UUID
    action: str
    org: UUID | None
    user: UUID | None
    since: datetime
    """When its lease ran out."""


class PostgresInterrupted:
    """Looks on a pool's connections."""

    def __init__(self, pool: Pool) -> None:
        """Connections as `portico_worker`."""
        self._lane = LooseLane(pool)

    async def find(self, most: int) -> list[Interrupted]:
        """Those of which nobody was told, longest ago first."""
        return [Interrupted(*row) for row in await self._lane.fetch(FIND, [most])]

    async def tell(self, call: Interrupted, jobs: str, *, metadata: str, request_id: str) -> bool:
        """Write it into the audit and enqueue jobs as who has called; False where that was done, or it goes on."""
        return bool((await self._lane.fetch(TELL, [call.digest, call.holder, jobs, metadata, request_id]))[0][0])
