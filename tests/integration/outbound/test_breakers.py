"""One contract for every keeper of breakers."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from portico import App
from portico.adapters.memory.breaker import MOST_SERVICES, MemoryBreakers
from portico.adapters.memory.clock import SettableClock
from portico.adapters.valkey import Valkey
from portico.adapters.valkey.breaker import ValkeyBreakers
from portico.ports.breaker import Breakers, BreakersDown, Condition, Rule
from portico.testing import open_harness
from tests.integration.outbound.conftest import Desk
from tests.integration.outbound.till import app

pytestmark = pytest.mark.anyio
RULE = Rule(failures=3, window=60, reset=30, lease=10)


@pytest.fixture
def clock() -> SettableClock:
    """A clock that is moved by hand."""
    return SettableClock()


@pytest.fixture
async def valkey(portico_valkey: str) -> AsyncIterator[Valkey]:
    """An empty Valkey."""
    valkey = Valkey(portico_valkey, prefix="test")
    yield valkey
    await valkey.close()


@pytest.fixture(params=["memory", "valkey"])
def breakers(request: pytest.FixtureRequest, clock: SettableClock, valkey: Valkey) -> Breakers:
    """A keeper that knows of no failure."""
    return MemoryBreakers(clock) if request.param == "memory" else ValkeyBreakers(valkey, clock)


async def fail(breakers: Breakers, times: int = RULE.failures, service: str = "s") -> None:
    """Let so many calls fail."""
    for _ in range(times):
        await breakers.fail(service, RULE, probe="")


async def half_open(breakers: Breakers, clock: SettableClock) -> None:
    """Open it, and let its time pass."""
    await fail(breakers)
    clock.advance(timedelta(seconds=RULE.reset))


async def test_calls_pass_until_too_many_have_failed(breakers: Breakers, clock: SettableClock) -> None:
    """Then the service is left alone, and callers are told for how long."""
    await fail(breakers, RULE.failures - 1)
    before = await breakers.admit("s", RULE)

    await fail(breakers, 1)
    clock.advance(timedelta(seconds=10))
    after = await breakers.admit("s", RULE)

    assert before.allowed
    assert not after.allowed
    assert after.wait == pytest.approx(20, abs=0.01)


async def test_failures_that_are_long_past_do_not_count(breakers: Breakers, clock: SettableClock) -> None:
    """Only those of one window do."""
    await fail(breakers, 2)
    clock.advance(timedelta(seconds=RULE.window))

    await fail(breakers, 2)

    assert (await breakers.admit("s", RULE)).allowed
    assert await breakers.condition("s", RULE) == Condition("closed", 2, 0.0)


async def test_services_are_apart(breakers: Breakers) -> None:
    """One that fails closes no way to another."""
    await fail(breakers, service="one")

    assert not (await breakers.admit("one", RULE)).allowed
    assert (await breakers.admit("two", RULE)).allowed


async def test_one_probe_goes_at_a_time(breakers: Breakers, clock: SettableClock) -> None:
    """The first to ask once the time has passed; the others wait for what it finds."""
    await half_open(breakers, clock)

    asked = [await breakers.admit("s", RULE) for _ in range(5)]

    assert [p.allowed for p in asked] == [True, False, False, False, False]
    assert asked[0].probe
    assert 0 < asked[1].wait <= 1


async def test_a_probe_that_succeeds_closes(breakers: Breakers, clock: SettableClock) -> None:
    """With no failure left over."""
    await half_open(breakers, clock)
    probe = await breakers.admit("s", RULE)

    await breakers.succeed("s", probe=probe.probe)
    await fail(breakers, RULE.failures - 1)

    assert (await breakers.admit("s", RULE)).allowed


async def test_a_probe_that_fails_opens_again(breakers: Breakers, clock: SettableClock) -> None:
    """For the whole time."""
    await half_open(breakers, clock)
    probe = await breakers.admit("s", RULE)
    clock.advance(timedelta(seconds=5))

    await breakers.fail("s", RULE, probe=probe.probe)

    refused = await breakers.admit("s", RULE)
    assert not refused.allowed
    assert refused.wait == pytest.approx(30, abs=0.01)


async def test_a_probe_that_is_given_up_frees_its_place(breakers: Breakers, clock: SettableClock) -> None:
    """At once: the next one goes."""
    await half_open(breakers, clock)
    first = await breakers.admit("s", RULE)

    await breakers.abandon("s", probe=first.probe)
    second = await breakers.admit("s", RULE)

    assert second.allowed
    assert second.probe != first.probe


async def test_a_probe_whose_process_died_frees_its_place(breakers: Breakers, clock: SettableClock) -> None:
    """When its lease runs out; what it says later changes nothing."""
    await half_open(breakers, clock)
    dead = await breakers.admit("s", RULE)
    clock.advance(timedelta(seconds=RULE.lease))

    second = await breakers.admit("s", RULE)
    await breakers.succeed("s", probe=dead.probe)

    assert second.allowed
    assert (await breakers.condition("s", RULE)).state == "half-open"
    assert not (await breakers.admit("s", RULE)).allowed


async def test_calls_from_before_it_opened_change_nothing(breakers: Breakers, clock: SettableClock) -> None:
    """Neither their failures, which would keep it open, nor their successes."""
    await half_open(breakers, clock)

    await fail(breakers, 5)
    await breakers.succeed("s", probe="")

    assert (await breakers.condition("s", RULE)).state == "half-open"
    assert (await breakers.admit("s", RULE)).probe


async def test_its_condition_can_be_read(breakers: Breakers, clock: SettableClock) -> None:
    """And reading changes nothing."""
    seen = [await breakers.condition("s", RULE)]
    await fail(breakers, 2)
    seen.append(await breakers.condition("s", RULE))
    await fail(breakers, 1)
    seen.append(await breakers.condition("s", RULE))
    clock.advance(timedelta(seconds=RULE.reset))
    seen.append(await breakers.condition("s", RULE))

    assert [(c.state, c.failures) for c in seen] == [("closed", 0), ("closed", 2), ("open", 0), ("half-open", 0)]
    assert seen[2].wait == pytest.approx(30, abs=0.01)
    assert (await breakers.admit("s", RULE)).probe


async def test_memory_is_bounded(clock: SettableClock) -> None:
    """However many services are named."""
    breakers = MemoryBreakers(clock)

    for number in range(MOST_SERVICES + 5):
        await breakers.fail(str(number), RULE, probe="")

    assert (await breakers.condition("0", RULE)).failures == 0
    assert (await breakers.condition(str(MOST_SERVICES), RULE)).failures == 1


async def test_processes_share_them_and_send_one_probe(
    valkey: Valkey, portico_valkey: str, clock: SettableClock
) -> None:
    """Whoever asks first of all their callers, at the same moment."""
    other = Valkey(portico_valkey, prefix="test")
    processes = [ValkeyBreakers(valkey, clock), ValkeyBreakers(other, clock)]
    await fail(processes[0])
    told = await processes[1].admit("s", RULE)
    clock.advance(timedelta(seconds=RULE.reset))

    asked = await asyncio.gather(*(processes[n % 2].admit("s", RULE) for n in range(20)))
    await other.close()

    assert not told.allowed
    assert [p.allowed for p in asked].count(True) == 1


async def test_a_valkey_that_is_gone_says_so(clock: SettableClock) -> None:
    """Then each process keeps its own."""
    gone = Valkey("valkey://127.0.0.1:9", prefix="test")

    with pytest.raises(BreakersDown):
        await ValkeyBreakers(gone, clock).admit("s", RULE)
    await gone.close()


async def test_an_application_shares_them_where_valkey_url_is_set(desk: Desk, portico_valkey: str) -> None:
    """What one process finds, the others know."""
    settings = {"portico_rate_limit_factor": 1_000_000, "valkey_url": portico_valkey}
    headers = {"authorization": f"Bearer {desk.portico.token(desk.user)}", "x-org-id": str(desk.org.id)}
    desk.bank.answers = [500] * 9
    async with (
        open_harness(app, desk.portico.urls, **settings) as one,
        open_harness(App("till", modules=app.modules), desk.portico.urls, **settings) as two,
    ):
        for _ in range(5):
            await one.client().post("/api/v1/bare", {}, headers=headers)
        calls = sum(desk.bank.calls.values())

        refused = await two.client().post("/api/v1/bare", {}, headers=headers)

    assert (refused.status, sum(desk.bank.calls.values())) == (503, calls)
    assert refused.json["retry_after"] == 30
