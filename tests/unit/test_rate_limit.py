"""What a limit counts, by what, how much of it, and what holds where nobody can count."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any
from uuid import UUID

import pytest

from portico import (
    Attempt,
    BadCredentials,
    Call,
    Charge,
    Err,
    Error,
    Forbidden,
    Invalid,
    Misconfigured,
    Ok,
    Policy,
    RateLimit,
    RateLimited,
    Request,
    Stage,
    Unavailable,
)
from portico.adapters.memory.clock import SettableClock
from portico.adapters.memory.counters import MemoryCounters
from portico.core.charge import rule_of
from portico.core.charging import Toll, charge, count_guesses
from portico.core.limits import rates
from portico.ports.counters import Counters, CountersDown, Fail, Rule, Taken
from portico.ports.database import Facts
from portico.testing import Harness

pytestmark = pytest.mark.anyio
ALICE, BOB = UUID(int=1), UUID(int=2)


class Down:
    """Counters that do not answer."""

    def take(self, keys: Sequence[str], rules: tuple[Rule, ...]) -> Taken:
        """Fail."""
        raise CountersDown


class Unreachable:
    """Counters elsewhere that do not answer."""

    async def take(self, keys: Sequence[str], rules: tuple[Rule, ...]) -> Taken:
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
    ((key, guessed),) = made.notes.guesses
    assert guessed.cost == 1
    assert looked is not None
    assert (looked.attempt.key, asdict(rule_of(looked))) == (key, asdict(guessed) | {"cost": 0})


@pytest.mark.parametrize(
    ("limit", "by_input"),
    [
        (RateLimit("1/m"), False),
        (RateLimit("1/m", by="user+chat"), False),
        (RateLimit("1/m", by="user+ip"), True),
        (RateLimit("1/m", by="user+prefix"), True),
        (RateLimit("1/m", by="user+{email}"), True),
        (RateLimit("1/m", by="org"), True),
        (RateLimit("1/m", cost="{items}"), True),
        (RateLimit("1/m", plans={"pro": "2/m"}), True),
    ],
)
def test_a_limit_says_whether_the_same_user_might_pass_with_another_call(limit: RateLimit, *, by_input: bool) -> None:
    """Then its refusals are not remembered."""
    charge = limit.charge(call(Facts(user_id=ALICE), "192.0.2.1", email="a@x", items=[]))

    assert charge is not None
    assert charge.by_input is by_input


def test_a_limit_by_address_is_asked_before_anything_else() -> None:
    """Everything that knows the caller or the input waits until they are known."""
    assert RateLimit("1/m", by="prefix").stage == Stage.CALLER
    assert RateLimit("1/m", by="ip").stage == Stage.CALLER
    assert RateLimit("1/m", by="ip+{email}").stage == Stage.LIMIT
    assert RateLimit("1/m", by="ip", cost="{items}").stage == Stage.LIMIT
    assert RateLimit("1/m", by="ip", plans={"pro": "2/m"}).stage == Stage.LIMIT
    assert RateLimit("1/m").stage == Stage.LIMIT


# -- counting ----------------------------------------------------------------------------------------------------------
def test_a_refused_limit_says_when_to_come_back() -> None:
    """Which limits are used up, and whether other input might pass; all of them are told of, and none is counted."""
    made = call(None, "192.0.2.1", email="a@x")
    wide, narrow = RateLimit("9/m", scope="wide"), RateLimit("1/m", by="ip+{email}", scope="narrow")
    toll = Toll((wide, narrow))
    charge(toll.of(made), made)

    with pytest.raises(RateLimited) as refused:
        charge(toll.of(made), made)

    assert refused.value.by_input
    assert refused.value.violated == ("narrow",)
    assert 0 < (refused.value.retry_after or 0) <= 61
    assert told(made) == [("wide", 8), ("narrow", 0), ("wide", 8), ("narrow", 0)]


def told(made: Call) -> list[tuple[str, int]]:
    """What the caller is told is left, by name and in the order of the header."""
    limits = made.answer.limits
    return [] if limits is None else [(rule.name, n) for rule, (n, _) in zip(limits.rules, limits.left, strict=True)]


class ByHeart(Policy):
    """A limit of an application's own, which says of each call what it uses up."""

    limit: int
    stage = Stage.LIMIT

    def charge(self, call: Call) -> Charge:
        """By nobody in particular."""
        return Charge(Attempt("all", self.limit, 60.0), "own")


