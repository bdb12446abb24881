"""Scheduled jobs: in their zone, once, whoever asks; missed times do not pile up."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.integration.jobs import bakery
from tests.integration.jobs.conftest import Shop

pytestmark = pytest.mark.anyio


async def test_a_schedule_is_kept_in_its_zone(shop: Shop) -> None:
    """Half past two in Vienna, in winter and in summer; four days missed are made up for once."""
    shop.portico.clock.set(datetime(2030, 1, 15, 12, tzinfo=UTC))
    assert await shop.portico.run_jobs(schedules=True) == 0

    shop.portico.clock.set(datetime(2030, 1, 16, 1, 29, tzinfo=UTC))
    assert await shop.portico.run_jobs(schedules=True) == 0
    shop.portico.clock.advance(timedelta(minutes=1))
    assert await shop.portico.run_jobs(schedules=True) == 1
    shop.portico.clock.advance(timedelta(days=4))
    assert await shop.portico.run_jobs(schedules=True) == 1

    (row,) = await shop.portico.rows("select due_at from portico.schedules where name = 'bakery.bill'")
    assert row["due_at"] == datetime(2030, 1, 21, 1, 30, tzinfo=UTC)
    assert bakery.bill.task is not None
    assert bakery.bill.task.due_after(datetime(2030, 7, 1, tzinfo=UTC)) == datetime(2030, 7, 1, 0, 30, tzinfo=UTC)


async def test_a_clock_that_was_ahead_puts_off_no_schedule(shop: Shop) -> None:
    """Else a job would not run for a year: it is run at once, and then as before. Seconds of difference are nothing."""
    shop.portico.clock.set(datetime(2030, 1, 15, 12, tzinfo=UTC))
    ran = [await shop.portico.run_jobs(schedules=True)]
    for moment in (
        datetime(2031, 1, 15, 12, tzinfo=UTC),
        datetime(2030, 1, 15, 12, 1, tzinfo=UTC),
        datetime(2030, 1, 16, 1, 30, tzinfo=UTC),
        datetime(2030, 1, 16, 1, 29, 55, tzinfo=UTC),
    ):
        shop.portico.clock.set(moment)
        ran.append(await shop.portico.run_jobs(schedules=True))

    assert ran == [0, 1, 1, 1, 0]
    (row,) = await shop.portico.rows("select cron, due_at from portico.schedules where name = 'bakery.bill'")
    assert tuple(row) == ("30 2 * * * Europe/Vienna", datetime(2030, 1, 17, 1, 30, tzinfo=UTC))


async def test_what_no_worker_has_run_yet_does_not_pile_up(shop: Shop) -> None:
    """Of a scheduled job one waits, however often it has been due meanwhile."""
    shop.portico.clock.set(datetime(2030, 1, 15, 12, tzinfo=UTC))
    async with shop.portico.app.running.workshop() as workshop:
        await workshop.schedules.tick()
        for _ in range(3):
            shop.portico.clock.advance(timedelta(days=1))
            assert await workshop.schedules.tick() == 1

    (job,) = await shop.portico.enqueued()
    assert (job.name, job.at) == ("bakery.bill", shop.portico.clock.now())


async def test_of_several_workers_one_enqueues(shop: Shop) -> None:
    """All of them have seen that it is due."""
    shop.portico.clock.set(datetime(2030, 1, 15, 12, tzinfo=UTC))
    await shop.portico.run_jobs(schedules=True)
    shop.portico.clock.advance(timedelta(days=1))
    async with shop.portico.app.running.workshop() as one, shop.portico.app.running.workshop() as two:
        known = await one.queue.schedules()
        due, job = known["bakery.bill"][1], '[{"id": "%s", "name": "bakery.bill", "input": {}, "at": "2030-01-16"}]'
        ids = shop.portico.app.running.pipeline.services.ids
        asked = [
            await queue.tick("bakery.bill", "", seen=due, next_at=due + timedelta(days=1), job=job % ids.new())
            for queue in (one.queue, two.queue, one.queue)
        ]

    assert asked == [True, False, False]
    assert len(await shop.portico.enqueued()) == 1


async def test_nobody_enters_organizations_one_by_one(shop: Shop) -> None:
    """What is noted inside is that organization's; what fails inside is undone alone."""
    broke = await shop.portico.organization("Broke")
    bakery.ORGANIZATIONS += [shop.org.id, broke.id]
    shop.portico.clock.set(datetime(2030, 1, 15, 12, tzinfo=UTC))
    await shop.portico.run_jobs(schedules=True)
    shop.portico.clock.advance(timedelta(days=1))

    await shop.portico.run_jobs(schedules=True)

    assert shop.seen == [("bill", None), ("sweep", shop.org.id)]
    billed = await shop.portico.rows("select org_id, data ->> 'name' as name from portico.outbox")
    assert [tuple(row) for row in billed] == [(shop.org.id, "Corner")]
