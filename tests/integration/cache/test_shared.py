"""What processes share: one makes an answer stale for all, one makes it for all; a server that is gone is a miss."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from portico.adapters.valkey import Valkey
from portico.adapters.valkey.cache import MOST_OWED, ValkeyCache
from portico.adapters.valkey.embedded import EmbeddedValkey
from portico.core.flights import Flights
from portico.ports.cache import Kept, Life, Look
from portico.testing import Harness, open_harness
from portico.testing.harness import SIGNING
from tests.integration.cli.programs import Portico, Program, environment
from tests.integration.office.app import app
from tests.integration.office.kept import RUNS
from tests.integration.office.people import Office, open_office

pytestmark = pytest.mark.anyio
TITLES = "/api/v1/kept/titles"
ROOT = Path(__file__).parents[3]
SERVED = "tests.integration.office.app:app"
ONE, LONG = Kept(b"1", "one"), Life(60)


@pytest.fixture
async def killable() -> AsyncIterator[EmbeddedValkey]:
    """A server that a test may kill."""
    async with await EmbeddedValkey.start() as running:
        yield running


async def found(cache: ValkeyCache, *tags: str) -> Kept | None:
    """What is kept under the key."""
    return (await cache.look("k", tags)).kept


async def test_one_process_makes_answers_stale_for_all(valkey: Valkey) -> None:
    """And keeps them for all."""
    here, there = ValkeyCache(valkey), ValkeyCache(valkey)
    mark = (await here.look("k", ("t",))).mark
    await here.keep("k", ONE, mark=mark, life=LONG)

    assert await found(there, "t") == ONE
    await there.drop(["t"])
    assert await found(here, "t") is None


async def test_one_process_makes_an_answer_and_the_others_wait(valkey: Valkey) -> None:
    """Until it resigns; one that is no longer the one to resign changes nothing."""
    here, there = ValkeyCache(valkey), ValkeyCache(valkey)

    assert [await cache.lead("k") for cache in (here, there)] == [True, False]
    await there.resign("k")
    assert not await there.lead("k")
    await here.resign("k")
    assert await there.lead("k")
    await here.resign("k")
    assert not await here.lead("k")


async def test_what_the_server_has_forgotten_is_void(valkey: Valkey) -> None:
    """A tag that is gone comes back as another: its answers never do."""
    cache = ValkeyCache(valkey)
    mark = (await cache.look("k", ("t",))).mark
    await cache.keep("k", ONE, mark=mark, life=LONG)

    await valkey.call("DEL", valkey.key("tag", "t"))

    assert await found(cache, "t") is None
    await cache.keep("k", ONE, mark=mark, life=LONG)
    assert await found(cache, "t") is None


async def test_a_tag_is_known_for_as_long_as_its_answers(valkey: Valkey) -> None:
    """However long those are kept."""
    cache, week = ValkeyCache(valkey), 7 * 86_400
    await cache.keep("k", ONE, mark=(await cache.look("k", ("t",))).mark, life=Life(week))

    assert await valkey.call("TTL", valkey.key("tag", "t")) > week - 60


async def test_a_tag_that_could_not_be_dropped_is_dropped_later(killable: EmbeddedValkey) -> None:
    """Before this process is shown what has it; with too many of them, all is void."""
    way, broken = Valkey(killable.url, prefix="shop"), Valkey("valkey://127.0.0.1:1", prefix="shop")
    cache, cut_off = ValkeyCache(way), ValkeyCache(broken)
    await cache.keep("k", ONE, mark=(await cache.look("k", ("t",))).mark, life=LONG)

    await cut_off.drop([str(number) for number in range(MOST_OWED + 1)])
    cut_off._valkey = way  # the server is there again
    first = await found(cut_off, "t")

    assert (first, await found(cache, "t")) == (None, None)
    await asyncio.gather(way.close(), broken.close())


async def test_a_tag_that_could_not_be_marked_stale_is_so_later(killable: EmbeddedValkey) -> None:
    """Before this process is shown what has it; with too many of them, all that is kept is stale."""
    way, broken = Valkey(killable.url, prefix="shop"), Valkey("valkey://127.0.0.1:1", prefix="shop")
    cache = ValkeyCache(way)
    for tags in (["t"], [str(number) for number in range(MOST_OWED + 1)]):
        cut_off = ValkeyCache(broken)
        await cache.keep("k", ONE, mark=(await cache.look("k", ("t",))).mark, life=Life(60, stale=60))
        assert (await cache.look("k", ("t",))).fresh
        await cut_off.doubt(tags)
        cut_off._valkey = way  # the server is there again

        look = await cut_off.look("k", ("t",))

        assert (look.kept, look.fresh) == (ONE, False)
    await asyncio.gather(way.close(), broken.close())


class Reading:
    """An answer that is read when it may be."""

    key, tags = "k", ("t",)

    def __init__(self, row: list[bytes]) -> None:
        """As the row is when its making begins."""
        self._row = row
        self.begun, self.go = asyncio.Event(), asyncio.Event()

    async def read(self) -> object:
        """The row, a moment later."""
        (found,) = self._row
        self.begun.set()
        await self.go.wait()
        return found

    async def keep(self, value: object, look: Look) -> Kept:
        """It cannot be kept."""
        del look
        assert isinstance(value, bytes)
        return Kept(value, "")

    def given(self, kept: Kept) -> object:
        """As it is."""
        return kept.body

    async def renew(self) -> None:
        """Nobody does."""


async def test_who_reads_after_a_commit_while_the_server_is_gone_waits_for_no_older_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nobody can tell whether one that is being made was begun before it; each makes its own."""
    monkeypatch.setattr("portico.core.flights.WAIT", 60.0)
    broken = Valkey("valkey://127.0.0.1:1", prefix="shop")
    cache, row = ValkeyCache(broken), [b"old"]
    flights, before, after = Flights(cache), Reading(row), Reading(row)
    first = asyncio.create_task(flights.made(before, await cache.look("k", ("t",))))
    await before.begun.wait()

    row[:] = [b"new"]
    await cache.drop(["t"])
    after.go.set()
    seen = await asyncio.wait_for(flights.made(after, await cache.look("k", ("t",))), 10)
    before.go.set()

    assert (await first, seen) == (b"old", b"new")
    await broken.close()


