"""Events reach their handlers once each, in order, whoever else fails."""

import asyncio
from datetime import timedelta

import pytest

from portico import Conflict
from portico.app.migrating import migrate
from portico.testing.harness import settings_for
from tests.integration.jobs import bakery
from tests.integration.jobs.conftest import Shop

pytestmark = pytest.mark.anyio
RESTORED = "update portico.{} set xid = (xid::text::bigint + 1000000000)::text::xid8"
"""As a dump has it that comes from a server whose transactions have come further."""


async def test_each_handler_sees_each_event_once(shop: Shop) -> None:
    """In the organization of the event, or in none; the event's id is known to it."""
    await shop.order("rye", "spelt")

    await shop.portico.run_jobs()
    await shop.portico.run_jobs()

    counted = [entry for entry in shop.seen if entry[0] == "count"]
    ids = [row["event_id"] for row in await shop.portico.rows("select event_id from portico.outbox order by xid, id")]
    assert counted == [("count", loaf, shop.org.id, None, id) for loaf, id in zip(("rye", "spelt"), ids, strict=False)]
    assert [entry for entry in shop.seen if entry[0] == "observe"] == [
        ("observe", "rye", None),
        ("observe", "spelt", None),
    ]


async def test_a_handler_that_fails_keeps_the_order_of_its_organization(shop: Shop) -> None:
    """The next event waits for it; other handlers and other organizations do not."""
    other = await shop.portico.organization("Other")
    ben = await shop.portico.member("ben@example.com", org=other.id)
    await shop.order("rye", "spelt")
    (await shop.portico.app.as_(ben, org=other.id).call(bakery.order, loaf="oats")).unwrap()
    await shop.portico.rows("delete from portico.jobs")
    bakery.TROUBLES.append(Conflict())

    await shop.portico.run_jobs()
    first = [entry[:3] for entry in shop.seen if entry[0] == "count"]
    shop.portico.clock.advance(timedelta(minutes=1))
    await shop.portico.run_jobs()

    assert first == [("count", "rye", shop.org.id), ("count", "oats", other.id)]
    assert [entry[1] for entry in shop.seen if entry[0] == "count"] == ["rye", "oats", "rye", "spelt"]
    assert sorted(str(entry[1]) for entry in shop.seen if entry[0] == "observe") == ["oats", "rye", "spelt"]


async def test_several_relays_at_once_hand_each_event_on_once(shop: Shop) -> None:
    """Of those that ask at the same moment, one reads; and none leaves anything out."""
    await shop.order(*(f"loaf {n}" for n in range(20)))
    async with shop.portico.app.running.workshop() as one, shop.portico.app.running.workshop() as two:
        await one.relay.join(from_beginning=True)

        moved = await asyncio.gather(*(shop_.relay.hand_on() for shop_ in (one, two) for _ in range(10)))
        async with asyncio.timeout(10):
            while sum(moved) < 40:  # another transaction of the server may hold the last ones back for a moment
                moved.append(await one.relay.hand_on())

    assert sum(moved) == 40
    jobs = await shop.portico.rows(
        "select count(*) as n, count(distinct (name, event_id)) as m from portico.jobs where event_id is not null"
    )
    assert tuple(jobs[0]) == (40, 40)


async def test_an_early_event_that_commits_late_is_not_left_out(shop: Shop) -> None:
    """What was written before and committed after is waited for: reading by number alone would pass it by."""
    import asyncpg

    running = shop.portico.app.running
    owner = await asyncpg.connect(shop.portico.urls.owner)
    late = owner.transaction()
    await late.start()
    await owner.execute(
        "insert into portico.outbox (org_id, name, data) values ($1, 'order.placed', '{\"loaf\": \"late\"}')",
        shop.org.id,
    )
    await shop.order("early")
    async with running.workshop() as workshop:
        await workshop.relay.join(from_beginning=True)
        before = await workshop.relay.hand_on()
        await late.commit()
        await owner.close()
        after = await workshop.relay.hand_on()
        while after < 4:
            after += await workshop.relay.hand_on()

    assert (before, after) == (0, 4)
    jobs = await shop.portico.rows(
        "select input ->> 'loaf' as loaf from portico.jobs where name = 'bakery.count' order by seq"
    )
    assert [row["loaf"] for row in jobs] == ["late", "early"]


async def test_a_restored_database_goes_on_where_it_was(shop: Shop) -> None:
    """Its transactions count from below: what was unread comes first and once, in its order, and then what is new."""
    await shop.order("rye", "spelt")
    await shop.portico.run_jobs()
    await shop.order("oats", "wheat")
    for table in ("outbox", "event_cursors"):
        await shop.portico.rows(RESTORED.format(table))
    settings = settings_for(shop.portico.urls)

    assert await migrate(bakery.app, shop.portico.urls, settings, report=list[str]().append) == 0
    await shop.order("barley")
    await migrate(bakery.app, shop.portico.urls, settings, report=list[str]().append)
    await shop.portico.run_jobs()

    assert [entry[1] for entry in shop.seen if entry[0] == "count"] == ["rye", "spelt", "oats", "wheat", "barley"]
    places = await shop.portico.rows("select xid::text::bigint as xid, id from portico.outbox order by xid, id limit 1")
    assert [tuple(place) for place in places] == [(0, 1)]
