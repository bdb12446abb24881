"""Breakers and retries around calls, on a clock that is moved by hand."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime

import httpx2
import pytest

from portico import (
    CircuitOpen,
    Conflict,
    Error,
    Misconfigured,
    NotFound,
    TimedOut,
    Tries,
    Unavailable,
    breaker,
    breakers,
    retry,
)
from portico.adapters.memory.breaker import MemoryBreakers
from portico.adapters.memory.clock import SettableClock
from portico.core.outages import is_outage, is_worth_retrying, status_of
from portico.core.outbound import RESERVE, Budget, Outbound, parse_rule, serving
from portico.ports.breaker import BreakersDown, Condition, Pass, Rule

pytestmark = pytest.mark.anyio
opened = pytest.mark.usefixtures("outbound")
REQUEST = httpx2.Request("GET", "https://provider.test/")


def refused(status: int, **headers: str) -> httpx2.HTTPStatusError:
    """What `raise_for_status` raises."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx2.HTTPStatusError("", request=REQUEST, response=httpx2.Response(status, headers=sent))


class Provider:
    """A service that does what the list says, one after another; then all is well."""

    def __init__(self, *plan: BaseException) -> None:
        """Nobody has called yet."""
        self.calls = 0
        self._plan = list(plan)

    async def __call__(self) -> str:
        """Answer, or fail."""
        self.calls += 1
        if self._plan:
            raise self._plan.pop(0)
        return "well"


@pytest.fixture
def clock() -> SettableClock:
    """A clock that is moved by hand."""
    return SettableClock()


@pytest.fixture
def outbound(clock: SettableClock) -> Iterator[Outbound]:
    """What an open application has; its pauses are as long as they may be."""
    made = Outbound(clock, MemoryBreakers(clock), MemoryBreakers(clock), jitter=lambda most: most)
    with serving(made):
        yield made


@pytest.mark.parametrize(
    ("problem", "outage", "worth"),
    [
        (TimeoutError(), True, True),
        (ConnectionResetError(), True, True),
        (httpx2.ConnectError(""), True, True),
        (httpx2.ReadTimeout(""), True, True),
        (refused(500), True, True),
        (refused(503), True, True),
        (refused(429), False, True),
        (refused(404), False, False),
        (Unavailable(), True, True),
        (TimedOut(), True, True),
        (CircuitOpen(), False, False),
        (NotFound(), False, False),
        (Error(), False, False),
        (FileNotFoundError(), False, False),
        (ValueError(), False, False),
    ],
)
def test_the_service_is_to_blame_for_an_outage_alone(problem: BaseException, *, outage: bool, worth: bool) -> None:
    """Network errors, timeouts, 500 and above; what it refuses is its answer. 429 is worth another try."""
    assert (is_outage(problem), is_worth_retrying(problem)) == (outage, worth)


def test_other_clients_say_their_status_elsewhere() -> None:
    """On the exception, as clients of vendors do."""
    problem = ValueError()
    problem.http_status = 502  # type: ignore[attr-defined]  # as a vendor's exception has it

    assert status_of(problem) == 502
    assert is_outage(problem)


@opened
async def test_a_breaker_leaves_a_failing_service_alone(clock: SettableClock) -> None:
    """Five failures open it; the sixth caller is told at once, and for how long."""
    provider = Provider(*[TimeoutError()] * 9)
    for _ in range(5):
        with pytest.raises(TimeoutError):
            await breaker("s")(provider)()
    clock.advance(timedelta(seconds=10))

    with pytest.raises(CircuitOpen) as told:
        await breaker("s")(provider)()

    assert (provider.calls, told.value.retry_after, told.value.status) == (5, 20, 503)
    assert {service: c.state for service, c in (await breakers()).items()} == {"s": "open"}


@opened
async def test_a_probe_finds_the_service_well_again(clock: SettableClock) -> None:
    """One call goes, the others are told to wait, and after it all go."""
    for _ in range(5):
        with pytest.raises(TimeoutError):
            async with breaker("s"):
                raise TimeoutError
    clock.advance(timedelta(seconds=30))

    async with breaker("s"):
        with pytest.raises(CircuitOpen):
            await breaker("s")(Provider())()

    assert (await breakers())["s"].state == "closed"


async def test_a_probe_that_is_cancelled_frees_its_place(outbound: Outbound, clock: SettableClock) -> None:
    """Nobody knows what it would have found."""
    for _ in range(5):
        await outbound.breakers.fail("s", outbound.rule("s"), probe="")
    clock.advance(timedelta(seconds=30))
    guarded = breaker("s")

    with pytest.raises(asyncio.CancelledError):
        async with guarded:
            raise asyncio.CancelledError

    async with guarded:
        pass


