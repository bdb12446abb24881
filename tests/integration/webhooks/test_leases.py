"""Several workers: each endpoint is in one's hands at a time, and never lost with it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import cast
from uuid import UUID, uuid4

import pytest

from portico.app.migrating import migrate
from portico.modules.webhooks import EndpointChanges, delete_endpoint, send_sample, update_endpoint
from portico.modules.webhooks.delivering import CLAIM, RELEASE, Deliveries
from portico.modules.webhooks.sending import Due
from portico.testing.harness import settings_for
from tests.integration.webhooks.conftest import Site
from tests.integration.webhooks.receiver import Received, Said

pytestmark = pytest.mark.anyio
LEASE = timedelta(minutes=1)
WAITING = "select count(*) as waiting from portico.webhook_deliveries where state = 'waiting'"
IN_THE_WAY = """
    insert into portico.webhook_attempts (org_id, delivery_id, attempt, at, milliseconds)
    select org_id, id, 1, now(), 0 from portico.webhook_deliveries
"""


@asynccontextmanager
async def worker(site: Site) -> AsyncIterator[Deliveries]:
    """A worker's share of the deliveries, with nothing going on yet."""
    async with site.portico.app.running.workshop() as shop:
        await shop.relay.join(from_beginning=True)
        yield cast("Deliveries", shop.chores[0])


async def noted(site: Site, *articles: str) -> None:
    """Sell, and have it noted what is to be delivered, without sending it."""
    await site.sell(*articles)
    async with site.portico.app.running.workshop() as shop:
        await shop.relay.join(from_beginning=True)
        async with asyncio.timeout(20):
            while (await site.portico.rows(WAITING))[0]["waiting"] < len(articles):
                await shop.relay.settle()


async def claimed(deliveries: Deliveries, site: Site, *, lasting: timedelta = LEASE) -> list[Due]:
    """What a worker is given."""
    now = site.portico.clock.now()
    return await deliveries._db.all(CLAIM, Due, most=10, each=20, as_of=now, lasting=lasting)


async def test_an_endpoint_whose_attempts_cannot_be_written_down_waits_for_its_lease(site: Site) -> None:
    """What is due at once would be sent again and again, as fast as its receiver answers."""
    await site.endpoint()
    await noted(site, "bread")
    await site.portico.rows(IN_THE_WAY)
    async with worker(site) as one:
        with pytest.raises(ExceptionGroup):
            await one.settle()
        attempts = await one.settle()

    assert (attempts, site.sold) == (0, ["bread"])


async def test_an_endpoint_is_in_one_workers_hands(site: Site) -> None:
    """The others get nothing of it, until it is given back; then the next one goes on where it stood."""
    await site.endpoint()
    await noted(site, "bread", "milk")
    async with worker(site) as one, worker(site) as two:
        mine = await claimed(one, site)
        theirs = await claimed(two, site)
        hold = {"org": mine[0].org_id, "endpoint": mine[0].endpoint_id}
        await two._db.execute(RELEASE, **hold, lease=uuid4())
        still = await claimed(two, site)
        await one._db.execute(RELEASE, **hold, lease=mine[0].lease)

        assert (len(mine), theirs, still) == (2, [], [])
        assert [due.id for due in await claimed(two, site)] == [due.id for due in mine]


async def test_a_lost_workers_endpoints_go_to_others(site: Site) -> None:
    """Once its lease is over; what it had sent already is sent again, under the same id."""
    await site.endpoint()
    await noted(site, "bread")
    async with worker(site) as one, worker(site) as two:
        (due,) = await claimed(one, site, lasting=timedelta(0))
        await one._sender.attempt(due)

        assert await two.settle() == 1
    assert len({request.id for request in site.receiver.got}) == 1
    assert len(site.receiver.got) == 2
    assert await site.log() == [("done", 1, 200)]


async def test_what_has_arrived_has_arrived(site: Site) -> None:
    """A worker that was thought to be lost tells of its failure after another's success: it stays delivered."""
    site.receiver.says(Said(500), Said(200))
    await site.endpoint()
    await noted(site, "bread")
    async with worker(site) as one, worker(site) as two:
        (due,) = await claimed(one, site, lasting=timedelta(0))
        late = await one._sender.attempt(due)
        await two.settle()

        assert not await one._settled(due, late._asdict(), "[]")
    assert await site.log() == [("done", 2, 500)]


async def test_several_workers_share_what_is_due(site: Site) -> None:
    """Each delivery is made once, in order for each endpoint."""
    for number in range(4):
        await site.endpoint(url=f"{site.receiver.url}/{number}")
    await site.sell(*"abcdefgh")
    await noted(site)
    async with worker(site) as one, worker(site) as two:
        await site.portico.deliver()
        await asyncio.gather(one.settle(), two.settle())

    for number in range(4):
        told = [request for request in site.receiver.got if request.path == f"/hook/{number}"]
        assert "".join(request.json["data"]["article"] for request in told) == "abcdefgh"


async def test_a_worker_that_works_by_itself_delivers(site: Site) -> None:
    """As `portico worker` does: nobody tells it to look."""
    told = asyncio.Event()

    async def answer(_request: Received) -> Said:
        told.set()
        return Said()

    site.receiver.answer = answer
    await site.endpoint()
    async with site.portico.app.running.workshop() as shop:
        await shop.relay.join()
        async with shop.at_work(5):
            await site.sell("bread")
            async with asyncio.timeout(20):
                await told.wait()

    assert await site.log() == [("done", 1, 200)]


