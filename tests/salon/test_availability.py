"""Opening hours, and when a member of staff is free: kept, and true after every booking."""

from datetime import UTC, date, datetime, time

import pytest

from portico.testing import Harness
from salon.availability.models import Day
from salon.availability.slots import free
from tests.salon.desk import Desk, open_desk

pytestmark = pytest.mark.anyio
DAY = "2030-05-17"  # a Friday
HOURS = [{"weekday": 4, "opens": "09:00:00", "closes": "11:00:00"}]


async def opened(desk: Desk, hours: list[dict[str, object]] | None = None) -> None:
    """Open the business on Fridays."""
    reply = await desk.client.send("PUT", "/api/v1/opening-hours", json={"spans": HOURS if hours is None else hours})
    assert reply.status == 200, reply.text


async def free_at(desk: Desk, day: str = DAY) -> list[str]:
    """The beginnings of the free slots, in UTC."""
    path = f"/api/v1/staff/{desk.staff}/availability?day={day}&service_id={desk.service}"
    reply = await desk.client.get(path)
    assert reply.status == 200, reply.text
    return [slot["starts_at"][11:16] for slot in reply.json["data"]]


async def test_a_day_has_slots_from_its_opening_on(desk: Desk) -> None:
    """In the business's own zone, each long enough for the service; a closed day has none."""
    await opened(desk)

    assert await free_at(desk) == ["07:00", "07:15", "07:30", "07:45", "08:00", "08:15"]
    assert await free_at(desk, "2030-05-18") == []


async def test_booking_moving_and_cancelling_are_seen_at_once(desk: Desk) -> None:
    """Though the list is kept."""
    await opened(desk)
    before = await free_at(desk)

    booked = await desk.booked(f"{DAY}T07:45:00Z")
    taken = await free_at(desk)
    move, url = {"scheduled_at": f"{DAY}T07:00:00Z"}, f"/api/v1/appointments/{booked['id']}"
    await desk.client.post(f"{url}/reschedule", move)
    moved = await free_at(desk)
    await desk.client.post(f"{url}/cancel", {"reason": "A cold"})

    assert taken == ["07:00"]
    assert moved == ["07:45", "08:00", "08:15"]
    assert await free_at(desk) == before


async def test_new_hours_are_seen_at_once(desk: Desk) -> None:
    """A pause at noon is two spans."""
    await opened(desk)
    await free_at(desk)

    pause = [{**HOURS[0], "closes": "10:00:00"}, {**HOURS[0], "opens": "10:15:00"}]
    await opened(desk, pause)

    assert await free_at(desk) == ["07:00", "07:15", "08:15"]
    assert (await desk.client.get("/api/v1/opening-hours")).json["data"] == pause


async def test_the_list_is_kept_until_then(portico: Harness, desk: Desk) -> None:
    """What happens behind the application's back is not seen; the client learns that it has the answer."""
    await opened(desk)
    path = f"/api/v1/staff/{desk.staff}/availability?day={DAY}&service_id={desk.service}"
    first = await desk.client.get(path)
    await portico.rows("delete from opening_hours")

    again = await desk.client.get(path, {"if-none-match": first.headers["etag"]})

    assert (again.status, again.content) == (304, b"")
    assert len(await free_at(desk)) == 6


async def test_a_service_s_new_length_and_name_are_seen_at_once(desk: Desk) -> None:
    """In the slots and in the list of services."""
    await opened(desk)
    await free_at(desk)
    await desk.client.get("/api/v1/services")

    change = {"duration_minutes": 120, "name": "Color", "version": 1}
    await desk.client.send("PATCH", f"/api/v1/services/{desk.service}", json=change)

    assert await free_at(desk) == ["07:00"]
    assert [row["name"] for row in (await desk.client.get("/api/v1/services")).json["data"]] == ["Color"]


async def test_another_business_is_closed_to_all_of_it(desk: Desk) -> None:
    """Its hours are its own; its staff is not found, though somebody's list of it is kept."""
    await opened(desk)
    other = await open_desk(desk.portico, "Elsewhere")
    await free_at(desk)

    path = f"/api/v1/staff/{desk.staff}/availability?day={DAY}&service_id={desk.service}"

    assert (await other.client.get(path)).status == 404
    assert (await other.client.get("/api/v1/opening-hours")).json["data"] == []


@pytest.mark.parametrize(
    ("spans", "path", "code"),
    [
        ([{"weekday": 7, "opens": "09:00", "closes": "10:00"}], "spans.0.weekday", "VAL_TOO_LARGE"),
        ([{"weekday": 0, "opens": "10:00", "closes": "09:00"}], "spans.0", "VAL_CLOSES_BEFORE_OPENING"),
        ([{"weekday": 0, "opens": "09:00:30", "closes": "10:00"}], "spans.0.opens", "VAL_WHOLE_MINUTE"),
        ([{"weekday": 0, "opens": f"{n:02}:00", "closes": "12:00"} for n in (9, 10)], "spans", "VAL_SPANS_OVERLAP"),
    ],
)
async def test_hours_that_make_no_sense_are_refused(desk: Desk, spans: object, *, path: str, code: str) -> None:
    """By the member that is wrong; the week stays as it is."""
    await opened(desk)

    reply = await desk.client.send("PUT", "/api/v1/opening-hours", json={"spans": spans})

    assert (reply.status, [f["code"] for f in reply.json["errors"][path]]) == (422, [code])
    assert (await desk.client.get("/api/v1/opening-hours")).json["data"] == HOURS


async def test_a_member_reads_the_hours_and_does_not_set_them(desk: Desk) -> None:
    """That is for admins."""
    member = desk.portico.client(await desk.portico.member("m@kastanie.example", org=desk.org.id, role="member"))

    assert (await member.get("/api/v1/opening-hours")).status == 200
    assert (await member.send("PUT", "/api/v1/opening-hours", json={"spans": []})).status == 403


def test_the_night_of_the_clocks_has_its_own_length() -> None:
    """From two to three there is nothing in spring, and twice as much in autumn; what is over is not offered."""
    day = Day(minutes=30, opens=[time(1)], closes=[time(4)], starts=[], ends=[])
    long_ago = datetime(2000, 1, 1, tzinfo=UTC)

    lengths = [len([*free(day, on, "Europe/Vienna", since=long_ago)]) for on in (date(2030, 3, 31), date(2030, 10, 27))]
    late = [*free(day, date(2030, 3, 30), "Europe/Vienna", since=datetime(2030, 3, 30, 2, 20, tzinfo=UTC))]

    assert lengths == [7, 15]
    assert [slot.starts_at.isoformat() for slot in late] == ["2030-03-30T02:30:00+00:00"]
