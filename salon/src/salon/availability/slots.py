"""What is free in a day: by the clock on the wall, counted in instants."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from salon.availability.models import Day, Slot

STEP = timedelta(minutes=15)


def free(day: Day, on: date, zone: str, *, since: datetime) -> Iterator[Slot]:
    """Every quarter of an hour, from the opening on, at which the whole service has room; none before `since`."""
    length, booked = timedelta(minutes=day.minutes), list(zip(day.starts, day.ends, strict=True))
    for opens, closes in zip(day.opens, day.closes, strict=True):
        start, end = _instant(on, opens, zone), _instant(on, closes, zone)
        while start + length <= end:
            ends = start + length
            if start >= since and not any(begin < ends and start < over for begin, over in booked):
                yield Slot(starts_at=start, ends_at=ends)
            start += STEP


def _instant(on: date, clock: time, zone: str) -> datetime:
    return datetime.combine(on, clock, ZoneInfo(zone)).astimezone(UTC)
