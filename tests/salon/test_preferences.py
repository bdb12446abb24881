"""Each person sees the day as they like it, and nobody else's preferences."""

import re

import pytest

from portico.testing import Client
from tests.salon.desk import Desk, hidden

pytestmark = pytest.mark.anyio

API, DAY = "/api/v1/preferences", "/appointments?day=2030-05-17"
USUAL = {"first_hour": 9, "show_cancelled": True, "clock": "24h"}
EARLY = {"first_hour": 7, "show_cancelled": False, "clock": "12h"}


@pytest.fixture
async def colleague(desk: Desk) -> Client:
    """Somebody else of the same business."""
    return desk.portico.client(await desk.portico.member("mira@kastanie.example", org=desk.org.id, role="admin"))


async def test_who_has_said_nothing_has_the_usual_ones(desk: Desk) -> None:
    """And nothing is kept of them."""
    reply = await desk.client.get(API)

    assert reply.json == {"data": USUAL}
    assert await desk.portico.rows("select from preferences") == []


async def test_preferences_are_replaced_as_a_whole(desk: Desk) -> None:
    """The second time as the first; there is one row of each person."""
    for wanted in (EARLY, USUAL, EARLY):
        assert (await desk.client.send("PUT", API, json=wanted)).json == {"data": wanted}

    assert (await desk.client.get(API)).json == {"data": EARLY}
    assert len(await desk.portico.rows("select from preferences")) == 1


async def test_a_colleague_neither_sees_nor_changes_them(desk: Desk, colleague: Client) -> None:
    """One business, one table, and yet each has their own."""
    await desk.client.send("PUT", API, json=EARLY)

    seen = await colleague.get(API)
    await colleague.send("PUT", API, json={**USUAL, "first_hour": 13})

    assert seen.json == {"data": USUAL}
    assert (await desk.client.get(API)).json == {"data": EARLY}


@pytest.mark.parametrize(
    "change", [{"first_hour": 24}, {"first_hour": -1}, {"clock": "dial"}, {"show_cancelled": None}]
)
async def test_what_no_page_could_honor_is_refused(desk: Desk, change: dict[str, object]) -> None:
    """By its field, and nothing is kept."""
    reply = await desk.client.send("PUT", API, json={**USUAL, **change})

    assert (reply.status, list(reply.json["errors"])) == (422, list(change))
    assert await desk.portico.rows("select from preferences") == []


async def test_they_need_somebody_signed_in(desk: Desk) -> None:
    """Nobody has none; the page asks who it is."""
    stranger = desk.portico.client()

    refused = [(await stranger.get(API)).status, (await stranger.send("PUT", API, json=EARLY)).status]
    page = await stranger.get("/preferences")

    assert refused == [401, 401]
    assert (page.status, page.headers["location"]) == (303, "/sign-in?next=/preferences")


async def test_the_days_page_honors_them(desk: Desk, colleague: Client) -> None:
    """The clock, the cancelled ones and the suggested hour: for one reader, not for the other."""
    await desk.booked("2030-05-17T12:30:00Z")
    gone = await desk.booked("2030-05-17T06:00:00Z")
    await desk.client.post(f"/api/v1/appointments/{gone['id']}/cancel", {"reason": "ill"})
    await desk.client.send("PUT", API, json=EARLY)

    mine, theirs = (await desk.client.get(DAY)).text, (await colleague.get(DAY)).text

    assert (times(mine), suggested(mine)) == (["2:30 PM", "3:15 PM"], ["2030-05-17T07:00"])
    assert (times(theirs), suggested(theirs)) == (["08:00", "08:45", "14:30", "15:15"], ["2030-05-17T09:00"])


async def test_the_form_shows_and_saves_them(desk: Desk) -> None:
    """What is kept is chosen already; saving leads back to the day."""
    browser = desk.client
    fields = hidden(await browser.get("/preferences"))

    saved = await browser.submit(
        "/preferences", {**fields, "first_hour": "7", "show_cancelled": "false", "clock": "12h"}
    )
    page = await browser.get("/preferences")

    assert (saved.status, saved.headers["location"]) == (303, "/appointments")
    assert (await browser.get(API)).json == {"data": EARLY}
    assert re.findall(r'<option value="(\w+)" selected>([^<]*)', page.text) == [
        ("7", "7:00 AM"),
        ("false", "Leave out"),
        ("12h", "2:30 PM"),
    ]


async def test_a_wrong_choice_is_said_beside_its_field(desk: Desk) -> None:
    """The page comes back with what was chosen."""
    browser = desk.client
    fields = {**hidden(await browser.get("/preferences")), "first_hour": "7", "show_cancelled": "true", "clock": "dial"}

    page = await browser.submit("/preferences", fields)

    assert page.status == 422
    assert 'id="clock-error-1"' in page.text
    assert '<option value="7" selected>' in page.text


def times(page: str) -> list[str]:
    """The times of day that the page shows."""
    return re.findall(r"<time [^>]*>([^<]+)", page)


def suggested(page: str) -> list[str]:
    """What the booking form suggests."""
    return re.findall(r'name="scheduled_at" value="([^"]*)"', page)
