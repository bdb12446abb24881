"""Workers are told of what was committed, and need not look."""

import asyncio

import pytest

from portico import App
from portico.app import relaying, working
from portico.testing import open_harness
from portico.testing.databases import Databases
from tests.integration.jobs import bakery

pytestmark = pytest.mark.anyio
NEVER = 3600.0


async def test_events_reach_their_handlers_though_nobody_looks(
    portico_app: App, portico_databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The commit rings for the relay, and the relay for whoever takes jobs; one by one, so that they sleep between."""
    for module, name in ((relaying, "SOON"), (relaying, "LOOK"), (working, "LOOK")):
        monkeypatch.setattr(module, name, NEVER)
    urls = await portico_databases.of(portico_app)
    async with open_harness(portico_app, urls, portico_wake_seconds=0.01) as harness:
        await harness.empty()
        bakery.SEEN.clear()
        org = await harness.organization("Corner")
        ann = portico_app.as_(await harness.member("ann@example.com", org=org.id), org=org.id)
        async with portico_app.running.workshop() as workshop, workshop.at_work(5), asyncio.timeout(20):
            for loaf in ("rye", "spelt", "oats"):
                while not {"count", "observe"} <= {entry[0] for entry in bakery.SEEN if entry[1] == loaf}:
                    # Once more, as another transaction of the server may have held the event back when it was told of.
                    (await ann.call(bakery.order, loaf=loaf)).unwrap()
                    await asyncio.sleep(0.2)
