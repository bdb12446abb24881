"""The day's page keeps itself up to date."""

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.async_api import Browser, Page

from portico import Forbidden
from salon.app import app
from salon.appointments.live import live
from tests.salon.browsing import on_air
from tests.salon.desk import Desk, open_desk

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).parents[2]
DAY = date(2030, 5, 17)
PATIENCE = 10.0


async def begun(stream: AsyncGenerator[Any, None]) -> "asyncio.Task[Any]":
    """The first value, as soon as there is one; the stream is open when this returns."""
    streams = app.running.pipeline.streams
    assert streams is not None
    before = streams.hub.listened
    first = asyncio.ensure_future(anext(stream))
    async with asyncio.timeout(PATIENCE):
        while streams.hub.listened == before:  # noqa: ASYNC110  # nobody tells
            await asyncio.sleep(0.001)
    return first


async def test_a_day_tells_of_its_own_appointments(desk: Desk) -> None:
    """Of the day as the business's clock has it, and with one member of staff, if asked."""
    other = await desk.add_staff("Otto")
    caller = app.as_(desk.user, org=desk.org.id)
    day, staff = caller.stream(live, day=DAY), caller.stream(live, staff_id=UUID(desk.staff))
    first, theirs = await begun(day), await begun(staff)
    await desk.booked("2030-05-16T23:00:00+02:00", staff_id=other)
    booked = await desk.booked("2030-05-17T00:30:00+02:00")

    async with asyncio.timeout(PATIENCE):
        assert str((await first).appointment.id) == booked["id"]
        assert str((await theirs).appointment.id) == booked["id"]
    await day.aclose()
    await staff.aclose()


async def test_one_that_is_moved_away_is_told_of_on_its_former_day(desk: Desk) -> None:
    """Whoever looks at that day sees it go."""
    booked = await desk.booked("2030-05-17T10:00:00+02:00")
    day = app.as_(desk.user, org=desk.org.id).stream(live, day=DAY)
    first = await begun(day)

    moved = {"scheduled_at": "2030-05-20T10:00:00+02:00"}
    await desk.client.post(f"/api/v1/appointments/{booked['id']}/reschedule", moved)

    async with asyncio.timeout(PATIENCE):
        told = (await first).event_name
        if told == "appointment.created":  # still new to a stream, while anybody on the server writes at that moment
            told = (await anext(day)).event_name
        assert told == "appointment.rescheduled"
    await day.aclose()


async def test_another_business_hears_nothing(desk: Desk) -> None:
    """Nor may anybody listen who may not read appointments there."""
    theirs = await open_desk(desk.portico, "Salon Linde")

    with pytest.raises(Forbidden):
        await anext(app.as_(theirs.user, org=desk.org.id).stream(live))


async def test_without_code_the_page_is_whole(desk: Desk) -> None:
    """The lines are there, and where news would be said; the stream is named for who can listen."""
    await desk.booked("2030-05-17T10:00:00+02:00")

    page = (await desk.client.get(f"/appointments?day={DAY}")).text

    assert f'data-live="/api/v1/appointments/live?day={DAY}"' in page
    assert re.search(r'<div id="day-lines">\s*<ol class="lines">', page)
    assert '<p role="status" class="hidden"></p>' in page


@pytest.fixture
async def address(desk: Desk, web: None) -> AsyncIterator[str]:
    """The Salon on a free port."""
    async with on_air() as url:
        yield url


async def opened(desk: Desk, browser: Browser, address: str) -> Page:
    """The day's page, as the desk's user; its stream is open."""
    signed_in = {"Authorization": f"Bearer {desk.portico.token(desk.user)}"}
    page = await browser.new_page(base_url=address, extra_http_headers=signed_in)
    await page.goto(f"/appointments?day={DAY}")
    await page.locator(".agenda[data-state=live]").wait_for()
    return page


@pytest.mark.browser
async def test_a_booking_elsewhere_appears_by_itself(desk: Desk, browser: Browser, address: str) -> None:
    """And is said to whoever does not see it."""
    page = await opened(desk, browser, address)

    await desk.booked("2030-05-17T10:00:00+02:00")

    await page.locator(".line").wait_for()
    assert await page.locator(".line .customer").count() == 1
    await page.get_by_role("status").filter(has_text="New appointment: 10:00").wait_for()


@pytest.mark.browser
async def test_a_browser_comes_back_and_has_missed_nothing(desk: Desk, browser: Browser, address: str) -> None:
    """When the server ends its streams: by itself, to where it was."""
    page = await opened(desk, browser, address)
    await desk.booked("2030-05-17T10:00:00+02:00")
    await page.locator(".line").wait_for()
    streams = app.running.pipeline.streams
    assert streams is not None

    streams.stop()
    await page.locator(".agenda[data-state=waiting]").wait_for()
    await desk.booked("2030-05-17T12:00:00+02:00")
    streams.stopping = False

    await page.locator(".agenda[data-state=live]").wait_for()
    await page.locator(".line").nth(1).wait_for()
    await page.get_by_role("status").filter(has_text="New appointment: 12:00").wait_for()
