"""What a limit counts, by what, how much of it, and what holds where nobody can count."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest

from portico import (
    BadCredentials,
    Call,
    Charge,
    Err,
    Error,
    Forbidden,
    Invalid,
    Misconfigured,
    Ok,
    RateLimit,
    RateLimited,
    Request,
    Stage,
)
from portico.adapters.memory.clock import SettableClock
from portico.adapters.memory.counters import MemoryCounters
from portico.core.charging import charge, count_guesses
from portico.core.limits import Fail, rates
from portico.ports.counters import Attempt, Counters, CountersDown, Taken
from portico.ports.database import Facts
from portico.testing import Harness

pytestmark = pytest.mark.anyio
ALICE, BOB = UUID(int=1), UUID(int=2)


class Down:
    """Counters that do not answer."""

    def take(self, attempts: Sequence[Attempt]) -> list[Taken]:
        """Fail."""
        raise CountersDown


class Unreachable:
    """Counters elsewhere that do not answer."""

    async def take(self, attempts: Sequence[Attempt]) -> list[Taken]:
        """Fail, a moment later."""
        raise CountersDown


FAILS: tuple[Fail, ...] = ("open", "closed", "local")


def call(facts: Facts | None = None, ip: str | None = None, **input: object) -> Call:
    """A call with those facts."""
    made = Harness.policy_call(facts=facts, input=input)
    made.request = Request(ip=ip, id="test")
    return made


@pytest.mark.parametrize(
    ("by", "one", "other", "together"),
    [
        ("user", call(Facts(user_id=ALICE), "192.0.2.1"), call(Facts(user_id=ALICE), "192.0.2.2"), True),
        ("user", call(Facts(user_id=ALICE), "192.0.2.1"), call(Facts(user_id=BOB), "192.0.2.1"), False),
        ("user", call(None, "192.0.2.1"), call(None, "192.0.2.1"), True),
        ("user", call(None, "192.0.2.1"), call(None, "192.0.2.2"), False),
        ("ip", call(Facts(user_id=ALICE), "192.0.2.1"), call(Facts(user_id=BOB), "192.0.2.1"), True),
        ("ip", call(None, "2001:db8::1"), call(None, "2001:db8::2"), True),
        ("org", call(Facts(org_id=ALICE)), call(Facts(org_id=ALICE, user_id=BOB)), True),
        ("org", call(Facts(org_id=ALICE)), call(Facts(org_id=BOB)), False),
        ("ip+{email}", call(None, "192.0.2.1", email="a@x"), call(None, "192.0.2.1", email="A@X"), True),
        ("ip+{email}", call(None, "192.0.2.1", email="a@x"), call(None, "192.0.2.2", email="a@x"), False),
        ("prefix+{email}", call(None, "192.0.2.1", email="a@x"), call(None, "192.0.2.2", email="a@x"), True),
        ("prefix+{email}", call(None, "192.0.2.1", email="a@x"), call(None, "192.0.3.1", email="a@x"), False),
        ("all", call(Facts(user_id=ALICE), "192.0.2.1"), call(Facts(user_id=BOB), "192.0.2.2"), True),
    ],
)  # fmt: skip
def test_a_limit_counts_by_what_it_says(by: str, one: Call, other: Call, *, together: bool) -> None:
    """By user, organization, address, an input member, a word, or all of it together."""
    limit = RateLimit("1/m", by=by)

    assert (key(limit, one) == key(limit, other)) is together


def key(limit: RateLimit, made: Call) -> str:
    """What counts together."""
    charge = limit.charge(made)
    assert charge is not None
    return charge.attempt.key


def test_two_limits_never_share_a_count() -> None:
    """Of one action: by another window, by another kind of caller, or in another scope."""
    nobody = call(None, "192.0.2.1")
    limits = [
        RateLimit("5/s", scope="x"),
        RateLimit("5/m", scope="x"),
        RateLimit("5/m", by="ip", scope="x"),
        RateLimit("5/m", scope="y"),
        RateLimit("5/m", by="user+chat:generate-sql", scope="x"),
    ]

    assert len({key(limit, nobody) for limit in limits}) == 5


def test_an_invalid_input_is_not_counted_by_what_it_lacks() -> None:
    """The limit by address counts it; nobody is locked out of an account by nonsense."""
    nobody = call(None, "192.0.2.1")
    limit, failures = (RateLimit("1/m", by="ip+{email}", counts=counts) for counts in ("attempts", "failures"))

    assert limit.charge(nobody) is None
    assert failures.placed("app", "x").charge(nobody) is None


@pytest.mark.parametrize(
    ("cost", "input", "counted"),
    [
        (1, {}, 1),
        (5, {}, 5),
        ("{items}", {"items": [1, 2, 3]}, 3),
        ("{items}", {"items": []}, 1),
        ("{count}", {"count": 7}, 7),
        ("{count}", {"count": -7}, 1),
        ("{count}", {"count": 5000}, 10),
        ("{count}", {}, 1),
    ],
)
def test_an_attempt_costs_what_the_limit_says(cost: int | str, input: dict[str, object], counted: int) -> None:
    """A number, or what an input member is or holds; at least 1, at most all there is."""
    charge = RateLimit("10/m", cost=cost).charge(call(None, "192.0.2.1", **input))

    assert charge is not None
    assert charge.attempt.cost == counted
    assert charge.by_input is isinstance(cost, str)


def test_the_organization_s_plan_says_how_much_it_may() -> None:
    """Plans that are not named have the rate of all."""
    limit = RateLimit("10/m", plans={"pro": "300/m", "business": "api"})

    found = [limit.charge(call(Facts(user_id=ALICE, org_plan=plan))) for plan in ("free", "pro", "business", None)]

    assert [charge and charge.attempt.limit for charge in found] == [10, 300, 100, 10]


def test_a_limit_holds_as_the_settings_of_whoever_calls_have_it() -> None:
    """One policy may stand in several applications of a process: none sees the rates of another."""
    limit, calls = RateLimit("10/m", scope="x"), [call(None, "192.0.2.1"), call(None, "192.0.2.1")]
    for made, factor in zip(calls, (1.0, 2.0), strict=True):
        object.__setattr__(made.services, "rate", rates({}, factor))

    found = [limit.charge(made) for made in (*calls, *calls)]

    assert [charge and charge.attempt.limit for charge in found] == [10, 20, 10, 20]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"cost": 0}, "write a whole number from 1, or an input member"),
        ({"cost": "items"}, r"RateLimit\(cost='items'\): write a whole number"),
        ({"by": "user+"}, "write what counts together"),
        ({"scope": 'a "word"'}, "plain words without quotes"),
        ({"plans": {"pro": "lots"}}, "write a number over a window"),
    ],
)
def test_a_limit_that_cannot_be_read_is_refused_where_it_is_written(wrong: dict[str, Any], said: str) -> None:
    """With what to write instead."""
    with pytest.raises(Misconfigured, match=said):
        RateLimit("5/m", **wrong)


def test_a_limit_of_failures_counts_refused_credentials_alone() -> None:
    """Whoever knows the password never uses it up; a mistyped form does not, either."""
    made, limit = call(None, "192.0.2.1"), RateLimit("1/m", by="ip", counts="failures").placed("app", "x")

    for result in (Ok(None), Err(Invalid()), Err(Forbidden())):
        limit.record(made, result)
    innocent = list(made.notes.guesses)
    limit.record(made, Err(BadCredentials()))

    looked = limit.charge(made)
    assert innocent == []
    assert [guess.attempt.cost for guess in made.notes.guesses] == [1]
    assert looked is not None
    assert looked.attempt == made.notes.guesses[0].attempt._replace(cost=0)


def test_a_limit_by_address_is_asked_before_anything_else() -> None:
    """Everything that knows the caller or the input waits until they are known."""
    assert RateLimit("1/m", by="prefix").stage == Stage.CALLER
    assert RateLimit("1/m", by="ip").stage == Stage.CALLER
    assert RateLimit("1/m", by="ip+{email}").stage == Stage.LIMIT
    assert RateLimit("1/m", by="ip", cost="{items}").stage == Stage.LIMIT
    assert RateLimit("1/m", by="ip", plans={"pro": "2/m"}).stage == Stage.LIMIT
    assert RateLimit("1/m").stage == Stage.LIMIT


# -- counting ----------------------------------------------------------------------------------------------------------
def charges(*limits: RateLimit, made: Call) -> list[Charge]:
    """What the limits charge the call."""
    return [found for limit in limits if (found := limit.charge(made)) is not None]


def test_a_refused_limit_says_when_to_come_back() -> None:
    """Which limits are used up, and whether other input might pass; all of them are told of, and none is counted."""
    made = call(None, "192.0.2.1", email="a@x")
    wide, narrow = RateLimit("9/m", scope="wide"), RateLimit("1/m", by="ip+{email}", scope="narrow")
    charge(charges(wide, narrow, made=made), made)

    with pytest.raises(RateLimited) as refused:
        charge(charges(wide, narrow, made=made), made)

    assert refused.value.by_input
    assert refused.value.violated == ("narrow",)
    assert 0 < (refused.value.retry_after or 0) <= 61
    told = [(name, taken.remaining) for name, taken in made.answer.limits]
    assert told == [("wide", 8), ("narrow", 0), ("wide", 8), ("narrow", 0)]


@pytest.mark.parametrize("counters", [Down(), Unreachable()], ids=["at once", "later"])
async def test_where_nobody_can_count_each_limit_says_what_holds(
    counters: Counters, caplog: pytest.LogCaptureFixture
) -> None:
    """Open lets all pass, local lets this process count, closed refuses all and says why; the log says so once."""
    made = call(None, "192.0.2.1")
    object.__setattr__(made.services, "counters", counters)
    object.__setattr__(made.services, "local", MemoryCounters(SettableClock()))
    limits = {fail: RateLimit("2/m", "ip", scope="x", fail=fail) for fail in FAILS}

    async def refused(fail: Fail) -> str:
        try:
            waiting = charge(charges(limits[fail], made=made), made)
            if waiting is not None:
                await waiting
        except Error as error:
            return error.code
        return ""

    assert [await refused("open") for _ in range(4)] == [""] * 4
    assert [await refused("local") for _ in range(4)] == ["", "", "RATE_LIMIT_EXCEEDED", "RATE_LIMIT_EXCEEDED"]
    assert [await refused("closed") for _ in range(2)] == ["EXTERNAL_SERVICE_ERROR"] * 2
    assert [record.message.partition(":")[0] for record in caplog.records] == [
        "the counters of rate limits do not answer"
    ]


async def test_where_nobody_can_count_guesses_are_counted_here() -> None:
    """Those of limits that fail open are not."""
    made, local = call(None, "192.0.2.1"), MemoryCounters(SettableClock())
    object.__setattr__(made.services, "counters", Unreachable())
    object.__setattr__(made.services, "local", local)
    for fail in FAILS:
        RateLimit("5/m", "ip", "failures", fail, fail).placed("x", "x").record(made, Err(BadCredentials()))

    noted = {guess.name: guess.attempt._replace(cost=0) for guess in made.notes.guesses}
    await count_guesses(made)

    assert {name: local.take([look])[0].remaining for name, look in noted.items()} == {
        "open": 5, "closed": 4, "local": 4,
    }  # fmt: skip
    assert made.notes.guesses == []
