"""The calendar elsewhere: taken over by a job, whatever it goes through."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from salon.demo.calendar import Calendar, week_from
from salon.diary.actions import OUT_OF_REACH
from tests.salon.desk import Desk, open_desk

pytestmark = pytest.mark.anyio
ENDLESS = {"id": "1", "title": "x", "starts_at": "2030-01-01T08:00:00Z", "ends_at": "2030-01-01T08:00:00Z"}
NONSENSE: list[Any] = ["no list", [{"id": "1"}], [ENDLESS]]


@pytest.fixture
async def calendar(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Calendar]:
    """The stand-in that ships with the demo, with the week ahead, and the Salon pointed at it."""
    calendar = Calendar(week_from(desk.portico.clock.now() + timedelta(days=1)))
    server = await asyncio.start_server(calendar.serve, "127.0.0.1", 0)
    monkeypatch.setenv("SALON_CALENDAR_URL", f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    yield calendar
    server.close()


async def sync(desk: Desk) -> dict[str, Any]:
    """Have it taken over; what is known then."""
    reply = await desk.client.post("/api/v1/diary/sync")
    assert reply.status == 200, reply.text
    await desk.portico.run_jobs()
    return await known(desk)


async def known(desk: Desk) -> dict[str, Any]:
    """What is known of the calendar."""
    found: dict[str, Any] = (await desk.client.get("/api/v1/diary")).json["data"]
    return found


async def test_the_calendar_is_taken_over(desk: Desk, calendar: Calendar) -> None:
    """Under the business's own address; nothing is asked before the job runs."""
    nothing = await known(desk)
    diary = await sync(desk)

    assert nothing == {"entries": [], "synced_at": None, "problem": None}
    assert calendar.asked == [f"/{desk.org.slug}"]
    assert [entry["title"] for entry in diary["entries"]] == ["Training day", "Delivery of supplies", "Window cleaning"]
    assert diary["synced_at"] is not None
    assert diary["problem"] is None


async def test_it_is_brought_up_to_date(desk: Desk, calendar: Calendar) -> None:
    """What has changed follows, what is new is added, what is gone goes; what is over is not shown."""
    await sync(desk)
    first, second, _ = calendar.entries
    over = {
        "id": "old",
        "title": "Long ago",
        "starts_at": "2020-01-01T08:00:00Z",
        "ends_at": "2020-01-01T09:00:00Z",
    }
    calendar.entries = [{**second, "title": "Delivery, late"}, {**first, "id": "new", "title": "Inventory"}, over]

    diary = await sync(desk)

    assert [entry["title"] for entry in diary["entries"]] == ["Inventory", "Delivery, late"]
    assert len(await desk.portico.rows("select id from diary_entries")) == 3


async def test_a_failure_is_tried_again(desk: Desk, calendar: Calendar) -> None:
    """At once, for a moment's trouble; nobody is told of that."""
    calendar.statuses = [503, 502]

    diary = await sync(desk)

    assert (len(calendar.asked), len(diary["entries"]), diary["problem"]) == (3, 3, None)


async def test_an_outage_is_told_and_tried_again_later(desk: Desk, calendar: Calendar) -> None:
    """What was taken over before stays; once the calendar is back, the job that waits takes it over."""
    before = await sync(desk)
    calendar.statuses, calendar.entries = [503] * 3, calendar.entries[:1]
    told = await sync(desk)
    (waiting,) = await desk.portico.enqueued()
    desk.portico.clock.advance(timedelta(minutes=2))
    await desk.portico.run_jobs()

    assert told == before | {"problem": OUT_OF_REACH}
    assert waiting.name == "diary.sync"
    assert [(len(diary["entries"]), diary["problem"]) for diary in [await known(desk)]] == [(1, None)]


async def test_a_calendar_that_stays_away_is_left_alone(desk: Desk, calendar: Calendar) -> None:
    """After five failures within a minute the breaker opens: it is not asked for another business, whose job waits."""
    calendar.statuses = [503] * 99
    for _ in range(5):
        await sync(desk)
    asked, elsewhere = len(calendar.asked), await open_desk(desk.portico, "Elsewhere")
    await sync(elsewhere)

    assert len(calendar.asked) == asked
    assert len(await desk.portico.enqueued()) == 2
    assert (await known(desk))["problem"] == OUT_OF_REACH


@pytest.mark.parametrize(
    "nonsense",
    [
        "no list",
        [{"id": "1"}],
        [{"id": "1", "title": "x", "starts_at": "2030-01-01T08:00:00Z", "ends_at": "2030-01-01T08:00:00Z"}],
    ],
)
async def test_nonsense_is_no_calendar(desk: Desk, calendar: Calendar, nonsense: Any) -> None:
    """It is told as an outage, and nothing is taken over."""
    calendar.entries = nonsense

    diary = await sync(desk)

    assert (diary["entries"], diary["problem"]) == ([], OUT_OF_REACH)


async def test_asked_for_twice_it_is_done_once(desk: Desk, calendar: Calendar) -> None:
    """While one waits, another is the same."""
    for _ in range(2):
        await desk.client.post("/api/v1/diary/sync")
    await desk.portico.run_jobs()

    assert len(calendar.asked) == 1
