"""One contract for every keeper of breakers."""

from datetime import timedelta

import pytest

from portico.adapters.memory.breaker import MOST_SERVICES, MemoryBreakers
from portico.adapters.memory.clock import SettableClock
from portico.ports.breaker import Breakers, Condition, Rule

pytestmark = pytest.mark.anyio
RULE = Rule(failures=3, window=60, reset=30, lease=10)


@pytest.fixture
def clock() -> SettableClock:
    """A clock that is moved by hand."""
    return SettableClock()


@pytest.fixture(params=["memory"])
def breakers(clock: SettableClock) -> Breakers:
    """A keeper that knows of no failure."""
    return MemoryBreakers(clock)


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
