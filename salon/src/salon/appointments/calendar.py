"""Days and wall-clock times of an organization's zone, as instants."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from salon.appointments.errors import TimeRepeated, TimeSkipped


def bounds(day: date, zone: str) -> tuple[datetime, datetime]:
    """When the day begins in the zone, and when the next one does: 23 to 25 hours later."""
    return _midnight(day, zone), _midnight(day + timedelta(days=1), zone)


def instant(local: datetime, zone: str) -> datetime:
    """The moment that a clock on the wall shows; refused where the clocks skip or repeat it."""
    first, second = (local.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC) for fold in (0, 1))
    if first > second:
        raise TimeSkipped
    if first < second:
        raise TimeRepeated
    return first


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(zone)).astimezone(UTC)
