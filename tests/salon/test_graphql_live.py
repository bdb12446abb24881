"""The Salon's day by a GraphQL subscription, heard by the clients that others use."""

import asyncio
import json
import subprocess
import sys

import pytest

from salon.app import app
from tests.integration.wire.servers import Kind, served
from tests.salon.desk import Desk
from tests.salon.test_graphql_audits import NODE, WEB

pytestmark = pytest.mark.anyio
PATIENCE = 30.0
DAY = """subscription {
  appointmentsLive(day: "2030-05-17") {
    __typename
    ... on Booked { appointment { id status customer { name } } }
    ... on Cancelled { reason appointment { status } }
  }
}"""


@pytest.fixture(scope="module", autouse=True)
def _packages() -> None:
    """What `make web` fetches."""
    subprocess.run([sys.executable, WEB / "build.py"], check=True, timeout=300)


@pytest.mark.parametrize(
    ("kind", "over"), [("rsgi", "events"), ("rsgi", "unnamed"), ("asgi", "events"), ("asgi", "socket")]
)
async def test_a_day_is_told_as_it_happens(desk: Desk, kind: Kind, over: str) -> None:
    """Bookings and cancellations of that day alone, each as what it is, with the customer behind it."""
    async with served(kind, app) as port:
        who = (desk.portico.token(desk.user), str(desk.org.id))
        told = await asyncio.create_subprocess_exec(
            *(NODE, WEB / "tests/graphql_live.mjs", f"http://127.0.0.1:{port}/api/graphql", *who, DAY, "2", over),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        await until_heard(told)
        await desk.booked("2030-05-18T10:00:00+02:00")
        booked = await desk.booked("2030-05-17T10:00:00+02:00")
        await desk.client.post(f"/api/v1/appointments/{booked['id']}/cancel", {"reason": "rain"})
        out, err = await asyncio.wait_for(told.communicate(), PATIENCE)

    assert told.returncode == 0, err.decode()
    first, second = [json.loads(line)["data"]["appointmentsLive"] for line in out.decode().splitlines()]
    assert (first["__typename"], first["appointment"]["id"]) == ("Booked", booked["id"])
    assert first["appointment"]["customer"] == {"name": "Amelie Brandner"}
    assert second == {"__typename": "Cancelled", "reason": "rain", "appointment": {"status": "cancelled"}}


async def until_heard(client: asyncio.subprocess.Process) -> None:
    """Wait until somebody listens, or the client has ended without."""
    streams = app.running.pipeline.streams
    assert streams is not None
    async with asyncio.timeout(PATIENCE):
        while not streams.hub.listened and client.returncode is None:  # noqa: ASYNC110  # nobody tells
            await asyncio.sleep(0.01)