@opened
async def test_refusals_are_no_failures() -> None:
    """A service that refuses is well."""
    for _ in range(20):
        with pytest.raises(httpx2.HTTPStatusError):
            await breaker("s")(Provider(refused(404)))()

    assert (await breakers())["s"].failures == 0


@opened
async def test_one_breaker_serves_many_calls_at_once() -> None:
    """Each call's outcome is its own."""
    guarded, ready = breaker("s"), asyncio.Event()

    async def call(problem: BaseException | None) -> None:
        async with guarded:
            await ready.wait()
            if problem:
                raise problem

    calls = [asyncio.create_task(call(p)) for p in (None, TimeoutError(), None, TimeoutError())]
    await asyncio.sleep(0)
    ready.set()
    found = await asyncio.gather(*calls, return_exceptions=True)

    assert [type(one) for one in found] == [type(None), TimeoutError, type(None), TimeoutError]
    assert (await breakers())["s"].failures == 2


@opened
async def test_a_fallback_stands_in() -> None:
    """Where a call fails, and where none is made; what is refused is raised."""
    provider = Provider(TimeoutError(), refused(404))

    async def later() -> str:
        return "queued"

    assert await breaker("s", fallback="unknown")(provider)() == "unknown"
    with pytest.raises(httpx2.HTTPStatusError):
        await breaker("s", fallback="unknown")(provider)()
    assert await breaker("s", fallback=later)(Provider(TimeoutError()))() == "queued"


async def test_shared_breakers_that_are_down_are_replaced_by_the_process_s_own(
    outbound: Outbound, clock: SettableClock, caplog: pytest.LogCaptureFixture
) -> None:
    """Calls go on, failures are counted here, and the log says so once a minute."""

    class Down(MemoryBreakers):
        async def admit(self, service: str, rule: Rule) -> Pass:
            raise BreakersDown

    with serving(replace(outbound, breakers=Down(clock))):
        for _ in range(5):
            with pytest.raises(TimeoutError):
                await breaker("s")(Provider(TimeoutError()))()
        with pytest.raises(CircuitOpen):
            await breaker("s")(Provider())()

    assert [r.message for r in caplog.records].count(
        "the shared breakers do not answer: each process keeps its own until they do"
    ) == 1


async def test_a_failure_counts_here_where_the_shared_breakers_cannot_be_told(
    outbound: Outbound, clock: SettableClock
) -> None:
    """They let a call out, and were gone when it had failed."""

    class Deaf(MemoryBreakers):
        async def fail(self, service: str, rule: Rule, *, probe: str) -> None:
            raise BreakersDown

    with serving(replace(outbound, breakers=Deaf(clock))):
        for _ in range(5):
            with pytest.raises(TimeoutError):
                await breaker("s")(Provider(TimeoutError()))()

    assert (await outbound.local.condition("s", outbound.rule("s"))).state == "open"


def test_a_quiet_service_has_ten_retries_in_hand() -> None:
    """And no more, however many of its calls went well."""
    budget = Budget(share=0.2)
    for _ in range(1000):
        budget.earn("s")

    assert [budget.spend("s") for _ in range(11)] == [True] * 10 + [False]


@opened
async def test_a_call_is_tried_three_times_with_growing_pauses(clock: SettableClock) -> None:
    """1 s, then 2 s at most; the third failure is raised."""
    failing, healing = Provider(*[TimeoutError()] * 9), Provider(TimeoutError())
    start = clock.seconds()

    with pytest.raises(TimeoutError):
        await retry("s", safe=True).run(failing)
    waited = clock.seconds() - start

    assert (failing.calls, waited) == (3, 3)
    assert await retry("s", safe=True).run(healing) == "well"


@opened
async def test_pauses_have_a_cap(clock: SettableClock) -> None:
    """Doubled up to it."""
    start, tries = clock.seconds(), Tries(attempts=6, base=4, cap=10)

    with pytest.raises(TimeoutError):
        await retry("s", safe=True, tries=tries).run(Provider(*[TimeoutError()] * 9))

    assert clock.seconds() - start == 4 + 8 + 10 + 10 + 10


async def test_a_pause_is_random_all_of_it(clock: SettableClock) -> None:
    """So that those who failed together do not come back together."""
    made = Outbound(clock, MemoryBreakers(clock), MemoryBreakers(clock))

    pauses = [made.jitter(8.0) for _ in range(200)]

    assert min(pauses) < 1
    assert max(pauses) > 7
    assert all(0 <= pause <= 8 for pause in pauses)


@pytest.mark.parametrize("safe", [True, False])
@opened
async def test_what_is_not_safe_needs_a_key(*, safe: bool) -> None:
    """Without one it is made once."""
    plain, keyed = Provider(TimeoutError()), Provider(TimeoutError())

    if safe:
        assert await retry("s", safe=True).run(plain) == "well"
    else:
        with pytest.raises(TimeoutError):
            await retry("s").run(plain)

    assert await retry("s", key="k1").run(keyed) == "well"


