"""The gate for many callers at once."""

from collections.abc import Sequence

from portico.adapters.postgres.loose import LooseLane
from portico.adapters.postgres.pool import Pool
from portico.ports.database import Entry, Facts

ASKED = (0, 1, 2, 7, 8, 9, 14, 10, 11, 12)
"""What is asked again of an entry, by the places of its members."""
GATES = """
select portico.gate_v5(e.credential, e.org, e.slug, null, null, e.row_table, e.row_id, e.row_owner, e.row_version,
                       e.row_scope, null, null, e.operator, e.slug_proof, null)
  from unnest($1::bytea[], $2::uuid[], $3::text[], $4::boolean[], $5::bytea[], $6::text[], $7::uuid[], $8::text[],
              $9::text[], $10::text[]) with ordinality
    as e(credential, org, slug, operator, slug_proof, row_table, row_id, row_owner, row_version, row_scope, n)
 order by e.n
"""


class PostgresGates:
    """Asks on a free connection."""

    def __init__(self, pool: Pool) -> None:
        """Lend from that pool."""
        self._lane = LooseLane(pool)

    async def ask(self, entries: Sequence[Entry]) -> list[Facts]:
        """What the gate says of each."""
        columns = list(zip(*entries, strict=True))
        rows = await self._lane.fetch(GATES, [list(columns[i]) for i in ASKED])
        return [Facts._make(row[0]) for row in rows]
