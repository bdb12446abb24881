"""`portico audit heads` and `portico audit verify`: whether the audit is as it was written."""

import asyncio
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

import click

from portico.cli.finding import app_argument
from portico.cli.operate.audit import audit
from portico.cli.operate.records import connected, on_database, org_of, show
from portico.core.chain import Fault, Link, Record, Ring, Seal, check_links, check_records, start_of

if TYPE_CHECKING:
    from portico.app.settings import Settings
    from portico.cli.operate.records import Connection, Rows

STEP = 200
"""Seals that are read at a time."""
MOST = 20
"""Faults of one chain that are told."""
HEADS = """
select s.chain, o.slug as org, s.number, encode(s.hash, 'hex') as hash, s.key_id as key, s.sealed_at as sealed
  from portico.audit_seals s left join portico.organizations o on o.id = s.chain
 where not exists (select from portico.audit_seals h where h.chain = s.chain and h.number > s.number)
   and ($1::uuid is null or s.chain = $1)
 order by s.chain
"""
CHAINS = """
select distinct coalesce(org_id, '00000000-0000-0000-0000-000000000000') as chain from portico.audit
 union select chain from portico.audit_seals order by chain
"""
SEAL = """
select chain, number, previous, kind, ids, macs, upto_xid, upto_id, through, key_id, sealed_at, hash
  from portico.audit_seals
"""
CHECKPOINT = f"{SEAL} where chain = $1 and kind = 'checkpoint' order by number desc limit 1"
SEALS = f"{SEAL} where chain = $1 and number > $2 order by number limit {STEP}"
RECORDS = """
select id, xid, at, org_id, user_id, action, target, outcome, metadata::text, ip, user_agent, request_id
  from portico.audit
 where org_id is not distinct from nullif($1, '00000000-0000-0000-0000-000000000000'::uuid) and id = any ($2)
"""
STRAYS = """
select a.id, a.action from portico.audit a cross join portico.audit_sealing r
 where a.org_id is not distinct from nullif($1, '00000000-0000-0000-0000-000000000000'::uuid)
   and (a.xid, a.id) <= (r.xid, r.id)
   and a.id not in (select unnest(s.ids) from portico.audit_seals s where s.chain = $1)
 order by a.id limit 20
"""


class Head(NamedTuple):
    """Where a chain had come to, as it was exported."""

    chain: UUID
    number: int
    hash: bytes


@audit.command()
@click.option("--org", metavar="SLUG", help="Only this organization's.")
@click.option("--json", "as_json", is_flag=True, help="One JSON list, for programs and for `verify --heads`.")
@app_argument
def heads(name: str | None, *, org: str | None, as_json: bool) -> None:
    """List the last seal of each chain: kept elsewhere, they show that nothing was cut off at the end."""

    async def work(connection: "Connection", _settings: "Settings") -> "Rows":
        chain = (await org_of(connection, org))["id"] if org is not None else None
        rows: Rows = await connection.fetch(HEADS, chain)
        return rows

    show(on_database(name, work), as_json=as_json)


@audit.command()
@click.option("--org", metavar="SLUG", help="Only this organization's.")
@click.option("--heads", "kept", type=click.Path(path_type=Path, exists=True), help="What `heads --json` said before.")
@app_argument
def verify(name: str | None, *, org: str | None, kept: Path | None) -> None:
    """Check that nothing that is sealed was changed, removed or inserted; ends with 1 where something was."""
    known = _heads_in(kept) if kept else {}

    async def work() -> Counter[str]:
        async with connected(name) as (connection, settings, _):
            return await check(connection, settings)

    async def check(connection: "Connection", settings: "Settings") -> Counter[str]:
        from portico.app.secret import ring_of

        one = (await org_of(connection, org))["id"] if org is not None else None
        found = [row["chain"] for row in await connection.fetch(CHAINS)]
        counted: Counter[str] = Counter()
        for chain in [one] if one else list(dict.fromkeys([*found, *known])):
            checking = Checking(connection, ring_of(settings), chain)
            faults = await checking.faults(known.get(chain))
            counted += Counter(records=checking.records, chains=1, faults=len(faults))
            for fault in faults:
                click.echo(f"{chain if chain.int else 'no organization'}: {fault.said}.")
        return counted

    counted = asyncio.run(work())
    told = f"{counted['records']} sealed record{'' if counted['records'] == 1 else 's'} of {counted['chains']} chains"
    click.echo(f"{told}: {'nothing was tampered with' if not counted['faults'] else 'NOT as they were written'}.")
    if counted["faults"]:
        raise SystemExit(1)


class Checking:
    """The check of one chain, from its first seal that is left to its head."""

    def __init__(self, connection: "Connection", ring: Ring, chain: UUID) -> None:
        """Nothing is read yet."""
        self.records = 0
        self._connection, self._ring, self._chain = connection, ring, chain

    async def faults(self, kept: Head | None) -> list[Fault]:
        """What is wrong with it, the first record first.

        All of it is of one moment: retention that goes on meanwhile takes seals and their records away together.
        """
        async with self._connection.transaction(isolation="repeatable_read", readonly=True):
            found = [*await self._sealed(kept), *await self._strays()]
        return sorted(found, key=lambda fault: -1 if fault.record is None else fault.record)[:MOST]

    async def _sealed(self, kept: Head | None) -> list[Fault]:
        row = await self._connection.fetchrow(CHECKPOINT, self._chain)
        link, through = start_of([Seal(*row)] if row else [])
        found: list[Fault] = []
        missing = kept is not None and kept.number > through
        while rows := await self._connection.fetch(SEALS, self._chain, link.number):
            seals = [Seal(*row) for row in rows]
            if (broken := check_links(seals, link, self._ring)) is not None:
                return [*found, broken]
            found += await self._changed(seals)
            missing = missing and all((s.number, s.hash) != (kept.number, kept.hash) for s in seals if kept)
            link = Link(self._chain, seals[-1].number, seals[-1].hash)
        if missing and kept is not None:
            found.append(
                Fault(None, f"seal {kept.number} of the heads that were kept is not there: the end was cut off")
            )
        return found

    async def _changed(self, seals: Sequence[Seal]) -> list[Fault]:
        wanted = [id for seal in seals for id in seal.ids]
        self.records += len(wanted)
        rows = await self._connection.fetch(RECORDS, self._chain, wanted)
        records: Mapping[int, Record] = {row["id"]: Record(*row) for row in rows}

        return [fault for seal in seals for fault in check_records(seal, records, self._ring)]

    async def _strays(self) -> list[Fault]:
        """Records under no seal, though sealing has come past them."""
        rows = await self._connection.fetch(STRAYS, self._chain)
        return [Fault(row["id"], f"record {row['id']} ({row['action']}) was inserted") for row in rows]


def _heads_in(file: Path) -> dict[UUID, Head]:
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))
        heads = [Head(UUID(row["chain"]), int(row["number"]), bytes.fromhex(row["hash"])) for row in rows]
    except (ValueError, KeyError, TypeError):
        message = f"{file} holds no heads; write what `portico audit heads --json` says."
        raise click.BadParameter(message, param_hint="--heads") from None
    return {head.chain: head for head in heads}
