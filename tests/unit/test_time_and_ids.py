"""Clocks and identifiers."""

from datetime import UTC, datetime, timedelta
from itertools import count
from time import time_ns

import pytest

from portico.adapters.memory.clock import SettableClock
from portico.adapters.system import RandomIds, SystemClock

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def test_a_settable_clock_stands_until_it_is_moved() -> None:
    """Both its faces move together."""
    clock = SettableClock(NOON)
    seconds = clock.seconds()

    clock.advance(timedelta(minutes=5))

    assert clock.now() == NOON + timedelta(minutes=5)
    assert clock.seconds() == seconds + 300


def test_setting_a_clock_back_never_turns_its_seconds_back() -> None:
    """What measures durations only grows, as on a machine whose date is corrected."""
    clock = SettableClock(NOON)
    seconds = clock.seconds()

    clock.set(NOON - timedelta(days=1))
    back = clock.seconds()
    clock.set(NOON)

    assert (back, clock.seconds()) == (seconds, seconds + 86400)
    assert clock.now() == NOON


def test_a_settable_clock_starts_now_unless_told() -> None:
    """Aware, in UTC."""
    assert abs(SettableClock().now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_the_machine_s_clock_is_aware_and_monotonic() -> None:
    """In UTC, whatever the machine's zone."""
    clock = SystemClock()

    assert clock.now().tzinfo is UTC
    assert clock.seconds() <= clock.seconds()


def test_ids_are_version_7_and_tell_when_they_were_made() -> None:
    """RFC 9562: 48 bits of milliseconds first."""
    before = time_ns() // 1_000_000
    made = [RandomIds().new() for _ in range(200)]

    assert {(i.version, i.variant) for i in made} == {(7, "specified in RFC 4122")}
    assert len(set(made)) == 200
    assert all(before <= i.int >> 80 <= before + 5000 for i in made)


def test_ids_sort_by_time_within_a_millisecond_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was made half a microsecond later comes later, across the end of a millisecond as well."""
    moments = count(1_800_000_000_000_900_000, 500)
    monkeypatch.setattr("portico.ports.uuid7.time_ns", lambda: next(moments))

    made = [RandomIds().new() for _ in range(400)]

    assert made == sorted(made)
    assert len({i.int >> 80 for i in made}) == 2
    assert len({i.int & (1 << 60) - 1 for i in made}) == 400


def test_tokens_are_long_and_fit_in_a_url() -> None:
    """256 bits, base64 of the URL-safe kind."""
    tokens = {RandomIds().token() for _ in range(50)}

    assert len(tokens) == 50
    assert all(len(t) == 43 and t.replace("-", "").replace("_", "").isalnum() for t in tokens)
