"""Rates as people write them, and windows that never hold more than they may."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from portico import Misconfigured, RateLimit
from portico.adapters.memory.clock import SettableClock
from portico.adapters.memory.counters import SLOTS, MemoryCounters
from portico.core.addresses import address_of
from portico.core.charge import Attempt
from portico.core.limits import PRESETS, parse_rate, rates
from portico.ports.counters import Rule
from tests.counted import Found, asked, each

STEPS = st.lists(st.integers(0, 4000), min_size=1, max_size=200)


class Ticking(SettableClock):
    """A clock moved by milliseconds."""

    def tick(self, milliseconds: int) -> float:
        """Move on; returns the seconds it shows."""
        self._seconds += milliseconds / 1000
        return self._seconds


@pytest.mark.parametrize(
    ("rate", "limit", "window"),
    [
        ("30/m", 30, 60),
        ("5/15m", 5, 900),
        ("100/h", 100, 3600),
        ("1/d", 1, 86400),
        ("3/10s", 3, 10),
        ("api", 100, 60),
        ("auth", 10, 60),
        ("failed-sign-in", 5, 900),
    ],
)
def test_a_rate_is_a_number_over_a_window(rate: str, limit: int, window: float) -> None:
    """Or the name of a preset."""
    assert parse_rate(rate) == (limit, window)


@pytest.mark.parametrize(
    "rate", ["", "30", "30/", "/m", "0/m", "5/0m", "5/00s", "-1/m", "1.5/m", "5/y", "5/m ", "many"]
)
def test_what_is_no_rate_is_refused_where_it_is_written(rate: str) -> None:
    """With what to write instead."""
    with pytest.raises(Misconfigured, match=r"such as 30/m or 5/15m, or a preset \(api, auth"):
        RateLimit(rate)


def test_presets_are_settings_and_every_number_has_a_factor() -> None:
    """An operator raises limits without touching code; no factor ever makes a limit zero."""
    raised = rates({"api": "300/m"}, 1.0)
    lowered = rates({}, 0.0001)

    assert raised("api") == (300, 60)
    assert raised("auth") == parse_rate("auth")
    assert lowered("100/m") == (1, 60)
    assert rates({}, 2.5)("2/m") == (5, 60)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"apis": "5/m"}, r"PORTICO_RATE_LIMITS: there is no preset 'apis'; there are api, auth"),
        ({"api": "often"}, "PORTICO_RATE_LIMITS: 'api' is 'often': write a number over a window"),
    ],
)
def test_a_setting_that_would_set_nothing_is_refused(settings: dict[str, str], said: str) -> None:
    """With the names that there are."""
    with pytest.raises(Misconfigured, match=said):
        rates(settings, 1.0)


def test_the_presets_are_those_of_the_manual() -> None:
    """Numbers that people were promised, whom they count, and what holds while nobody can count."""
    assert PRESETS == {
        "ai": ("5/m", "user", "local"),
        "api": ("100/m", "user", "local"),
        "auth": ("10/m", "user", "closed"),
        "expensive": ("5/m", "user", "local"),
        "failed-sign-in": ("5/15m", "user", "closed"),
        "mail": ("5/h", "user", "local"),
        "messages": ("5/m", "user", "local"),
        "payment": ("10/h", "user", "closed"),
        "public-form": ("5/m", "ip", "local"),
        "webhooks": ("1000/m", "ip", "local"),
        "upload": ("20/h", "user", "local"),
        "writes": ("30/m", "user", "local"),
    }


def test_a_preset_says_how_its_limit_counts_and_fails() -> None:
    """Unless the policy does."""
    assert (RateLimit("payment").counted_by, RateLimit("payment").failing) == ("user", "closed")
    assert RateLimit("public-form").counted_by == "ip"
    assert (RateLimit("5/m").counted_by, RateLimit("5/m").failing) == ("user", "local")
    assert (RateLimit("auth", by="ip").counted_by, RateLimit("auth", fail="open").failing) == ("ip", "open")


@given(steps=STEPS, limit=st.integers(1, 20), window=st.sampled_from([1.0, 7.0, 60.0]))
def test_no_window_ever_holds_more_than_the_limit(steps: list[int], limit: int, window: float) -> None:
    """Wherever the window is laid over the attempts that were let through."""
    clock = Ticking()
    counters = MemoryCounters(clock)

    passed = [at for step in steps if (at := clock.tick(step)) and take(counters, limit, window).allowed]

    for start in passed:
        assert sum(start <= at < start + window for at in passed) <= limit


@given(steps=STEPS, limit=st.integers(1, 5))
def test_whoever_waits_as_told_is_let_in(steps: list[int], limit: int) -> None:
    """`reset` is never too short: one place is free when it has passed."""
    clock = Ticking()
    counters = MemoryCounters(clock)
    for step in steps:
        clock.tick(step)
        take(counters, limit, 7.0)

    told = look(counters, limit, 7.0)
    clock.tick(int(told.reset * 1000) + 1)

    assert take(counters, limit, 7.0).allowed
    assert told.reset <= 7.0 * (1 + 1 / SLOTS) + 0.001


@given(steps=STEPS, limit=st.integers(3, 9), cost=st.integers(2, 3))
def test_whoever_waits_for_several_places_is_let_in(steps: list[int], limit: int, cost: int) -> None:
    """`reset` of a refused attempt is until there is room for all that it costs, and no sooner than for one place."""
    clock = Ticking()
    counters = MemoryCounters(clock)
    for step in steps:
        clock.tick(step)
        take(counters, limit, 7.0)

    one, refused = look(counters, limit, 7.0), take(counters, limit, 7.0, cost=cost)
    assume(not refused.allowed)
    clock.tick(int(refused.reset * 1000) + 1)

    assert take(counters, limit, 7.0, cost=cost).allowed
    assert refused.reset >= one.reset


@given(tries=st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 2)), min_size=1, max_size=200))
def test_what_is_told_is_what_the_slots_hold(tries: list[tuple[int, int]]) -> None:
    """However many slots begin or leave between two attempts: nothing is forgotten early, and nothing kept."""
    clock = Ticking()
    counters, window, slot = MemoryCounters(clock), 7.0, 7.0 / SLOTS
    held: list[float] = []
    for step, cost in tries:
        now = clock.tick(step)
        held = [end for end in held if end + window > now]
        room = len(held) + (cost or 1) <= 5
        lacking = len(held) + (cost or 1) - 5
        held += [(now // slot + 1) * slot] * (cost if room else 0)

        found = take(counters, 5, window, cost=cost)

        frees = held[0 if room else lacking - 1] + window - now if held else 0.0
        assert (found.allowed, found.remaining, found.reset) == (room, 5 - len(held), frees)


def test_the_number_of_keys_is_bounded() -> None:
    """A flood of new keys forgets the one unused for longest, not the one in use."""
    clock = Ticking()
    counters = MemoryCounters(clock, most_keys=3)
    for key in ("old", "used"):
        take(counters, 1, 60.0, key=key)

    for flood in range(3):
        clock.tick(1000)  # the next slot
        look(counters, 1, 60.0, key="used")
        take(counters, 1, 60.0, key=f"flood {flood}")

    assert not look(counters, 1, 60.0, key="used").allowed
    assert look(counters, 1, 60.0, key="old").allowed


def test_a_hundred_thousand_keys_are_kept_and_no_more() -> None:
    """Unless it is said otherwise: memory is bounded."""
    counters, rules = MemoryCounters(SettableClock()), (Rule(1, 60.0),)
    for number in range(100_001):
        counters.take([str(number)], rules)

    assert not counters.take(["1"], rules).allowed
    assert counters.take(["0"], rules).allowed


@pytest.mark.parametrize(("room", "refused"), [(9, []), (1, [2])])
def test_no_key_of_an_attempt_makes_room_for_another(room: int, refused: list[int]) -> None:
    """Where memory is full: each limit of the attempt counts it, or none does."""
    counters = MemoryCounters(SettableClock(), most_keys=2)
    for key in ("a", "c"):
        take(counters, 9, 60.0, key=key)
    attempt = [Attempt("a", 9, 60.0), Attempt("b", 9, 60.0), Attempt("c", room, 60.0)]

    found = counters.take(*asked(attempt))

    assert found.refused == refused
    assert look(counters, 9, 60.0, key="a").remaining == (8 if refused else 7)
    assert look(counters, 9, 60.0, key="c").remaining == (8 if refused else 7)


def take(counters: MemoryCounters, limit: int, window: float, *, key: str = "k", cost: int = 1) -> Found:
    """One attempt of one limit."""
    return each(counters.take(*asked([Attempt(key, limit, window, cost)])))[0]


def look(counters: MemoryCounters, limit: int, window: float, *, key: str = "k") -> Found:
    """What an attempt would find."""
    return take(counters, limit, window, key=key, cost=0)


@pytest.mark.parametrize(
    ("ip", "counts_as"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:0db8:0001:0002::/64"),
        ("2001:db8:1:2::ffff", "2001:0db8:0001:0002::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        (None, ""),
    ],
)
def test_an_address_counts_as_its_subscriber(ip: str | None, counts_as: str) -> None:
    """One subscriber has a whole IPv6 /64; an IPv4 address in IPv6 clothes is the IPv4 address."""
    assert address_of(ip) == counts_as
