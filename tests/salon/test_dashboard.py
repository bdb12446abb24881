"""The business at a glance: figures of the day and the week, each of which may fail alone."""

import re
from datetime import UTC, datetime

import pytest

from tests.salon.desk import Desk, open_desk

pytestmark = pytest.mark.anyio
NOON = datetime(2030, 5, 15, 10, tzinfo=UTC)
"""A Wednesday in Vienna."""


async def glance(desk: Desk) -> str:
    """The page's words."""
    page = await desk.client.get("/dashboard")
    assert page.status == 200, page.text
    main = page.text.partition("<main")[2]
    return " ".join(re.sub(r"<[^>]*>", " ", main).split())


async def busy_week(desk: Desk) -> None:
    """Two visits today, of which one is over; another on Sunday at midnight to come, and one on Monday after."""
    desk.portico.clock.set(NOON)
    colleague = await desk.add_staff("Mira Novak")
    await desk.booked("2030-05-15T07:00:00Z")
    await desk.booked("2030-05-15T12:30:00Z")
    await desk.booked("2030-05-19T21:45:00Z", staff_id=colleague)
    await desk.booked("2030-05-19T22:00:00Z")
    gone = await desk.booked("2030-05-16T10:00:00Z")
    await desk.client.post(f"/api/v1/appointments/{gone['id']}/cancel", {"reason": "ill"})


async def test_the_page_tells_the_day_and_the_week(desk: Desk) -> None:
    """In the zone of the business; another business's are not among them."""
    await busy_week(desk)
    await busy_week(await open_desk(desk.portico, "Salon Linde"))

    words = await glance(desk)

    assert "2 appointments, 1 still to come The next one at 14:30" in words
    assert "from 13 May Status Appointments Booked 3 Cancelled 1" in words
    assert "Staff Visits Hours Jonas Reiter 2 1:30 Mira Novak 1 0:45" in words


async def test_a_week_without_appointments_says_so(desk: Desk) -> None:
    """Nothing is not the same as not known."""
    words = await glance(desk)

    assert "0 appointments, 0 still to come" in words
    assert ("No appointments." in words, "Nobody is booked." in words) == (True, True)
    assert "Not available" not in words


async def test_a_part_that_fails_leaves_the_page_standing(desk: Desk) -> None:
    """Where the staff cannot be read, the rest is shown as ever."""
    await busy_week(desk)
    await desk.portico.rows("revoke select on staff from portico_app")
    try:
        words = await glance(desk)
    finally:
        await desk.portico.rows("grant select on staff to portico_app")

    assert "2 appointments, 1 still to come" in words
    assert "Booked 3 Cancelled 1" in words
    assert words.endswith("Busiest this week Not available right now.")
    assert "Jonas Reiter" in await glance(desk)


async def test_the_days_page_leads_there_and_only_who_may_see_it(desk: Desk) -> None:
    """A stranger is led to the sign-in page."""
    day = await desk.client.get("/appointments")
    stranger = await desk.portico.client().get("/dashboard")

    assert 'href="/dashboard"' in day.text
    assert (stranger.status, stranger.headers["location"]) == (303, "/sign-in?next=/dashboard")
