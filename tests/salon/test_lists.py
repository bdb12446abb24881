"""Lists of the Salon: days, filters, pages, search."""

import pytest

from portico.testing import Harness
from tests.salon.desk import Desk, made, open_desk

pytestmark = pytest.mark.anyio


async def test_a_day_is_a_day_of_the_organizations_zone(portico: Harness) -> None:
    """Late in Tokyo's evening it is still the same day there, whatever UTC says."""
    tokyo = await open_desk(portico, "Hinata", timezone="Asia/Tokyo")
    evening = await tokyo.booked("2030-05-17T23:00:00+09:00")
    await tokyo.booked("2030-05-18T00:00:00+09:00")

    assert [row["id"] for row in await tokyo.list("day=2030-05-17")] == [evening["id"]]


async def test_the_long_night_belongs_to_its_day(desk: Desk) -> None:
    """On the day when the clocks go back, half past two comes twice, and both are listed."""
    summer = await desk.booked("2030-10-27T02:30:00+02:00")
    winter = await desk.booked("2030-10-27T23:30:00+01:00")
    await desk.booked("2030-10-28T00:30:00+01:00")

    assert [row["id"] for row in await desk.list("day=2030-10-27")] == [summer["id"], winter["id"]]


async def test_appointments_are_filtered_by_staff_customer_and_status(desk: Desk) -> None:
    """Filters narrow together."""
    colleague = await desk.add_staff("Mira Novak")
    first = await desk.booked("2030-05-17T08:00:00Z")
    second = await desk.booked("2030-05-17T09:00:00Z", staff_id=colleague)
    await desk.client.post(f"/api/v1/appointments/{second['id']}/cancel", {"reason": "Has caught a cold"})

    assert [row["id"] for row in await desk.list(f"staff_id={desk.staff}")] == [first["id"]]
    assert [row["id"] for row in await desk.list("status=cancelled")] == [second["id"]]
    assert len(await desk.list(f"customer_id={desk.customer}&day=2030-05-17")) == 2
    assert await desk.list(f"status=cancelled&staff_id={desk.staff}") == []


async def test_a_walk_by_cursor_meets_every_appointment_once(desk: Desk) -> None:
    """In order of time, whatever the order of booking."""
    booked = [await desk.booked(f"2030-05-{day}T08:00:00Z") for day in (19, 17, 21, 18, 20)]

    seen: list[str] = []
    query: str | None = "limit=2"
    while query:
        page = (await desk.client.get(f"/api/v1/appointments?{query}")).json
        seen += [row["scheduled_at"] for row in page["data"]]
        query = page["meta"]["after"] and f"limit=2&after={page['meta']['after']}"

    assert seen == sorted(row["scheduled_at"] for row in booked)


@pytest.mark.parametrize(
    "query", ["day=1999-12-31", "day=9999-12-31", "day=today", "status=lost", "limit=0", "after=x"]
)
async def test_a_filter_that_says_nothing_sensible_is_refused(desk: Desk, query: str) -> None:
    """No error of a computation or of the database gets through."""
    reply = await desk.client.get(f"/api/v1/appointments?{query}")

    assert reply.status == 422
    assert list(reply.json["errors"]) == [query.partition("=")[0]]


async def test_customers_come_in_pages_with_their_total(desk: Desk) -> None:
    """More than 100 on a page is taken as 100."""
    for name in ("Berta", "Clara"):
        made(await desk.client.post("/api/v1/customers", {"name": name}))

    page = (await desk.client.get("/api/v1/customers?page=2&limit=2")).json
    large = (await desk.client.get("/api/v1/customers?limit=1000")).json

    assert [row["name"] for row in page["data"]] == ["Clara"]
    assert page["meta"] == {"page": 2, "limit": 2, "total": 3, "total_pages": 2}
    assert large["meta"]["limit"] == 100


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("%25", ["100% Wool"]),
        ("_", ["Under_score"]),
        ("wool", ["100% Wool"]),
        ("SCORE%40", ["Under_score"]),
        ("555", ["100% Wool"]),
        ("%5C", []),
    ],
)
async def test_a_search_finds_what_was_typed(desk: Desk, search: str, found: list[str]) -> None:
    """Percent, underscore and backslash are letters like others; name, e-mail and phone are searched."""
    made(await desk.client.post("/api/v1/customers", {"name": "100% Wool", "phone": "+43 555 1234"}))
    made(await desk.client.post("/api/v1/customers", {"name": "Under_score", "email": "score@under.example"}))

    reply = await desk.client.get(f"/api/v1/customers?search={search}")

    assert [row["name"] for row in reply.json["data"]] == found


async def test_services_and_staff_are_listed_by_name_and_whether_active(desk: Desk) -> None:
    """Who has left is not offered, and not forgotten."""
    await desk.add_staff("Emil Gruber", active=False)

    active = (await desk.client.get("/api/v1/staff?active=true")).json
    everybody = (await desk.client.get("/api/v1/staff")).json
    services = (await desk.client.get("/api/v1/services?active=false")).json

    assert [row["name"] for row in active["data"]] == ["Jonas Reiter"]
    assert [row["name"] for row in everybody["data"]] == ["Emil Gruber", "Jonas Reiter"]
    assert services["data"] == []
