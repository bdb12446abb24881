"""Seals the audit as the role `portico_worker`, a batch in a transaction of its own; lets go of what is old."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

import asyncpg

from portico.adapters.postgres.pool import Pool
from portico.adapters.postgres.transaction import PostgresTransaction
from portico.core.chain import BEGINNING, NOBODY, Link, Record, Ring, Seal

# Of several workers one seals at a time.
LOCK = "select pg_try_advisory_xact_lock(hashtextextended('portico.seal', 0))"
REACHED = "select xid, id from portico.audit_sealing"
HORIZON = "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
RECORD = """
select id, xid, at, org_id, user_id, action, target, outcome, metadata::text, ip, user_agent, request_id
  from portico.audit
"""
NEXT = f"{RECORD} where xid >= $1 and (xid, id) > ($1, $2) and xid < $3 order by xid, id limit $4"
LEFT = f"""
{RECORD}
 where (xid < $1 or xid >= (select xid from portico.audit_sealing))
   and id not in (select unnest(s.ids) from portico.audit_seals s)
 order by xid, id
"""
SEAL = """
select chain, number, previous, kind, ids, macs, upto_xid, upto_id, through, key_id, sealed_at, hash
  from portico.audit_seals
"""
HEAD = f"{SEAL} where chain = $1 order by number desc limit 1"
PUT = "select portico.put_seal_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
OLD = """
select s.chain from portico.audit_seals s
 where s.sealed_at <= $1 and s.kind = 'rows'
   and exists (select from portico.audit_seals h where h.chain = s.chain and h.number > s.number)
 group by s.chain order by min(s.sealed_at) limit 1
"""
LAST_OLD = f"{SEAL} where chain = $1 and sealed_at <= $2 order by number limit 100"
PRUNE = "select portico.prune_audit_v1($1, $2, $3)"
Prove = Callable[[bytes], bytes]


class PostgresSealer:
    """Seals on a pool's connections, with the keys of a ring."""

    def __init__(self, pool: Pool, ring: Ring, prove: Prove) -> None:
        """Connections as `portico_worker`."""
        self._pool = pool
        self._ring = ring
        self._prove = prove

    async def seal(self, most: int, at: datetime) -> int:
        """Seal the next records, at most so many; how many there were. None where another worker is at it."""
        async with self._transaction() as tx:
            if not (await tx.fetch(LOCK, []))[0][0]:
                return 0
            # The horizon first: what is open now is not read, even if it ends before the records are.
            horizon = (await tx.fetch(HORIZON, []))[0][0]
            reached = await tx.fetch(REACHED, [])
            xid, id = reached[0] if reached else (0, 0)
            if xid > horizon:  # restored into a server whose transactions count from below
                records = [Record(*row) for row in await tx.fetch(LEFT, [horizon])]
                upto = (horizon, 0)
            else:
                records = [Record(*row) for row in await tx.fetch(NEXT, [xid, id, horizon, most])]
                upto = (horizon, 0) if len(records) < most else (records[-1].xid, records[-1].id)
            for chain, own in _by_chain(records).items():
                await self._put(tx, self._ring.seal(own, await _head(tx, chain), upto=upto, at=at))
            return len(records)

    async def let_go(self, before: datetime, at: datetime) -> int:
        """Remove some of the records that were sealed before then, behind a checkpoint; how many seals they were under.

        The last seal of a chain stays: the next one stands on it.
        """
        async with self._transaction() as tx:
            if not (await tx.fetch(LOCK, []))[0][0]:
                return 0
            found = await tx.fetch(OLD, [before])
            if not found:
                return 0
            chain: UUID = found[0][0]
            head = await _last(tx, chain)
            old = [Seal(*row) for row in await tx.fetch(LAST_OLD, [chain, before])]
            gone = [seal for seal in old if seal.number < head.number]
            link, upto = Link(chain, head.number + 1, head.hash), (head.upto_xid, head.upto_id)
            await self._put(tx, self._ring.checkpoint(link, gone[-1], upto=upto, at=at))
            through = gone[-1].number
            await tx.fetch(PRUNE, [chain, through, self._prove(f"prune/{chain}/{through}".encode())])
            return len(gone)

    async def _put(self, tx: PostgresTransaction, seal: Seal) -> None:
        await tx.fetch(PUT, [*seal, self._prove(b"seal" + seal.hash)])

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[PostgresTransaction]:
        transaction = PostgresTransaction(self._pool, read_only=False)
        try:
            yield transaction
            await transaction.commit()
        except BaseException:
            await transaction.rollback()
            raise


async def _head(tx: PostgresTransaction, chain: UUID) -> Link:
    """What the next seal of a chain stands on."""
    found: list[asyncpg.Record] = await tx.fetch(HEAD, [chain])
    if not found:
        return Link(chain, 1, BEGINNING)
    head = Seal(*found[0])
    return Link(chain, head.number + 1, head.hash)


async def _last(tx: PostgresTransaction, chain: UUID) -> Seal:
    return Seal(*(await tx.fetch(HEAD, [chain]))[0])


def _by_chain(records: Sequence[Record]) -> dict[UUID, list[Record]]:
    found: dict[UUID, list[Record]] = {}
    for record in records:
        found.setdefault(record.org or NOBODY, []).append(record)
    return found
