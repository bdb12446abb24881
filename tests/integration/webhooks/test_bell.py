"""What somebody asks for by hand is sent at once: workers are told of it, and need not look."""

import asyncio

import pytest

from portico.modules.webhooks import delivering
from tests.integration.webhooks.conftest import Site
from tests.integration.webhooks.receiver import Received, Said

pytestmark = pytest.mark.anyio
HOURS = 3600.0
PATIENCE = 10.0
FIRST = "select id::text from portico.webhook_deliveries order by seq limit 1"


@pytest.mark.parametrize("how", ["one", "all", "sample"])
async def test_what_is_asked_for_by_hand_waits_for_no_look(
    site: Site, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """One delivery again, all of an endpoint, or an example, over REST, while no worker would look for hours."""
    for pause in ("SOON", "LOOK"):
        monkeypatch.setattr(delivering, pause, HOURS)
    endpoint = await site.endpoint("*")
    await site.sell("bread")
    await site.portico.deliver()
    ((delivery,),) = await site.portico.rows(FIRST)
    path, body = {
        "one": (f"deliveries/{delivery}/redeliver", {}),
        "all": (f"endpoints/{endpoint.id}/redeliver", {"state": "done"}),
        "sample": (f"endpoints/{endpoint.id}/test", {"event": "article.sold"}),
    }[how]
    arrived = asyncio.Event()

    async def answer(_request: Received) -> Said:
        arrived.set()
        return Said()

    site.receiver.answer = answer
    async with site.portico.app.running.workshop() as shop, shop.at_work(PATIENCE):
        asked = await site.client.post(f"/api/v1/webhooks/{path}", body)
        await asyncio.wait_for(arrived.wait(), PATIENCE)

    assert asked.status == 200, asked.text
    assert len(site.receiver.got) == 2
