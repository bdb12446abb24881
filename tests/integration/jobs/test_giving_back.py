"""Jobs whose worker is gone, that come back to find another one under their key, and that hold up those behind them."""

from datetime import timedelta

import pytest

from portico.app.workers import Workshop
from portico.ports.jobs import Claimed, Failed
from tests.integration.jobs import bakery
from tests.integration.jobs.conftest import Shop

pytestmark = pytest.mark.anyio
LEASE, GONE = timedelta(minutes=1), timedelta(0)
STATES = "select state, attempt, problem ->> 'code' as code from portico.jobs order by seq"
QUIET = "update portico.event_cursors set served_at = now() - interval '2 hours'"
UNSERVED = "select consumer from portico.event_cursors where served_at < now() - interval '1 hour'"


async def claimed(shop: Shop, workshop: Workshop, *, lasting: timedelta = LEASE) -> list[Claimed]:
    """What a worker is given."""
    now = shop.portico.clock.now()
    hands = workshop.worker.hands._replace(lease=lasting)
    return await workshop.queue.claim(hands, 10, as_of=now, strange_since=now)


async def later(shop: Shop) -> None:
    """Order rye, under its key."""
    (await shop.caller.call(bakery.order_later, loaf="rye", minutes=0)).unwrap()


async def test_a_job_of_a_lost_worker_is_given_to_another(shop: Shop) -> None:
    """Once its lease is over; one that takes each of its workers with it is given up, and says so."""
    await later(shop)
    async with shop.portico.app.running.workshop() as workshop:
        attempts = []
        while jobs := await claimed(shop, workshop, lasting=GONE):
            attempts += [job.attempt for job in jobs]

    assert attempts == [1, 2, 3]
    assert [tuple(job) for job in await shop.portico.rows(STATES)] == [("dead", 3, "WORKER_LOST")]


async def test_who_was_thought_to_be_lost_can_neither_end_nor_fail_it(shop: Shop) -> None:
    """It is another worker's by then, whose lease is the one that counts."""
    await later(shop)
    async with shop.portico.app.running.workshop() as workshop:
        (first,) = await claimed(shop, workshop, lasting=GONE)
        (second,) = await claimed(shop, workshop)
        late = await workshop.attempts.run(first)
        noted = await workshop.queue.fail(first, Failed("LATE", "too late"))
        assert await workshop.attempts.run(second) is None

    assert late is not None
    assert noted is False
    assert len(await shop.portico.emitted()) == 1
    assert await shop.portico.rows(STATES) == []


async def test_a_reason_that_no_json_can_hold_is_noted_all_the_same(shop: Shop) -> None:
    """What raised it may have read a file that is no text."""
    await later(shop)
    async with shop.portico.app.running.workshop() as workshop:
        (job,) = await claimed(shop, workshop)
        assert await workshop.queue.fail(job, Failed("TIRED", "no\udcffflour"))

    (noted,) = await shop.portico.rows("select state, problem ->> 'message' as message from portico.jobs")
    assert tuple(noted) == ("dead", "no?flour")


@pytest.mark.parametrize("how", ["failed", "given back"])
async def test_of_two_under_a_key_the_newer_waits(shop: Shop, how: str) -> None:
    """One that runs may be followed by another; should it come back, that one stands for both."""
    await later(shop)
    async with shop.portico.app.running.workshop() as workshop:
        (running,) = await claimed(shop, workshop)
        await later(shop)
        if how == "failed":
            assert await workshop.queue.fail(running, Failed("TIRED", "no flour", shop.portico.clock.now()))
        else:
            await workshop.queue.release(running)
        (left,) = await shop.portico.rows("select id, state, attempt, problem from portico.jobs")

    assert left["id"] != running.id
    assert (left["state"], left["attempt"], left["problem"]) == ("waiting", 0, None)


async def test_whoever_enqueues_it_again_decides_anew(shop: Shop) -> None:
    """As whom it runs, and that all its attempts are left."""
    ben = await shop.portico.member("ben@example.com", org=shop.org.id)
    bakery.TROUBLES.append(ValueError("no flour"))
    await later(shop)
    await shop.portico.run_jobs()
    (await shop.portico.app.as_(ben, org=shop.org.id).call(bakery.order_later, loaf="rye", minutes=0)).unwrap()

    (waiting,) = await shop.portico.rows(STATES)
    await shop.portico.run_jobs()

    assert tuple(waiting) == ("waiting", 0, None)
    assert [entry[2] for entry in shop.seen if entry[0] == "bake"] == [shop.ann.id, ben.id]


@pytest.mark.parametrize("end", ["given up", "called off"])
async def test_an_event_that_is_not_handled_lets_the_next_one_go(shop: Shop, end: str) -> None:
    """For good: whatever waits behind it, in its organization and for its handler, comes next."""
    await shop.order("rye", "spelt")
    await shop.portico.rows("delete from portico.jobs")
    await shop.portico.work.hand_on()
    (first,) = await shop.portico.rows(
        "select id from portico.jobs where name like '%count%' and state = 'waiting' order by seq limit 1"
    )
    if end == "called off":
        await shop.portico.rows("select portico.cancel_jobs_v1(array[$1::uuid])", first["id"])
    else:
        await shop.portico.rows("update portico.jobs set attempts = 1 where id = $1", first["id"])
        bakery.TROUBLES.append(ValueError("no flour"))

    await shop.portico.run_jobs()

    counted = [entry[1] for entry in shop.seen if entry[0] == "count"]
    assert counted == (["spelt"] if end == "called off" else ["rye", "spelt"])


async def test_a_listener_of_what_seldom_happens_is_known_to_be_there(shop: Shop) -> None:
    """Who has heard of nothing for weeks does not seem gone: else the upkeep would forget its place."""
    await shop.portico.work.hand_on()
    await shop.portico.rows(QUIET)
    async with shop.portico.app.running.workshop() as workshop:
        await workshop.relay.hand_on()

    assert await shop.portico.rows(UNSERVED) == []


async def test_nobody_enters_an_organization_that_is_gone(shop: Shop) -> None:
    """What came for it is given up, and says why."""
    (await shop.caller.call(bakery.reprice)).unwrap()
    await shop.portico.rows("update portico.organizations set deleted_at = now() where id = $1", shop.org.id)

    await shop.portico.run_jobs()

    assert ("bakery.make_prices", "NOT_FOUND") in await shop.dead()