async def test_a_server_that_is_gone_is_a_miss(
    portico: Harness, killable: EmbeddedValkey, caplog: pytest.LogCaptureFixture
) -> None:
    """Never an error, logged once; it is used again once it is back."""
    async with open_harness(app, portico.urls, valkey_url=killable.url):
        office = await open_office(portico, "Alpha")
        client = office.wire(office.member)
        RUNS.clear()
        kept = [(await client.get(TITLES)).status for _ in range(3)]
        assert (kept, RUNS["titles"]) == ([200] * 3, 1)

        await killable.stop()
        gone = [(await client.get(TITLES)).json["data"] for _ in range(3)]
        wrote = await office.file(office.member, "Meanwhile")
        seen = (await client.get(TITLES)).json["data"]
        assert (gone, RUNS["titles"]) == ([[]] * 3, 5)
        assert (bool(wrote), seen) == (True, ["Meanwhile"])

        async with await EmbeddedValkey.start(port=killable.port, password=killable.password):
            await kept_again(office)

    assert [record.message for record in caplog.records if "does not answer" in record.message][1:] == []


async def kept_again(office: Office) -> None:
    """Wait until an answer is given out twice."""
    client = office.wire(office.member)
    async with asyncio.timeout(10):
        while True:
            before = RUNS["titles"]
            assert (await client.get(TITLES)).json["data"] == ["Meanwhile"]
            if RUNS["titles"] == before:
                return
            await asyncio.sleep(0.02)


def office_of(harness: Harness, valkey_url: str, folder: Path) -> Portico:
    """The program, serving the office on the harness's database."""
    shared = {"DATABASE_URL": harness.urls.app, "SECRET_KEY": SIGNING, "VALKEY_URL": valkey_url}
    return Portico(ROOT, {**environment(folder), **shared})


async def read(server: Program, office: Office) -> str:
    """The titles, as one process tells them to a member."""
    path, token = "/api/v1/kept/mine?about=shared", office.harness.token(office.member)
    _, body = await asyncio.to_thread(lambda: server.get(path, token=token))
    return body


async def test_two_processes_share_answers(portico: Harness, portico_valkey: str, tmp_path: Path) -> None:
    """What one has made, the other gives out; what one makes stale, both make anew, and agree on again."""
    office = await open_office(portico, "Alpha")
    program = office_of(portico, portico_valkey, tmp_path)
    async with open_harness(app, portico.urls, valkey_url=portico_valkey):
        with program.serving("serve", SERVED) as one, program.serving("serve", SERVED) as other:
            before = [await read(one, office), await read(other, office)]
            await office.wire(office.member).post("/api/v1/kept/touch", {"tag": "mine"})
            after = [await read(other, office), await read(one, office)]

    assert (before[0], after[0]) == (before[1], after[1])
    assert before[0] != after[0]


async def test_processes_make_an_answer_once(portico: Harness, portico_valkey: str, tmp_path: Path) -> None:
    """Many readers of two processes at once, and one moment that all are told."""
    office = await open_office(portico, "Alpha")
    program = office_of(portico, portico_valkey, tmp_path)
    with program.serving("serve", SERVED) as one, program.serving("serve", SERVED) as other:
        told = await asyncio.gather(*[read(server, office) for server in (one, other) for _ in range(10)])

    assert len(set(told)) == 1
