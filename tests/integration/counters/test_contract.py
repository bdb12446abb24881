"""What every adapter of the port keeps: memory, Valkey, and Valkey with refusals remembered in memory."""

import asyncio
from collections.abc import AsyncIterator
from time import monotonic

import pytest

from portico.adapters.memory.counters import SLOTS, MemoryCounters
from portico.adapters.memory.refusals import RefusalsFirst
from portico.adapters.system import SystemClock
from portico.adapters.valkey import Valkey
from portico.adapters.valkey.counters import ValkeyCounters
from portico.core.charge import Attempt
from portico.ports.counters import Counters, counted
from tests.counted import Found, asked, each

pytestmark = pytest.mark.anyio
LONG, SHORT = 60.0, 0.64
"""Windows in seconds: one that does not move on while a test runs, one that does."""


@pytest.fixture
async def valkey(portico_valkey: str) -> AsyncIterator[Valkey]:
    """An emptied server."""
    found = Valkey(portico_valkey, prefix="contract", timeout=10)
    yield found
    await found.close()


@pytest.fixture(params=["memory", "valkey", "both"])
def counters(request: pytest.FixtureRequest) -> Counters:
    """Each adapter in turn, with nothing counted."""
    if request.param == "memory":
        return MemoryCounters(SystemClock())
    shared = ValkeyCounters(request.getfixturevalue("valkey"))
    return shared if request.param == "valkey" else RefusalsFirst(shared, SystemClock())


async def take(counters: Counters, *attempts: Attempt) -> list[Found]:
    """Count them."""
    return each(await counted(counters.take(*asked(attempts))))


async def one(counters: Counters, limit: int = 3, window: float = LONG, *, key: str = "k", cost: int = 1) -> Found:
    """Count one attempt of one limit."""
    return (await take(counters, Attempt(key, limit, window, cost)))[0]


async def test_an_attempt_is_told_what_is_left(counters: Counters) -> None:
    """Counting down, never beneath zero; a refused attempt is not counted."""
    taken = [await one(counters, 2) for _ in range(4)]

    assert [(t.allowed, t.remaining) for t in taken] == [(True, 1), (True, 0), (False, 0), (False, 0)]
    assert {(t.limit, t.window) for t in taken} == {(2, LONG)}
    assert all(LONG - 5 < t.reset <= LONG * (1 + 1 / SLOTS) + 0.001 for t in taken)


async def test_looking_counts_nothing(counters: Counters) -> None:
    """What an attempt would find can be asked again and again."""
    looks = [await one(counters, 1, cost=0) for _ in range(3)]
    taken = await one(counters, 1)
    full = await one(counters, 1, cost=0)

    assert [(look.allowed, look.remaining, look.reset) for look in looks] == [(True, 1, 0.0)] * 3
    assert taken.allowed
    assert (full.allowed, full.remaining) == (False, 0)
    assert full.reset > 0


async def test_keys_count_for_themselves(counters: Counters) -> None:
    """One caller's attempts are nobody else's, whatever is in the key."""
    keys = ["a", "b", "a\x1fb", "ä@example.com", "x" * 5000]

    assert [(await one(counters, 1, key=key)).allowed for key in keys] == [True] * 5
    assert [(await one(counters, 1, key=key)).allowed for key in keys] == [False] * 5


async def test_an_attempt_may_cost_more(counters: Counters) -> None:
    """It is counted as a whole or not at all; a cheaper one may still pass."""
    costs = (4, 5, 6, 1)
    taken = [await one(counters, 10, cost=cost) for cost in costs]

    assert [(t.allowed, t.remaining) for t in taken] == [(True, 6), (True, 1), (False, 1), (True, 0)]


async def test_a_refused_attempt_is_told_when_there_is_room_for_all_of_it(counters: Counters) -> None:
    """Which is later than for one place, where the attempts were made one after another."""
    await one(counters, 2, SHORT)
    await asyncio.sleep(SHORT / 4)
    await one(counters, 2, SHORT)

    whole = await one(counters, 2, SHORT, cost=2)
    single = await one(counters, 2, SHORT)

    assert (whole.allowed, single.allowed) == (False, False)
    assert whole.reset >= single.reset + SHORT / 8


async def test_several_limits_are_counted_together_or_not_at_all(counters: Counters) -> None:
    """What one of them refuses is counted by none; each tells what is left of it."""
    wide, narrow = Attempt("wide", 9, LONG), Attempt("narrow", 1, 2 * LONG)

    first, second = await take(counters, wide, narrow), await take(counters, wide, narrow)
    alone = await take(counters, wide)

    assert [(t.allowed, t.remaining) for t in first] == [(True, 8), (True, 0)]
    assert [(t.allowed, t.remaining) for t in second] == [(True, 8), (False, 0)]
    assert [(t.allowed, t.remaining) for t in alone] == [(True, 7)]


async def test_a_look_beside_an_attempt_refuses_it(counters: Counters) -> None:
    """Where too many have failed, the next attempt is not counted either."""
    await one(counters, 1, key="failed")

    both = await take(counters, Attempt("tries", 5, LONG), Attempt("failed", 1, LONG, 0))

    assert [(t.allowed, t.remaining, t.reset > 0) for t in both] == [(True, 5, False), (False, 0, True)]
    assert (await one(counters, 5, key="tries", cost=0)).remaining == 5


async def test_whoever_waits_as_told_is_let_in(counters: Counters) -> None:
    """And not before."""
    for _ in range(2):
        await one(counters, 2, SHORT)
    refused = await one(counters, 2, SHORT)
    early = await one(counters, 2, SHORT)

    await asyncio.sleep(refused.reset + 0.002)

    assert (refused.allowed, early.allowed) == (False, False)
    assert early.reset <= refused.reset
    assert (await one(counters, 2, SHORT)).allowed


async def test_no_window_ever_holds_more_than_the_limit(counters: Counters) -> None:
    """Wherever the window is laid over what was let through while many try without a pause."""
    limit, passed = 5, []
    until = monotonic() + 4 * SHORT
    while (before := monotonic()) < until:
        if (await one(counters, limit, SHORT)).allowed:
            passed.append((before, monotonic()))
        await asyncio.sleep(0)

    for start, _ in passed:
        certainly_within = [after for before, after in passed if before >= start and after < start + SHORT]
        assert len(certainly_within) <= limit
    assert len(passed) >= limit * 2


async def test_many_at_once_do_not_pass_together(counters: Counters) -> None:
    """A hundred callers at the same moment share ten places."""
    taken = await asyncio.gather(*(one(counters, 10) for _ in range(100)))

    assert sum(t.allowed for t in taken) == 10
