"""A server's memory: what a request takes is given back when its answer is out, whatever the answer."""

import gc
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from itertools import count

import pytest
from pydantic_core import from_json, to_json

from portico import App
from portico.adapters.postgres.servers import Urls
from portico.core.tags import quoted
from portico.testing import Harness, open_harness
from portico.testing.databases import Databases
from tests.integration.office.people import Office, open_office
from tests.integration.wire.servers import Kind, connected, request, served

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("kind", ["rsgi", "asgi"])]
FACTOR, WARMING = 10, 35
"""The strictest limit is 3 × FACTOR a minute: it is used up when a request is warm."""
SOME, MANY = 40, 200
SWAY = 2
"""Blocks a request, by which memory goes up and down without growing."""
SHORT_STRINGS = to_json([f"{n:036}" for n in range(100_000)])
PATH, JSON = "/api/v1/papers", "Content-Type: application/json"
NOBODYS = "00000000-0000-4000-8000-000000000000"
Outcomes = Mapping[str, tuple[str, Callable[[], bytes]]]
"""By name the status, and what makes the next request."""


@pytest.fixture
async def urls(portico_app: App, portico_databases: Databases) -> Urls:
    """The office's database."""
    return await portico_databases.of(portico_app)


async def test_no_request_leaves_anything_to_the_collector(portico_app: App, urls: Urls, kind: Kind) -> None:
    """What knows each other in a circle stays, with all that it holds, until the collector comes by."""
    left = {}
    async with open_harness(portico_app, urls, portico_rate_limit_factor=FACTOR) as harness:
        async for name, ask_often in outcomes(kind, harness):
            with uncollected():
                await ask_often(SOME)
                left[name] = gc.collect()

    assert {name: objects for name, objects in left.items() if objects >= SOME} == {}
    assert "done" in left


async def test_no_request_leaves_anything_behind(portico_app: App, urls: Urls, kind: Kind) -> None:
    """A request that kept a few blocks of memory would let its server grow for ever."""
    grown = {}
    async with open_harness(portico_app, urls, portico_rate_limit_factor=FACTOR) as harness:
        async for name, ask_often in outcomes(kind, harness):
            fill_up()
            gc.collect()
            before = sys.getallocatedblocks()
            await ask_often(MANY)
            gc.collect()
            grown[name] = sys.getallocatedblocks() - before

    assert {name: blocks for name, blocks in grown.items() if blocks >= SWAY * MANY} == {}
    assert "done" in grown


def fill_up() -> None:
    """Fill what is kept for speed and has its bounds: Pydantic's short strings, and the spellings of tags."""
    from_json(SHORT_STRINGS)
    for number in range(quoted.cache_info().maxsize or 0):
        quoted(f"tag:{number}")


async def outcomes(kind: Kind, harness: Harness) -> AsyncIterator[tuple[str, Callable[[int], Awaitable[None]]]]:
    """The office behind a server: one outcome after another, once it is usual, and what brings it about so often."""
    await harness.empty()
    office = await open_office(harness, "Alpha")
    async with served(kind, harness.app) as port, connected(port) as ask:
        for name, (status, following) in requests(office).items():

            async def ask_often(times: int, status: str = status, following: Callable[[], bytes] = following) -> None:
                seen = {(await ask(following())).status for _ in range(times)}
                assert times <= WARMING or seen == {status}

            harness.clock.advance(timedelta(minutes=2))  # nothing is left of the limits that were used up
            await ask_often(WARMING)
            yield name, ask_often


def requests(office: Office) -> Outcomes:
    """What a server is asked most often."""
    member, guest = (
        (f"Authorization: Bearer {office.harness.token(user)}", f"X-Org-Id: {office.org.id}")
        for user in (office.member, office.guest)
    )
    numbers = count(1)

    def filed() -> bytes:
        number = next(numbers)
        return request("POST", PATH, *member, JSON, f"Idempotency-Key: {number}", body=f'{{"title": "Paper {number}"}}')

    same = '{"title": "Same"}'
    fixed = {
        "replayed": ("201", request("POST", PATH, *member, JSON, "Idempotency-Key: same", body=same)),
        "taken": ("409", request("POST", PATH, *member, JSON, body=same)),
        "listed": ("200", request("GET", f"{PATH}?limit=1", *member)),
        "invalid": ("422", request("POST", PATH, *member, JSON, body="{}")),
        "not there": ("404", request("GET", f"{PATH}/{NOBODYS}", *member)),
        "nobody": ("401", request("GET", PATH)),
        "forbidden": ("403", request("GET", PATH, *guest)),
        "limited": ("429", request("POST", "/api/v1/limited", *member)),
    }
    return {"done": ("201", filed)} | {name: (status, lambda raw=raw: raw) for name, (status, raw) in fixed.items()}


@contextmanager
def uncollected() -> Iterator[None]:
    """The collector comes when it is called."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
