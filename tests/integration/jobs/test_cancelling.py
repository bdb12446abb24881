"""A job that is cancelled while it runs is interrupted, and what it did is undone."""

import asyncio
from dataclasses import replace

import pytest

from tests.integration.jobs import bakery
from tests.integration.jobs.conftest import Shop

pytestmark = pytest.mark.anyio
PATIENCE = 20.0
"""Seconds until whoever waits for something that never comes gives up."""


async def test_a_running_job_that_is_cancelled_is_interrupted(shop: Shop) -> None:
    """Its worker hears of it at the next beat of its lease, and goes on with others."""
    running = shop.portico.app.running
    brisk = replace(running, settings=running.settings.model_copy(update={"portico_worker_lease": 1.0}))
    (await shop.caller.call(bakery.send_out_idler)).unwrap()

    async with brisk.workshop() as workshop, workshop.at_work(grace=0), asyncio.timeout(PATIENCE):
        await bakery.BEGUN.wait()
        await shop.portico.rows("select portico.cancel_jobs_v1(array(select id from portico.jobs))")
        await bakery.INTERRUPTED.wait()
        bakery.BEGUN.clear()
        (await shop.caller.call(bakery.send_out_idler)).unwrap()
        await bakery.BEGUN.wait()

    jobs = await shop.portico.rows("select state from portico.jobs order by seq")
    assert [row["state"] for row in jobs] == ["cancelled", "waiting"]
    assert await shop.portico.emitted() == []
