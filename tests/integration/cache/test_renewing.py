"""Stale answers are made anew in the background, whatever they are kept in: nobody waits for that."""

from collections.abc import AsyncIterator

import pytest

from portico.adapters.memory.cache import MemoryCache
from portico.adapters.memory.clock import SettableClock
from portico.core.flights import AT_ONCE, Flights
from portico.ports.cache import Kept, Life, Look
from portico.testing import Harness, open_harness
from tests.integration.office.app import app
from tests.integration.office.kept import RUNS
from tests.integration.office.latch import held, waiting
from tests.integration.office.people import Office, open_office

pytestmark = pytest.mark.anyio
LATCHED, TOUCH = "/api/v1/kept/latched", "/api/v1/kept/touch"
BEHIND = "insert into papers (org_id, title, body, pages) values ($1, 'Unseen', '', 1)"
SHELVES = [f"/api/v1/kept/shelves/{number}" for number in range(AT_ONCE + 3)]


@pytest.fixture
def seconds() -> float:
    """How long an answer may take: no test waits for so long, however busy the machine is."""
    return 30.0


@pytest.fixture(params=["memory", "valkey"])
async def office(
    request: pytest.FixtureRequest, portico: Harness, portico_valkey: str, *, seconds: float
) -> AsyncIterator[Office]:
    """An office whose answers are kept in each of the places."""
    RUNS.clear()
    valkey = portico_valkey if request.param == "valkey" else None
    limits = {"portico_rate_limit_factor": 1000, "portico_call_timeout": seconds}
    async with open_harness(app, portico.urls, valkey_url=valkey, **limits) as harness:
        yield await open_office(harness, "Alpha")


async def read(office: Office, path: str) -> object:
    """What a member reads."""
    reply = await office.wire(office.member).get(path)
    assert reply.status == 200, reply.text
    return reply.json["data"]


async def doubt(office: Office, tag: str) -> None:
    """Let what has the tag be made anew."""
    reply = await office.wire(office.other).post(TOUCH, {"tag": tag, "how": "revalidate"})
    assert reply.status == 200, reply.text


async def settled(office: Office) -> None:
    """Wait until nothing is being made anew."""
    await office.harness.app.running.pipeline.services.flights.settle()


async def test_nobody_waits_for_a_stale_answer_to_be_made_anew(office: Office) -> None:
    """All are answered with what there is while one new one is under way; then that is everybody's."""
    before = await read(office, LATCHED)
    await office.harness.rows(BEHIND, office.org.id)
    await doubt(office, "papers")
    async with held(office.harness) as release:
        stale = [await read(office, LATCHED) for _ in range(3)]
        await waiting(office.harness)
        release.set()
        await settled(office)

    assert (stale, before) == ([[]] * 3, [])
    assert (await read(office, LATCHED), RUNS["latched"]) == (["Unseen"], 2)


async def test_few_stale_answers_are_made_anew_at_a_time(office: Office) -> None:
    """The others wait for their turn, with no connection; none is forgotten."""
    before = [await read(office, path) for path in SHELVES]
    await doubt(office, "shelves")
    async with held(office.harness) as release:
        stale = [await read(office, path) for path in SHELVES]
        await waiting(office.harness, AT_ONCE)
        begun = RUNS["shelf"] - len(SHELVES)
        release.set()
        await settled(office)
    after = [await read(office, path) for path in SHELVES]

    assert (stale, begun) == (before, AT_ONCE)
    assert not set(after) & set(before)
    assert RUNS["shelf"] == 2 * len(SHELVES)


@pytest.mark.parametrize("seconds", [0.5])
async def test_what_takes_too_long_is_given_up_and_tried_again(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    """The stale answer stays meanwhile, and the next reader has a new one made."""
    before = await read(office, SHELVES[0])
    await doubt(office, "shelves")
    async with held(office.harness):
        stale = [await read(office, SHELVES[0])]
        await settled(office)
        assert "a stale answer was not renewed" in caplog.text
    stale.append(await read(office, SHELVES[0]))
    await settled(office)

    assert stale == [before] * 2
    assert await read(office, SHELVES[0]) != before


class Made:
    """An answer that somebody else has made anew meanwhile."""

    key, tags = "k", ("t",)

    def __init__(self) -> None:
        """Nobody has asked for it."""
        self.renewed = 0

    async def read(self) -> object:
        """Make it."""
        return b"new"

    async def keep(self, value: object, look: Look) -> Kept:
        """Keep it."""
        return Kept(b"new", "new")

    def given(self, kept: Kept) -> object:
        """As it is kept."""
        return kept.body

    async def renew(self) -> None:
        """Count."""
        self.renewed += 1


async def test_what_somebody_else_has_renewed_is_left_alone() -> None:
    """Another process, or a caller who found nothing, was quicker."""
    cache, making = MemoryCache(SettableClock()), Made()
    flights = Flights(cache)
    flights.renew(making)
    await flights.settle()

    mark = (await cache.look("k", ("t",))).mark
    await cache.keep("k", Kept(b"new", "new"), mark=mark, life=Life(60))
    flights.renew(making)
    await flights.settle()

    assert making.renewed == 1
