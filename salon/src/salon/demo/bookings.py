"""Two years of appointments around a day, each day of each person made from a seed of its own."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from salon.demo.businesses import Business

DAYS = 365
OPENS, CLOSES = time(9), time(18, 30)
GAPS = (0, 0, 5, 10, 15, 30, 45)
REASONS = ("Has caught a cold", "Found another time", "Could not get away from work")
NOTES = ("Prefers a quiet chair", "Allergic to ammonia", "Brings a child along", "First visit")


class Slot(NamedTuple):
    """An appointment to be: parties by their place in the business's lists."""

    worker: int
    offer: int
    client: int
    starts: datetime
    ends: datetime
    status: str
    notes: str | None
    reason: str | None


def slots(business: Business, today: date, *, clients: int) -> Iterator[Slot]:
    """Every appointment of the business from a year before today to a year after it."""
    for worker in range(len(business.workers)):
        for offset in range(-DAYS, DAYS + 1):
            day = today + timedelta(days=offset)
            if _works(worker, day):
                random = Random(f"{business.slug}/{worker}/{offset}")
                for offer, starts, ends in _timetable(business, day, random):
                    if random.random() < _demand(offset):
                        yield _slot(random, offset, (worker, offer, random.randrange(clients)), (starts, ends))


def _works(worker: int, day: date) -> bool:
    """Five days of seven, and never the whole staff off on one."""
    return (day.weekday() + 2 * worker) % 7 not in (0, 1)


def _timetable(business: Business, day: date, random: Random) -> Iterator[tuple[int, datetime, datetime]]:
    """One service after another from opening to closing, by the clock on the wall."""
    zone = ZoneInfo(business.timezone)
    clock, closing = datetime.combine(day, OPENS, zone), datetime.combine(day, CLOSES, zone)
    while True:
        offer = random.randrange(len(business.offers))
        starts = clock + timedelta(minutes=random.choice(GAPS))
        clock = starts + timedelta(minutes=business.offers[offer].minutes)
        if clock > closing:
            return
        yield offer, starts.astimezone(UTC), clock.astimezone(UTC)


def _slot(random: Random, offset: int, parties: tuple[int, int, int], times: tuple[datetime, datetime]) -> Slot:
    status = _status(random, offset)
    notes = random.choice(NOTES) if random.random() < 0.1 else None
    reason = random.choice(REASONS) if status == "cancelled" else None
    return Slot(*parties, *times, status, notes, reason)


def _demand(offset: int) -> float:
    """How full a day is: the farther ahead, the emptier."""
    return 0.85 if offset <= 0 else 0.8 - 0.6 * offset / DAYS


def _status(random: Random, offset: int) -> str:
    if random.random() < 0.07:
        return "cancelled"
    if offset < 0:
        return "completed"
    return "confirmed" if random.random() < 0.6 else "booked"