async def test_a_worker_that_is_told_to_stop_finishes_what_it_sends(site: Site) -> None:
    """Within the grace; what takes longer is given back, as if it had not begun."""
    begun, released = asyncio.Event(), asyncio.Event()

    async def answer(request: Received) -> Said:
        begun.set()
        if request.path == "/hook/slow":
            await released.wait()
        return Said()

    site.receiver.answer = answer
    await site.endpoint(url=f"{site.receiver.url}/slow")
    async with site.portico.app.running.workshop() as shop:
        await shop.relay.join()
        async with shop.at_work(0):
            await site.sell("bread")
            async with asyncio.timeout(20):
                await begun.wait()
    (endpoint,) = await site.portico.rows("select lease, due_at from portico.webhook_endpoints")
    waiting = await site.log()
    released.set()
    await site.portico.deliver()

    assert waiting == [("waiting", 0, None)]
    assert endpoint["lease"] is None
    assert endpoint["due_at"] is not None
    assert await site.log() == [("done", 1, 200)]


async def test_a_worker_that_has_lost_an_endpoint_leaves_it(site: Site) -> None:
    """Its heartbeat says so: what it was about to send is another's."""
    begun, never = asyncio.Event(), asyncio.Event()

    async def answer(_request: Received) -> Said:
        begun.set()
        await never.wait()
        return Said()

    site.receiver.answer = answer
    await site.endpoint()
    async with worker(site) as one:
        one._lease = timedelta(milliseconds=90)
        await noted(site, "bread")
        working = asyncio.create_task(one.work())
        async with asyncio.timeout(20):
            await begun.wait()
            (lane,) = one._lanes
            await site.portico.rows("update portico.webhook_endpoints set lease = gen_random_uuid()")
            await asyncio.wait({lane})
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        await one.drain(0)  # what it may have taken again, as its lease is so short

        assert lane.cancelled()
    never.set()


async def test_an_endpoint_deleted_on_the_way_is_no_trouble(site: Site) -> None:
    """What comes of the attempt is nobody's business any more."""
    endpoint = await site.endpoint()

    async def answer(_request: Received) -> Said:
        await site.caller.call(delete_endpoint, id=endpoint.id)
        return Said(500)

    site.receiver.answer = answer
    await site.sell("bread", "milk")

    assert await site.portico.deliver() == 1
    assert await site.log() == []


async def test_one_that_is_switched_off_on_the_way_gets_no_more(site: Site) -> None:
    """The attempt in hand counts; what waits behind it is not sent."""
    endpoint = await site.endpoint()

    async def answer(_request: Received) -> Said:
        await site.caller.call(update_endpoint, id=endpoint.id, data=EndpointChanges(enabled=False))
        return Said(500)

    site.receiver.answer = answer
    await site.sell("bread", "milk")

    assert await site.portico.deliver() == 1
    assert await site.log() == [("failed", 1, 500), ("failed", 0, None)]


async def test_examples_wait_for_nobody_else(site: Site) -> None:
    """An endpoint that is switched off gets what was asked for, and nothing else that may lie there."""
    endpoint = await site.endpoint()
    await site.caller.call(update_endpoint, id=endpoint.id, data=EndpointChanges(enabled=False))
    sample = (await site.caller.call(send_sample, id=endpoint.id)).unwrap()
    await site.sell("bread")

    await site.portico.deliver()

    assert [UUID(request.id) for request in site.receiver.got] == [sample.message_id]
    (row,) = await site.portico.rows("select due_at, lease from portico.webhook_endpoints")
    assert tuple(row) == (None, None)


async def test_a_place_in_the_outbox_is_kept_though_nothing_happens(site: Site) -> None:
    """Where nobody sells for weeks, the upkeep does not forget how far deliveries have come."""
    async with worker(site) as one, site.portico.app.running.workshop() as shop:
        await site.portico.rows("update portico.event_cursors set served_at = now() - interval '2 hours'")
        await shop.relay.pour(one.sinks[0])

    quiet = "select consumer from portico.event_cursors where served_at < now() - interval '1 hour'"
    assert "webhooks" not in [row["consumer"] for row in await site.portico.rows(quiet)]


async def test_no_event_comes_before_somebody_listens(site: Site) -> None:
    """`portico migrate` makes the deliveries known to the outbox, before any server emits or any worker works."""
    await migrate(site.portico.app, site.portico.urls, settings_for(site.portico.urls), report=lambda _: None)
    await site.endpoint()
    await site.sell("bread")

    async with site.portico.app.running.workshop() as shop:
        await shop.relay.join()
        async with asyncio.timeout(20):
            moved = 0
            while not moved:
                moved = await shop.relay.settle()

    assert await site.log() == [("waiting", 0, None)]


async def test_what_is_old_goes(site: Site) -> None:
    """After as many days as the settings say, unless it waits still."""
    site.receiver.says(Said(), Said(500))
    await site.endpoint()
    await site.sell("bread", "milk")
    await site.portico.deliver()
    now = site.portico.clock.now()
    sweep = "select portico.sweep_v1('webhooks', $1, 100) as removed"

    early = await site.portico.rows(sweep, now - timedelta(days=1))
    late = await site.portico.rows(sweep, now + timedelta(days=1))

    assert (early[0]["removed"], late[0]["removed"]) == (0, 1)
    assert await site.log() == [("waiting", 1, 500)]
    left = await site.portico.rows("select (select count(*) from portico.webhook_attempts) as attempts")
    assert left[0]["attempts"] == 1
