"""The demo's appointments, before any database sees them."""

from collections import defaultdict
from datetime import date
from itertools import pairwise

import pytest

from salon.demo.bookings import Slot, slots
from salon.demo.businesses import BUSINESSES, Business

TODAY = date(2026, 11, 20)


def test_there_are_three_businesses_in_three_time_zones() -> None:
    """Days differ between them, as they do between real customers."""
    assert len({business.timezone for business in BUSINESSES}) == 3


def test_two_years_hold_more_than_twenty_thousand_appointments() -> None:
    """The lists are long enough to show what paging is for."""
    assert sum(len(visits(business)) for business in BUSINESSES) >= 20_000


@pytest.mark.parametrize("business", BUSINESSES, ids=lambda business: business.slug)
def test_the_same_day_makes_the_same_appointments(business: Business) -> None:
    """Two machines that start on one day show the same."""
    assert visits(business) == visits(business)


@pytest.mark.parametrize("business", BUSINESSES, ids=lambda business: business.slug)
def test_something_is_booked_today(business: Business) -> None:
    """Whoever opens the page for the first time sees a day at work."""
    assert any(visit.starts.date() == TODAY and visit.status != "cancelled" for visit in visits(business))


@pytest.mark.parametrize("business", BUSINESSES, ids=lambda business: business.slug)
def test_nobody_of_the_staff_has_two_customers_at_once(business: Business) -> None:
    """What the database would refuse is not made."""
    by_worker: dict[int, list[Slot]] = defaultdict(list)
    for visit in visits(business):
        by_worker[visit.worker].append(visit)

    assert all(a.ends <= b.starts for own in by_worker.values() for a, b in pairwise(own))


def visits(business: Business) -> list[Slot]:
    """All appointments around the fixed day."""
    return list(slots(business, TODAY, clients=144))