@opened
async def test_what_is_refused_is_not_tried_again() -> None:
    """Neither by the service nor by an open breaker."""
    for problem in (refused(422), CircuitOpen(), Conflict(), ValueError()):
        provider = Provider(problem)
        with pytest.raises(type(problem)):
            await retry("s", safe=True).run(provider)
        assert provider.calls == 1


@opened
async def test_retry_after_is_kept(clock: SettableClock) -> None:
    """In seconds or as a date; who asks for more than the cap is not asked again."""
    date = format_datetime(clock.now() + timedelta(seconds=20), usegmt=True)
    start = clock.seconds()

    assert await retry("s", safe=True).run(Provider(refused(429, retry_after="7"))) == "well"
    first = clock.seconds() - start
    assert await retry("s", safe=True).run(Provider(refused(503, retry_after=date))) == "well"
    second = clock.seconds() - start - first
    with pytest.raises(httpx2.HTTPStatusError):
        await retry("s", safe=True).run(Provider(refused(429, retry_after="31")))

    assert first == 7
    assert 12 < second <= 20


@opened
async def test_a_retry_inside_another_is_made_once() -> None:
    """Three tries are three, however many layers ask for them."""
    provider = Provider(*[TimeoutError()] * 20)

    async def inner() -> str:
        return await retry("inner", safe=True).run(provider)

    with pytest.raises(TimeoutError):
        await retry("outer", safe=True)(inner)()

    assert provider.calls == 3


@opened
async def test_retries_stay_a_share_of_all_calls() -> None:
    """A fifth, and the few in hand at first."""
    provider = Provider(*[TimeoutError()] * 10_000)

    for _ in range(500):
        with pytest.raises(TimeoutError):
            await retry("s", safe=True).run(provider)

    assert 500 < provider.calls <= 500 + RESERVE + 500 * 0.2


@opened
async def test_a_budget_is_a_service_s_own() -> None:
    """One that fails takes nothing from another."""
    budget = Budget(share=0)
    while budget.spend("one"):
        pass

    assert budget.spend("two")


async def test_settings_say_the_rules(outbound: Outbound) -> None:
    """What is written comes before the presets; what has neither is the default's."""
    written = replace(outbound, written={"stripe": "9/10s reset 5s"})

    assert written.rule("stripe")[:3] == (9, 10, 5)
    assert [written.rule(s)[:3] for s in ("email", "ai", "elsewhere")] == [(5, 30, 30), (3, 120, 30), (5, 60, 30)]
    assert outbound.rule("stripe")[:3] == (3, 60, 30)
    assert replace(outbound, written={"default": "1/1s reset 1s"}).rule("x")[:3] == (1, 1, 1)


@pytest.mark.parametrize(
    "written", ["", "3/60", "0/60s reset 30s", "3/0s reset 30s", "3/60s reset 0s", "3/1m reset 30s"]
)
def test_a_rule_that_is_none_is_refused(written: str) -> None:
    """With the setting, the service and what to write."""
    with pytest.raises(Misconfigured, match=r"PORTICO_BREAKERS: stripe: .* write failures over seconds"):
        parse_rule("stripe", written)


@pytest.mark.parametrize("numbers", [{"attempts": 0}, {"base": -1}, {"base": 9, "cap": 3}])
def test_tries_that_make_no_sense_are_refused(numbers: dict[str, int]) -> None:
    """Where they are written."""
    with pytest.raises(Misconfigured, match="write attempts of 1 or more"):
        Tries(**numbers)


async def test_without_an_application_there_is_a_clear_word() -> None:
    """Both need one that is open."""
    with pytest.raises(Misconfigured, match=r"breaker\('s'\) needs an application that is open"):
        await breaker("s")(Provider())()
    with pytest.raises(Misconfigured, match="needs an application that is open"):
        await retry("s", safe=True).run(Provider())


# -- how breakers stand --------------------------------------------------------------------------------------------
class Away(MemoryBreakers):
    """Shared breakers that do not answer."""

    async def condition(self, service: str, rule: Rule) -> Condition:
        """Say nothing."""
        raise BreakersDown


@pytest.mark.anyio
async def test_a_process_tells_its_own_breakers_while_nobody_shares_any() -> None:
    """For health and metrics: what it knows is more than nothing."""
    clock = SettableClock()
    shared, own = Away(clock), MemoryBreakers(clock)
    outbound = Outbound(clock, shared, own, {"radio": "1/60s reset 30s"}, seen={"radio": None, "post": None})
    await own.fail("radio", outbound.rule("radio"), probe="")

    assert await outbound.states() == {"radio": "open", "post": "closed"}
