"""Public holidays: looked up elsewhere, taken over, shown on the day's page."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import date

import pytest

from portico.testing import Reply
from tests.salon.desk import Desk, hidden, open_desk

pytestmark = pytest.mark.anyio
YEAR = [
    {"day": "2030-12-25", "name": "Christmas Day"},
    {"day": "2030-11-15", "name": "Leopold's Day", "regions": ["AT-9", "AT-3"]},
    {"day": "2030-01-01", "name": "New Year's Day"},
]


class Calendar:
    """A calendar over real HTTP: Austria's 2030, or a status."""

    def __init__(self) -> None:
        """Well, and not asked yet."""
        self.url, self.asked = "", 0
        self.statuses: list[int] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request."""
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            path = (await reader.readuntil(b"\r\n\r\n")).split()[1]
            self.asked += 1
            status = self.statuses.pop(0) if self.statuses else 200 if path == b"/2030/AT" else 404
            body = json.dumps(YEAR).encode() if status == 200 else b""
            writer.write(
                b"HTTP/1.1 %d X\r\ncontent-length: %d\r\nconnection: close\r\n\r\n%b" % (status, len(body), body)
            )
            await writer.drain()
        writer.close()


@pytest.fixture
async def calendar(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Calendar]:
    """A calendar, and the Salon pointed at it."""
    calendar = Calendar()
    server = await asyncio.start_server(calendar.serve, "127.0.0.1", 0)
    monkeypatch.setenv("SALON_HOLIDAYS_URL", f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    yield calendar
    server.close()


async def take(desk: Desk, key: str = "k1", **changes: object) -> Reply:
    """Take Austria's 2030 over."""
    wanted = {"country": "at", "year": 2030, **changes}
    return await desk.client.post("/api/v1/holidays/import", wanted, headers={"idempotency-key": key})


async def test_a_year_is_looked_up_elsewhere(desk: Desk, calendar: Calendar) -> None:
    """In the order of its days; a region's days are for the region alone."""
    country = (await desk.client.get("/api/v1/holidays/lookup?country=AT&year=2030")).json["data"]
    region = (await desk.client.get("/api/v1/holidays/lookup?country=AT&year=2030&region=AT-9")).json["data"]
    nowhere = (await desk.client.get("/api/v1/holidays/lookup?country=XX&year=2030")).json["data"]

    assert country["known"]
    assert [h["day"] for h in country["holidays"]] == ["2030-01-01", "2030-12-25"]
    assert [h["name"] for h in region["holidays"]] == ["New Year's Day", "Leopold's Day", "Christmas Day"]
    assert nowhere == {"known": True, "holidays": []}
    assert calendar.asked == 3


async def test_a_hiccup_is_retried(desk: Desk, calendar: Calendar) -> None:
    """Once, and nobody notices."""
    calendar.statuses = [503]

    assert (await desk.client.get("/api/v1/holidays/lookup?country=AT&year=2030")).json["data"]["known"]
    assert calendar.asked == 2


async def test_a_calendar_that_is_down_leaves_holidays_unknown(desk: Desk, calendar: Calendar) -> None:
    """The page of a day works without it; after a few failures it is not even asked."""
    calendar.statuses = [500] * 40

    answers = [await desk.client.get("/api/v1/holidays/lookup?country=AT&year=2030") for _ in range(8)]
    asked = calendar.asked
    refused = await take(desk)

    assert {reply.status for reply in answers} == {200}
    assert all(reply.json["data"] == {"known": False, "holidays": []} for reply in answers)
    assert calendar.asked == asked <= 10
    assert (refused.status, refused.json["code"], refused.json["retryable"]) == (503, "EXTERNAL_SERVICE_ERROR", True)


async def test_a_year_is_taken_over_once(desk: Desk, calendar: Calendar) -> None:
    """Stored, audited and replayed; taking it over again changes nothing."""
    first, again, anew = await take(desk), await take(desk), await take(desk, "k2")

    listed = (await desk.client.get("/api/v1/holidays?year=2030")).json["data"]
    assert first.json == again.json == anew.json == {"data": {"year": 2030, "taken": 2}}
    assert "idempotent-replayed" in again.headers
    assert calendar.asked == 2
    assert [h["name"] for h in listed] == ["New Year's Day", "Christmas Day"]
    audits = await desk.portico.rows("select target from portico.audit where action = 'holidays.imported'")
    assert [row[0] for row in audits] == ["AT 2030", "AT 2030"]


