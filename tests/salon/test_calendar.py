"""Days and wall-clock times in an organization's zone."""

from datetime import UTC, date, datetime, timedelta

import pytest

from salon.appointments.calendar import bounds, instant
from salon.appointments.errors import TimeRepeated, TimeSkipped


def test_a_day_begins_at_midnight_of_the_zone() -> None:
    """Tokyo's day begins while London still has the day before."""
    since, until = bounds(date(2026, 7, 1), "Asia/Tokyo")

    assert since == datetime(2026, 6, 30, 15, tzinfo=UTC)
    assert until == datetime(2026, 7, 1, 15, tzinfo=UTC)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 5, 1), 24)])
def test_the_day_on_which_the_clocks_change_has_23_or_25_hours(day: date, hours: int) -> None:
    """The night's missing or second hour belongs to its day."""
    since, until = bounds(day, "Europe/Vienna")

    assert until - since == timedelta(hours=hours)


def test_two_days_meet_even_where_midnight_itself_is_skipped() -> None:
    """Lebanon puts its clocks forward at midnight: no moment falls between two days."""
    assert bounds(date(2026, 3, 28), "Asia/Beirut")[1] == bounds(date(2026, 3, 29), "Asia/Beirut")[0]


def test_a_time_on_the_wall_is_a_moment_of_the_zone() -> None:
    """Half past two in New York's summer is four hours later in UTC."""
    assert instant(datetime.fromisoformat("2026-07-01T14:30"), "America/New_York") == datetime(
        2026, 7, 1, 18, 30, tzinfo=UTC
    )


def test_a_time_that_the_clocks_skip_is_refused() -> None:
    """Half past two does not exist in the night when summer time begins."""
    with pytest.raises(TimeSkipped):
        instant(datetime.fromisoformat("2026-03-29T02:30"), "Europe/Vienna")


def test_a_time_that_comes_twice_is_refused() -> None:
    """Nobody can tell which of the two half past twos of that night was meant."""
    with pytest.raises(TimeRepeated):
        instant(datetime.fromisoformat("2026-10-25T02:30"), "Europe/Vienna")
