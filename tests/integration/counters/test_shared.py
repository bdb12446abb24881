"""What counters on Valkey are besides: one trip, hidden keys, bounded, exact over processes, down and up again."""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from portico.adapters.memory.clock import SettableClock
from portico.adapters.memory.refusals import RefusalsFirst
from portico.adapters.valkey import Valkey
from portico.adapters.valkey.counters import ValkeyCounters
from portico.adapters.valkey.embedded import EmbeddedValkey
from portico.core.charge import Attempt
from portico.ports.counters import CountersDown, Rule, Taken, counted
from tests.counted import asked, each

pytestmark = pytest.mark.anyio
CROWD = Path(__file__).with_name("crowd.py")
PROCESSES, CLIENTS, LIMIT, WINDOW, SECONDS = 8, 50, 40, 1.0, 3.0


@pytest.fixture
async def valkey(portico_valkey: str) -> AsyncIterator[Valkey]:
    """An emptied server."""
    found = Valkey(portico_valkey, prefix="shared", timeout=10)
    yield found
    await found.close()


async def test_however_many_limits_are_one_trip(valkey: Valkey) -> None:
    """Once the server knows the script."""
    counters = ValkeyCounters(valkey)
    await counters.take(*asked([Attempt("warm", 9, 60.0)]))
    await valkey.call("CONFIG", "RESETSTAT")

    await counters.take(*asked([Attempt(f"limit {n}", 9, 60.0) for n in range(6)]))

    said = await valkey.client.info("commandstats")
    assert said["cmdstat_evalsha"]["calls"] == 1
    assert "cmdstat_eval" not in said


async def test_who_must_wait_costs_no_trip(valkey: Valkey) -> None:
    """The same attempts are refused from memory until their time has come; others are asked about."""
    clock = SettableClock()
    counters = RefusalsFirst(ValkeyCounters(valkey), clock)
    attempts = asked([Attempt("wide", 9, 60.0), Attempt("narrow", 1, 60.0)])
    for _ in range(2):
        await counted(counters.take(*attempts))

    again = counters.take(*attempts)
    other = counters.take(*asked([Attempt("wide", 9, 60.0)]))
    clock.advance(timedelta(seconds=30))
    later = counters.take(*attempts)
    clock.advance(timedelta(seconds=31.5))
    in_time = counters.take(*attempts)

    assert isinstance(again, Taken)
    assert isinstance(later, Taken)
    assert [(t.allowed, t.remaining) for t in each(again)] == [(True, 8), (False, 0)]
    assert 29 <= again.reset - later.reset <= 31
    assert (await counted(other)).allowed
    assert not isinstance(in_time, Taken)
    await in_time


async def test_refusals_are_remembered_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest is forgotten first, and asked about again."""
    monkeypatch.setattr("portico.adapters.memory.refusals.MOST", 2)
    counters = RefusalsFirst(Refusing(), SettableClock())
    attempts = [asked([Attempt(key, 1, 60.0)]) for key in "abc"]
    for attempt in attempts:
        await counted(counters.take(*attempt))

    assert [isinstance(counters.take(*attempt), Taken) for attempt in attempts[1:]] == [True, True]
    assert (await counted(counters.take(*attempts[0]))).reset == 9.0


async def test_who_must_wait_must_wait_while_nobody_counts() -> None:
    """What was too much before is known; of others nobody knows."""
    counting = Refusing()
    counters = RefusalsFirst(counting, SettableClock())
    before, after = (asked([Attempt(key, 1, 60.0)]) for key in ("before", "after"))
    await counted(counters.take(*before))

    counting.down = True

    assert (await counted(counters.take(*before))).refused
    with pytest.raises(CountersDown):
        await counted(counters.take(*after))


class Refusing:
    """Counters elsewhere that let nobody pass."""

    down = False

    async def take(self, keys: Sequence[str], rules: tuple[Rule, ...]) -> Taken:
        """Refuse."""
        if self.down:
            raise CountersDown
        return Taken(rules, [(0, 9.0) for _ in keys], range(len(keys)))


async def test_keys_tell_nobody_whose_they_are_and_go_by_themselves(valkey: Valkey) -> None:
    """No address in clear; each ends soon after its window."""
    await ValkeyCounters(valkey).take(*asked([Attempt("ada@example.com", 9, 60.0)]))

    (key,) = await valkey.client.keys("*")
    left = await valkey.client.pttl(key)

    assert str(key).startswith("b'shared:limit:")
    assert "ada" not in str(key)
    assert 55_000 < left <= 61_000


async def test_a_key_holds_a_bounded_number_of_slots(valkey: Valkey) -> None:
    """What has left the window is removed; however many attempts, 65 small numbers."""
    counters, at = ValkeyCounters(valkey), asked([Attempt("k", 100_000, 0.32)])
    for _ in range(12):
        await asyncio.gather(*(counters.take(*at) for _ in range(50)))
        await asyncio.sleep(0.06)

    (key,) = await valkey.client.keys("*")
    assert await valkey.client.hlen(key) <= 65


async def test_limits_are_exact_over_processes(portico_valkey: str) -> None:
    """Eight processes with fifty clients each, all trying without a pause: no second ever holds more than forty.

    Who was let in is judged by the server's own clock, read in the same step.
    """
    numbers = (str(n) for n in (CLIENTS, LIMIT, WINDOW, SECONDS))
    arguments = [sys.executable, str(CROWD), portico_valkey, *numbers]
    crowd = [await asyncio.create_subprocess_exec(*arguments, stdout=asyncio.subprocess.PIPE) for _ in range(PROCESSES)]
    said = [(await process.communicate())[0] for process in crowd]

    passed = sorted(float(line) for lines in said for line in lines.split())
    for start in passed:
        assert sum(start <= at < start + WINDOW for at in passed) <= LIMIT
    assert {process.returncode for process in crowd} == {0}
    assert len(passed) >= LIMIT * 2


async def test_counters_that_are_down_say_so_and_are_back_by_themselves() -> None:
    """What was counted is lost with the server; what is counted after it holds."""
    server = await EmbeddedValkey.start()
    valkey = Valkey(server.url, prefix="x", timeout=10)
    counters, attempt = ValkeyCounters(valkey), asked([Attempt("k", 1, 60.0)])
    await counters.take(*attempt)
    await server.stop()
    with pytest.raises(CountersDown):
        await counters.take(*attempt)

    async with await EmbeddedValkey.start(port=server.port, password=server.password), asyncio.timeout(20):
        first = await until_counted(counters, attempt)
        second = await counters.take(*attempt)
        await valkey.close()

    assert (first.allowed, second.allowed) == (True, False)


async def until_counted(counters: ValkeyCounters, attempt: tuple[list[str], tuple[Rule, ...]]) -> Taken:
    """Try until somebody counts."""
    while True:
        try:
            return await counters.take(*attempt)
        except CountersDown:
            await asyncio.sleep(0.05)
