"""Many handlers of what happens in many organizations at once, as after an hour without a worker."""

import asyncio

import pytest

from portico import App, Event, Module, TenantContext
from portico.app.relaying import TOGETHER
from portico.testing import open_harness
from portico.testing.databases import Databases

pytestmark = pytest.mark.anyio
HANDLERS, ORGANIZATIONS = 10, 200
crowd = Module("crowd")


class Rung(Event, name="bell.rung"):
    """A bell was rung."""


def _listen(number: int) -> None:
    async def hear(ctx: TenantContext, event: Rung) -> None:
        """Hear it."""

    hear.__name__ = hear.__qualname__ = f"hear_{number}"
    crowd.on(Rung)(hear)


for each in range(HANDLERS):
    _listen(each)
app = App("crowd", modules=[crowd])
RING = """
    insert into portico.outbox (org_id, name, data)
    select gen_random_uuid(), 'bell.rung', '{}' from generate_series(1, $1)
"""


async def test_no_more_is_handed_on_at_once_than_the_server_has_locks_for(portico_databases: Databases) -> None:
    """Each organization's events for a handler are a lane, which is held while it is written to."""
    async with open_harness(app, await portico_databases.of(app)) as harness:
        await harness.empty()
        await harness.work.hand_on()
        await harness.rows(RING, ORGANIZATIONS)
        first = 0
        async with harness.app.running.workshop() as workshop, asyncio.timeout(20):
            while not first:  # other transactions of the server hold it up for a moment
                first = await workshop.relay.hand_on()
        await harness.work.hand_on()

        (row,) = await harness.rows(
            "select count(*) as jobs, count(distinct (name, org_id)) as lanes from portico.jobs"
        )
        await harness.empty()
    assert first == TOGETHER
    assert tuple(row) == (HANDLERS * ORGANIZATIONS,) * 2
