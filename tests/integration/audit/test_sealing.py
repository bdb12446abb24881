"""The audit's chain: what is sealed cannot be changed, removed or inserted without its being seen."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import asyncpg
import pytest
from pydantic import SecretStr

from portico.adapters.postgres.embedded import Embedded
from portico.app.secret import derive, ring_of
from portico.cli.operate.chain import Checking
from portico.core.chain import NOBODY, Fault, Ring, Seal
from portico.testing import Harness
from tests.integration.audit.tampering import WRITE, Intruder, faults, heads, seal, seals, tamper, write
from tests.integration.office.people import Office

pytestmark = pytest.mark.anyio
INSERT = """
insert into portico.audit (id, xid, action, outcome, request_id) overriding system value
select {id}, xid, 'door.opened', 'done', 'forged' from portico.audit where id = {like}
"""


@pytest.fixture
def intruder(portico: Harness, portico_server: Embedded) -> Intruder:
    """Somebody who holds the whole server."""
    return Intruder(portico, portico_server)


@pytest.fixture
async def sealed(portico: Harness) -> list[int]:
    """Nine records under three seals."""
    ids: list[int] = []
    for _ in range(3):
        ids += await write(portico, 3)
        await seal(portico)
    return ids


async def test_what_is_written_is_sealed_by_organization(portico: Harness, alpha: Office, beta: Office) -> None:
    """Each in its own chain, those of none in one of theirs; what is sealed once is not sealed again."""
    await write(portico, 2)
    await alpha.file(alpha.member, "One")
    await beta.file(beta.member, "Two")
    await seal(portico)
    await alpha.file(alpha.member, "Three")
    await seal(portico)
    await seal(portico)

    assert [await seals(portico, office.org.id) for office in (alpha, beta)] == [[(1, 1), (2, 1)], [(1, 1)]]
    assert [await faults(portico, office.org.id) for office in (alpha, beta)] == [[], []]
    assert await faults(portico) == []


@pytest.mark.parametrize(("upkeep", "expected"), [(True, {"portico.seal", "portico.sweep"}), (False, set())])
async def test_workers_seal_by_themselves(portico: Harness, *, upkeep: bool, expected: set[str]) -> None:
    """Every minute, unless they are told to leave everything where it is."""
    running = portico.app.running
    settings = running.settings.model_copy(update={"portico_upkeep": upkeep})
    async with replace(running, settings=settings).workshop() as shop:
        await shop.schedules.tick()
        portico.clock.advance(timedelta(minutes=10))
        await shop.schedules.tick()

    waiting = {job.name for job in await portico.enqueued()}
    assert waiting & {"portico.seal", "portico.sweep"} == expected


async def test_a_batch_is_bounded(portico: Harness) -> None:
    """Many records are sealed in several transactions, and none is left out."""
    ids = await write(portico, 5)
    await seal(portico, portico_upkeep_batch=2)

    assert [count for _, count in await seals(portico)] == [2, 2, 1]
    sealed = await portico.rows("select unnest(ids) as id from portico.audit_seals")
    assert sorted(row["id"] for row in sealed) == ids
    assert await faults(portico) == []


@pytest.mark.parametrize(
    "change",
    [
        "action = 'door.closed'",
        "target = null",
        "outcome = 'failed'",
        'metadata = \'{"by": "nobody"}\'',
        "at = at - interval '1 microsecond'",
        "user_id = gen_random_uuid()",
        "ip = '203.0.113.7'",
        "user_agent = ''",
        "request_id = 'other'",
        "xid = xid + 1",
    ],
)
async def test_a_change_is_named(sealed: list[int], intruder: Intruder, change: str) -> None:
    """Of whatever column, by whoever owns the server."""
    await tamper(intruder, f"update portico.audit set {change} where id = {sealed[4]}")

    (said,) = await faults(intruder.portico)
    assert said.startswith(f"record {sealed[4]} (")
    assert said.endswith("was changed")


async def test_a_removal_is_named(sealed: list[int], intruder: Intruder) -> None:
    """The first one first."""
    await tamper(intruder, f"delete from portico.audit where id in ({sealed[7]}, {sealed[1]})")

    assert await faults(intruder.portico) == [f"record {sealed[1]} was removed", f"record {sealed[7]} was removed"]


async def test_what_moved_to_another_organization_is_missed(
    sealed: list[int], intruder: Intruder, alpha: Office
) -> None:
    """In the one chain it is gone, in the other it does not belong."""
    await tamper(intruder, f"update portico.audit set org_id = '{alpha.org.id}' where id = {sealed[0]}")

    assert await faults(intruder.portico) == [f"record {sealed[0]} was removed"]
    assert await faults(intruder.portico, alpha.org.id) == [f"record {sealed[0]} (door.opened) was inserted"]


async def test_an_insertion_is_named(sealed: list[int], intruder: Intruder) -> None:
    """Into a time that is sealed; also once sealing has gone on."""
    forged = sealed[-1] + 1000
    await tamper(intruder, INSERT.format(id=forged, like=sealed[3]))
    found = await faults(intruder.portico)
    await write(intruder.portico, 1)
    await seal(intruder.portico)

    assert found == await faults(intruder.portico) == [f"record {forged} (door.opened) was inserted"]


async def test_two_that_changed_places_are_both_named(sealed: list[int], intruder: Intruder) -> None:
    """Each stands where the other one was."""
    first, second = sealed[2], sealed[6]
    await tamper(
        intruder,
        "alter table portico.audit alter column id drop identity",
        f"update portico.audit set id = -1 where id = {first}",
        f"update portico.audit set id = {first} where id = {second}",
        f"update portico.audit set id = {second} where id = -1",
        "alter table portico.audit alter column id add generated always as identity",
    )

    assert [said.partition(" (")[0] for said in await faults(intruder.portico)] == [
        f"record {first}",
        f"record {second}",
    ]


async def test_a_batch_that_is_gone_with_its_seal_is_missed(sealed: list[int], intruder: Intruder) -> None:
    """The next seal stands on it; and so is one at the beginning."""
    gone = ",".join(map(str, sealed[3:6]))
    drop = (f"delete from portico.audit where id in ({gone})", "delete from portico.audit_seals where number = 2")
    await tamper(intruder, *drop)
    middle = await faults(intruder.portico)
    await tamper(intruder, "delete from portico.audit_seals where number = 1")

    assert middle == ["seal 2 is missing: what it covered cannot be told any more"]
    assert (await faults(intruder.portico))[0] == "seal 1 is missing: what it covered cannot be told any more"


async def test_an_end_that_was_cut_off_is_seen_by_the_heads(sealed: list[int], intruder: Intruder) -> None:
    """Nothing in the database tells of it; what was kept elsewhere does. A seal alone leaves its records behind."""
    kept = await heads(intruder.portico)
    await tamper(intruder, "delete from portico.audit_seals where number = 3")
    alone = await faults(intruder.portico)
    await tamper(intruder, f"delete from portico.audit where id >= {sealed[6]}")

    assert alone == [f"record {id} (door.opened) was inserted" for id in sealed[6:]]
    assert await faults(intruder.portico) == []
    assert await faults(intruder.portico, heads=kept) == [
        "seal 3 of the heads that were kept is not there: the end was cut off"
    ]


@pytest.mark.parametrize(
    "rewrite", ["macs = macs || '\\x00'", "hash = sha256(hash)", "previous = sha256(previous)", "ids = ids[1:2]"]
)
async def test_seals_cannot_be_rewritten(sealed: list[int], intruder: Intruder, rewrite: str) -> None:
    """Not without the key, which the database does not know."""
    await tamper(intruder, f"update portico.audit_seals set {rewrite} where number = 2")

    assert (await faults(intruder.portico))[0] == "seal 2 was rewritten without the key"


async def test_history_cannot_be_written_anew_with_another_key(sealed: list[int], intruder: Intruder) -> None:
    """Whoever removes all seals and makes new ones has made them with a key that is not known."""
    await tamper(
        intruder,
        f"update portico.audit set target = 'changed' where id = {sealed[0]}",
        "delete from portico.audit_seals",
        "delete from portico.audit_sealing",
    )
    await seal(
        intruder.portico, secret_key=None, database_url=None, database_owner_url=None, portico_former_secret_keys=None
    )

    assert "was made with a key that is not known" in (await faults(intruder.portico))[0]


async def test_a_new_secret_goes_on_with_the_chain(portico: Harness, sealed: list[int]) -> None:
    """Seals of before are checked with the former key, and by nobody without it."""
    former, latter = "a secret that was here before, and is no more", portico.app.running.settings.secret_key
    assert latter is not None
    new, old = (derive(secret.encode(), "audit") for secret in (former, latter.get_secret_value()))
    await write(portico, 1)
    await seal(portico, secret_key=SecretStr(former))

    assert [count for _, count in await seals(portico)] == [3, 3, 3, 1]
    assert await faults(portico, ring=Ring.of([new, old])) == []
    assert "seal 1 was made with a key that is not known" in (await faults(portico, ring=Ring.of([new])))[0]


async def test_what_commits_late_is_sealed_all_the_same(portico: Harness) -> None:
    """It has an early number, and sealing has gone past it: it comes later, and nothing is amiss."""
    late = await asyncpg.connect(portico.urls.owner)
    try:
        transaction = late.transaction()
        await transaction.start()
        (early,) = [row["id"] for row in await late.fetch(WRITE, None, 1)]
        after = await write(portico, 2)
        await seal(portico, wait=False)
        waiting, amiss = await seals(portico), await faults(portico)
        await transaction.commit()
    finally:
        await late.close()
    await seal(portico)

    sealed = await portico.rows("select ids from portico.audit_seals order by number")
    assert (waiting, amiss) == ([], [])
    assert [row["ids"] for row in sealed] == [[early, *after]]
    assert await faults(portico) == []


async def test_old_records_go_behind_a_checkpoint(portico: Harness, sealed: list[int]) -> None:
    """What is left is checked as before; the last seal stays, so that the next one has something to stand on."""
    portico.clock.advance(timedelta(days=400))
    fresh = await write(portico, 2)
    await seal(portico, portico_keep_audit_days=365)
    left = [row["id"] for row in await portico.rows("select id from portico.audit where action = 'door.opened'")]
    await write(portico, 1)
    await seal(portico, portico_keep_audit_days=365)

    assert left == fresh
    assert [count for _, count in await seals(portico)] == [2, 0, 1]
    assert await faults(portico) == []


async def test_retention_during_a_check_is_no_fault(portico: Harness, sealed: list[int]) -> None:
    """What is checked is of one moment, whatever goes while it is read."""

    class Overtaken(Checking):
        async def _changed(self, seals: Sequence[Seal]) -> list[Fault]:
            portico.clock.advance(timedelta(days=40))
            await seal(portico, portico_keep_audit_days=30)
            return await super()._changed(seals)

    connection = await asyncpg.connect(portico.urls.owner)
    try:
        found = await Overtaken(connection, ring_of(portico.app.running.settings), NOBODY).faults(None)
    finally:
        await connection.close()

    left = [row["id"] for row in await portico.rows("select id from portico.audit where id = any ($1)", sealed)]
    assert (found, left) == ([], [])


async def test_without_the_setting_all_records_stay(portico: Harness, sealed: list[int]) -> None:
    """However old they are."""
    portico.clock.advance(timedelta(days=4000))
    await seal(portico)

    assert len(await portico.rows("select id from portico.audit where action = 'door.opened'")) == len(sealed)


async def test_heads_from_before_a_checkpoint_are_no_fault(portico: Harness, sealed: list[int]) -> None:
    """What they tell of was let go; those of afterwards count."""
    before = await heads(portico)
    portico.clock.advance(timedelta(days=400))
    await write(portico, 1)
    await seal(portico, portico_keep_audit_days=365)
    after = await heads(portico)

    assert await faults(portico, heads=before) == await faults(portico, heads=after) == []
    assert len(sealed) == 9


async def test_a_long_chain_is_checked_piece_by_piece(intruder: Intruder) -> None:
    """More seals than are read at a time; the fault is in the last of them."""
    ids = await write(intruder.portico, 405)
    await seal(intruder.portico, portico_upkeep_batch=1)
    whole = await faults(intruder.portico)
    await tamper(intruder, f"delete from portico.audit where id = {ids[-1]}")

    assert len(await seals(intruder.portico)) == 405
    assert whole == []
    assert await faults(intruder.portico) == [f"record {ids[-1]} was removed"]


async def test_an_organization_is_told_how_far_it_is_sealed(portico: Harness, alpha: Office, beta: Office) -> None:
    """Its own chain alone, to whom may read the audit; with the head that it may keep elsewhere."""
    await alpha.file(alpha.member, "One")
    nothing = (await alpha.wire(alpha.owner).get("/api/v1/audit/seals")).json["data"]
    await seal(portico)
    told = (await alpha.wire(alpha.owner).get("/api/v1/audit/seals")).json["data"]
    other = (await beta.wire(beta.owner).get("/api/v1/audit/seals")).json["data"]
    refused = await alpha.wire(alpha.member).get("/api/v1/audit/seals")

    assert nothing == other == {"seals": 0, "records": 0, "upto": None, "sealed_at": None, "head": None}
    assert (told["seals"], told["records"]) == (1, 1)
    assert {head.hash.hex() for head in await heads(portico)} == {told["head"]}
    assert refused.status == 403


async def test_a_checkpoint_cannot_be_forged(sealed: list[int], intruder: Intruder) -> None:
    """Nor can what is behind one be made longer: what stands in it is under the key."""
    intruder.portico.clock.advance(timedelta(days=400))
    await write(intruder.portico, 1)
    await seal(intruder.portico, portico_keep_audit_days=365)
    await tamper(intruder, "update portico.audit_seals set through = 4 where kind = 'checkpoint'")

    assert await faults(intruder.portico) != []


async def test_a_restored_database_is_sealed_on(sealed: list[int], intruder: Intruder) -> None:
    """A dump that is restored elsewhere meets transactions that count from below; that is no tampering."""
    await write(intruder.portico, 1)
    ahead = 1_000_000_000
    await tamper(intruder, f"update portico.audit_sealing set xid = {ahead}")
    await write(intruder.portico, 2)
    await seal(intruder.portico)
    await write(intruder.portico, 1)
    await seal(intruder.portico)

    assert [count for _, count in await seals(intruder.portico)] == [3, 3, 3, 3, 1]
    assert await faults(intruder.portico) == []


async def test_a_worker_alone_can_neither_seal_nor_remove(portico: Harness, sealed: list[int]) -> None:
    """Its role holds no key: without the application's proof nothing is done."""
    worker = await asyncpg.connect(portico.urls.worker)
    put = "select portico.put_seal_v1($1, 9, $2, 'rows', '{}', '', 1, 1, 0, 'x', now(), $2, $2)"
    nobody = "00000000-0000-0000-0000-000000000000"
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="needs a proof"):
            await worker.execute(put, nobody, bytes(32))
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="needs a proof"):
            await worker.execute("select portico.prune_audit_v1($1, 1, $2)", nobody, bytes(32))
        for statement in ("delete from portico.audit_seals", "delete from portico.audit"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await worker.execute(statement)
    finally:
        await worker.close()


async def test_the_owner_of_the_tables_cannot_change_seals_either(portico: Harness, sealed: list[int]) -> None:
    """The trigger that keeps the audit keeps them too."""
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="stays as it was written"):
        await portico.rows("update portico.audit_seals set through = 1")
