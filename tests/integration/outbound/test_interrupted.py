"""Calls that died with their process: a worker tells of each once, and has it finished where its action says how."""

import asyncio
from pathlib import Path

import pytest
from pydantic_core import from_json

from portico import Anyone, App, External, Idempotent, Misconfigured, Module, OrgContext, Policy, TenantContext
from portico.adapters.postgres.servers import Urls
from portico.app.built_in import finish_interrupted
from tests.integration.outbound.conftest import Desk
from tests.integration.outbound.test_kills import EXPIRE, TillServer, pay

pytestmark = pytest.mark.anyio
SURE = "/api/v1/sure-payments"
TOLD = """
    select target, outcome, user_id, metadata::text from portico.audit where action = 'external.interrupted' order by id
"""
EVENTS = "select data->>'reference' from portico.outbox order by id"
PATIENCE = 20


async def minute(desk: Desk) -> int:
    """What a worker does when the schedule is due: look, and run what comes of it; how many attempts that were."""
    claimed = await desk.portico.rows(ENQUEUE, finish_interrupted.name)
    return await desk.portico.run_jobs() - len(claimed)


ENQUEUE = """
    insert into portico.jobs (id, name, input, due_at, request_id)
    values (gen_random_uuid(), $1, '{}', now() - interval '1 day', 'a test') returning id
"""


async def crashed(desk: Desk, till_urls: Urls, folder: Path, *, path: str, names: list[str]) -> None:
    """A server that was killed while the bank worked at these payments; the bank has booked the first of them."""
    server = TillServer(till_urls, folder / "server.log", BANK_URL=desk.bank.url)
    desk.bank.open.clear()
    await server.start()
    try:
        calls = [asyncio.create_task(pay(desk, server, name, path=path)) for name in names]
        async with asyncio.timeout(PATIENCE):
            await desk.bank.counts(len(names))
        await server.kill()
        assert await asyncio.gather(*calls) == [0] * len(names)
    finally:
        await server.kill()
    desk.bank.book(next(iter(desk.bank.calls)), {"amount": 1})
    desk.bank.open.set()


async def test_what_a_killed_server_has_begun_is_finished(desk: Desk, till_urls: Urls, tmp_path: Path) -> None:
    """Whether the bank had done it or not: by a job, once, with nobody asking again; and who asks again hears so."""
    names = ["a", "b", "c"]
    await crashed(desk, till_urls, tmp_path, path=SURE, names=names)
    assert await minute(desk) == 0  # their leases last
    assert len(await desk.portico.rows(EXPIRE)) == len(names)

    attempts = [await minute(desk), await minute(desk)]
    again = await desk.post("/sure-payments", key="a", reference="a", amount=1)

    assert attempts == [len(names), 0]
    assert await desk.payments() == [(name, "completed") for name in names]
    assert sorted(row[0] for row in await desk.portico.rows(EVENTS)) == names
    assert len(desk.bank.booked) == len(names)
    assert again.status == 200
    told = await desk.portico.rows(TOLD)
    assert {tuple(row)[:3] for row in told} == {("till.pay_surely", "failed", desk.user.id)}
    assert sorted(from_json(row[3])["external_key"] for row in told) == sorted(desk.bank.booked)


async def test_what_nobody_finishes_is_told_of(
    desk: Desk, till_urls: Urls, tmp_path: Path, *, caplog: pytest.LogCaptureFixture
) -> None:
    """In the audit of its organization and in the log, once; the request may be sent again as ever."""
    await crashed(desk, till_urls, tmp_path, path="/api/v1/payments", names=["a"])
    await desk.portico.rows(EXPIRE)

    assert [await minute(desk), await minute(desk)] == [0, 0]

    (told,) = await desk.portico.rows(TOLD)
    assert from_json(told[3]) == {"service": "bank", "external_key": next(iter(desk.bank.calls)), "finished_by": None}
    assert [record.message for record in caplog.records if "died while it called bank" in record.message] != []
    assert await desk.payments() == [("a", "processing")]
    assert (await desk.post("/payments", key="a", reference="a", amount=1)).status == 201
    assert len(desk.bank.booked) == 1


async def test_a_call_that_is_made_again_meanwhile_is_left_alone(desk: Desk, till_urls: Urls, tmp_path: Path) -> None:
    """Its key has another holder, who lives."""
    await crashed(desk, till_urls, tmp_path, path=SURE, names=["a"])
    await desk.portico.rows(EXPIRE)
    desk.bank.open.clear()
    desk.bank.called.clear()
    again = asyncio.create_task(desk.post("/sure-payments", key="a", reference="a", amount=1))
    await asyncio.wait_for(desk.bank.called.wait(), PATIENCE)

    assert await minute(desk) == 0

    desk.bank.open.set()
    assert (await again).status == 200
    assert await desk.portico.rows(TOLD) == []


# -- what refuses the start --------------------------------------------------------------------------------------------
shop = Module("shop")


@shop.job()
async def finish(ctx: TenantContext, key: str) -> None:
    """Fits."""


@shop.job()
async def finish_more(ctx: TenantContext, key: str, amount: int) -> None:
    """Wants what nobody knows any more."""


@shop.query("GET /things", Anyone("a test"))
async def look(ctx: OrgContext) -> int:
    """No job."""
    return 1


def paying(*policies: Policy, within: Module = shop) -> App:
    """An application with one action that calls out so."""
    module = Module("paying")

    @module.mutation("POST /pay", Anyone("a test"), *policies)
    async def pay(ctx: OrgContext) -> None:
        """Pay."""

    return App("paying", modules=[module, *([within] if within.actions else [])])


def test_what_cannot_finish_anything_refuses_the_start() -> None:
    """A function that is no job, takes more than the key, or is of another application; a call without a key."""
    key, other = Idempotent(), Module("other")
    assert paying(key, External("x", finish=finish)).plans

    for policies, within, said in (
        ((External("x", finish=finish),), shop, "only what was begun under a key can be finished"),
        ((key, External("x", finish=finish)), other, "shop.finish, which is to finish it, is not in this application"),
        ((key, External("x", finish=finish_more)), shop, "by the external key alone; write key: str"),
    ):
        with pytest.raises(Misconfigured, match=said):
            paying(*policies, within=within)
    with pytest.raises(Misconfigured, match=r"finish=shop.look\): that is no job; declare it with @module.job"):
        External("x", finish=look)