class Halved(RateLimit):
    """Somebody's limit, which charges otherwise."""

    def charge(self, call: Call) -> Charge | None:
        """Half of what there is."""
        charge = super().charge(call)
        return charge and charge._replace(attempt=charge.attempt._replace(limit=charge.attempt.limit // 2))


def test_limits_are_counted_and_told_in_the_order_in_which_they_are_written() -> None:
    """Whatever they count by, and whether or not their charges depend on the call."""
    made = call(Facts(user_id=ALICE, org_id=BOB, org_plan="pro"), "192.0.2.1", email="a@x", items=[1, 2])
    toll = Toll([
        RateLimit("9/m", scope="a"),
        RateLimit("9/m", by="org", scope="b"),
        ByHeart(7),
        RateLimit("9/m", cost="{items}", scope="c"),
        RateLimit("9/m", plans={"pro": "5/m"}, scope="d"),
        Halved("8/m", scope="e"),
        RateLimit("9/m", by="user+{email}", scope="f"),
        RateLimit("3/m", counts="failures").placed("g", "x"),
        RateLimit("9/m", scope="h"),
    ])  # fmt: skip

    charge(toll.of(made), made)

    assert told(made) == [
        ("a", 8), ("b", 8), ("own", 6), ("c", 7), ("d", 4), ("e", 3), ("f", 8), ("g", 3), ("h", 8),
    ]  # fmt: skip


@pytest.mark.parametrize("beside", [(), (ByHeart(7),)], ids=["all known", "one says of each call"])
def test_keys_and_rules_are_those_that_each_limit_charges(beside: Sequence[Policy]) -> None:
    """Worked out once for all calls or asked of each: counted is the same, in one key a limit."""
    limits = [*beside]
    limits += [
        RateLimit("9/m", by, "attempts", scope) for scope in "abc" for by in ("user", "org", "ip", "all", "ip+{email}")
    ]
    toll = Toll(limits)
    for made in (
        call(Facts(user_id=ALICE, org_id=BOB), "192.0.2.1", email="A@x"),
        call(None, "2001:db8::1", email="b"),
    ):
        keys, rules = toll.of(made)
        charged = [limit.charge(made) for limit in limits]

        assert list(zip(keys, rules, strict=True)) == [(one.attempt.key, rule_of(one)) for one in charged if one]
        assert len(set(keys)) == len(limits)


def test_a_limit_that_lacks_its_input_is_left_out_beside_others() -> None:
    """The others count, each under its own rule; the next call with the input is counted by all."""
    toll = Toll([RateLimit("9/m", scope="a"), RateLimit("8/m", by="{email}", scope="b"), RateLimit("7/m", scope="c")])
    invalid, valid = call(None, "192.0.2.1"), call(None, "192.0.2.1", email="a@x")
    object.__setattr__(valid, "services", invalid.services)

    charge(toll.of(invalid), invalid)
    charge(toll.of(valid), valid)

    assert told(invalid) == [("a", 8), ("c", 6)]
    assert told(valid) == [("a", 7), ("b", 7), ("c", 5)]


def test_where_no_limit_counts_the_call_nothing_is_told() -> None:
    """Its input is invalid, or whoever counts is down and each limit is open."""
    invalid, alone = call(None, "192.0.2.1"), call(None, "192.0.2.1")
    for made in (invalid, alone):
        object.__setattr__(made.services, "counters", Down())

    charge(Toll([RateLimit("9/m", by="{email}", fail="closed")]).of(invalid), invalid)
    charge(Toll([RateLimit("9/m", fail="open")]).of(alone), alone)

    assert (invalid.answer.limits, alone.answer.limits) == (None, None)


def test_a_toll_is_worked_out_under_the_settings_of_whoever_calls() -> None:
    """The same policies in two applications of a process: none sees the rates of another, whoever called last."""
    toll, calls = Toll([RateLimit("10/m", scope="x")]), [call(None, "192.0.2.1"), call(None, "192.0.2.1")]
    for made, factor in zip(calls, (1.0, 2.0), strict=True):
        object.__setattr__(made.services, "rate", rates({}, factor))

    found = [toll.of(made)[1][0].limit for made in (*calls, *calls)]

    assert found == [10, 20, 10, 20]


def test_what_was_found_at_two_stages_is_told_together() -> None:
    """Those by address first; and which of them refuse."""
    first = Taken((Rule(9, 60.0, name="ip"),), [(8, 1.0)], ())
    later = Taken((Rule(9, 60.0, name="a"), Rule(2, 60.0, name="b")), [(9, 0.0), (0, 2.0)], [1])

    both = first.then(later)

    assert [rule.name for rule in both.rules] == ["ip", "a", "b"]
    assert both.left == [(8, 1.0), (9, 0.0), (0, 2.0)]
    assert (both.refused, both.reset) == ([2], 2.0)


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
            waiting = charge(Toll([limits[fail]]).of(made), made)
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


def test_where_nobody_can_count_the_caller_may_ask_again_in_five_seconds() -> None:
    """Not in a minute: counters are soon back."""
    made = call(None, "192.0.2.1")
    object.__setattr__(made.services, "counters", Down())

    with pytest.raises(Unavailable) as refused:
        charge(Toll([RateLimit("2/m", "ip", fail="closed")]).of(made), made)

    assert refused.value.retry_after == 5.0


async def test_where_nobody_can_count_guesses_are_counted_here() -> None:
    """Those of limits that fail open are not."""
    made, local = call(None, "192.0.2.1"), MemoryCounters(SettableClock())
    object.__setattr__(made.services, "counters", Unreachable())
    object.__setattr__(made.services, "local", local)
    for fail in FAILS:
        RateLimit("5/m", "ip", "failures", fail, fail).placed("x", "x").record(made, Err(BadCredentials()))

    looks = {rule.name: ([key], (replace(rule, cost=0),)) for key, rule in made.notes.guesses}
    await count_guesses(made)

    assert {name: local.take(*look).left[0][0] for name, look in looks.items()} == {
        "open": 5, "closed": 4, "local": 4,
    }  # fmt: skip
    assert made.notes.guesses == []