async def test_the_day_s_page_tells_of_a_holiday(desk: Desk, calendar: Calendar) -> None:
    """Taken over by the form of the holidays' page, which then lists it."""
    browser = desk.client
    empty = await browser.get("/holidays?year=2030")
    form = {**hidden(empty), "country": "AT", "region": "", "year": "2030"}

    sent = await browser.submit("/holidays?year=2030", form)
    listed = await browser.get("/holidays?year=2030")
    day = await browser.get("/appointments?day=2030-12-25")

    assert "are unknown" in empty.text
    assert (sent.status, sent.headers["location"]) == (303, "/holidays?year=2030")
    assert "Christmas Day" in listed.text
    assert "Public holiday: Christmas Day" in day.text
    assert calendar.asked == 1


async def close_on(desk: Desk, day: str, name: str) -> None:
    """Have a holiday on the business's calendar."""
    await desk.portico.rows(
        "insert into holidays (org_id, day, name) values ($1, $2, $3)", desk.org.id, date.fromisoformat(day), name
    )


async def test_nobody_is_booked_on_a_holiday(desk: Desk) -> None:
    """It is named, in the caller's language; what day it is, the clock of the business says; others are open."""
    await close_on(desk, "2030-12-25", "Christmas Day")
    other = await open_desk(desk.portico, "Salon Linde", timezone="Europe/Vienna")

    refused = await desk.book("2030-12-24T23:30:00Z")
    german = await desk.book("2030-12-25T10:00:00Z", language="de")
    anybody = await desk.book("2030-12-25T10:00:00Z", {"staff_id": None})

    assert {(r.status, r.json["code"]) for r in (refused, german, anybody)} == {(409, "BIZ_PUBLIC_HOLIDAY")}
    words = "That day is a public holiday: Christmas Day. Please choose another day."
    assert [e["message"] for e in refused.json["errors"]["scheduled_at"]] == [words]
    assert "Feiertag: Christmas Day" in german.json["errors"]["scheduled_at"][0]["message"]
    assert (await desk.book("2030-12-25T23:00:00Z")).status == 201
    assert (await other.book("2030-12-25T10:00:00Z")).status == 201


async def test_no_appointment_moves_to_a_holiday(desk: Desk) -> None:
    """It stays where it was; a wrong id is still told before."""
    await close_on(desk, "2030-12-25", "Christmas Day")
    booked = await desk.booked("2030-12-23T10:00:00Z")
    path, move = "/api/v1/appointments/{}/reschedule", {"scheduled_at": "2030-12-25T10:00:00Z"}

    refused = await desk.client.post(path.format(booked["id"]), move)
    unknown = await desk.client.post(path.format(desk.customer), move)

    assert (refused.status, refused.json["code"]) == (409, "BIZ_PUBLIC_HOLIDAY")
    assert unknown.status == 404
    assert [row["scheduled_at"] for row in await desk.list()] == ["2030-12-23T10:00:00Z"]


async def test_nobody_is_free_on_a_holiday(desk: Desk, calendar: Calendar) -> None:
    """Known as soon as the year is taken over, though the list of what is free is kept."""
    spans = [{"weekday": day, "opens": "09:00:00", "closes": "11:00:00"} for day in range(7)]
    await desk.client.send("PUT", "/api/v1/opening-hours", json={"spans": spans})
    path = f"/api/v1/staff/{desk.staff}/availability?service_id={desk.service}&day=2030-12-"

    before = (await desk.client.get(f"{path}25")).json["data"]
    await take(desk)

    assert len(before) == 6
    assert (await desk.client.get(f"{path}25")).json["data"] == []
    assert (await desk.client.get(f"{path}27")).json["data"] != []


async def test_only_who_may_takes_a_year_over(desk: Desk, calendar: Calendar) -> None:
    """A member sees holidays; the calendar is not asked for who may not."""
    member = desk.portico.client(await desk.portico.member("m@salon.test", org=desk.org.id, role="member"))

    refused = await member.post(
        "/api/v1/holidays/import", {"country": "AT", "year": 2030}, headers={"idempotency-key": "k"}
    )

    assert refused.status == 403
    assert (await member.get("/api/v1/holidays?year=2030")).status == 200
    assert calendar.asked == 0
