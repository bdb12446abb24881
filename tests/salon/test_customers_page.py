"""The page of customers in a real browser: search, add, rename before the server has said yes."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, Route, expect

from tests.salon.browsing import on_air
from tests.salon.desk import Desk

pytestmark = [pytest.mark.anyio, pytest.mark.browser, pytest.mark.usefixtures("web")]
ROOT = Path(__file__).parents[2]
EMAIL, PASSWORD = "klara@kastanie.example", "Scissors-and-9-combs"
NAMELESS = "e => !e.labels?.length && !e.innerText.trim() && !e.ariaLabel"
UNLABELED = f"[...document.querySelectorAll('input:not([type=hidden]), button')].filter({NAMELESS}).length"
HEIGHTS = "[...document.querySelectorAll('#customers :is(button, input)')].map(e => e.offsetHeight)"


@pytest.fixture
async def page(desk: Desk, browser: Browser) -> AsyncIterator[Page]:
    """The page on a phone, shown to somebody of the business."""
    expect.set_options(timeout=30_000)
    await desk.portico.member(EMAIL, org=desk.org.id, role="owner", password=PASSWORD)
    async with on_air() as url:
        page = await browser.new_page(viewport={"width": 360, "height": 740})
        await page.goto(f"{url}/customers")
        await page.get_by_label("E-mail address").fill(EMAIL)
        await page.get_by_label("Password").fill(PASSWORD)
        await page.get_by_role("button", name="Sign in", exact=True).click()
        await expect(page.get_by_text("1 customer", exact=True)).to_be_visible()
        yield page
        await page.close()


async def test_a_customer_is_added_and_found(page: Page) -> None:
    """What is wrong stands beside its field; what was added is in the list without loading the page anew."""
    form = page.get_by_role("form", name="Add a customer")
    await form.get_by_label("Name").fill("Bruno Lang")
    await form.get_by_label("E-mail address").fill("nowhere")
    await form.get_by_role("button", name="Add").click()
    wrong = form.get_by_label("E-mail address")
    await expect(wrong).to_have_attribute("aria-invalid", "true")
    said = await page.locator(f"[id='{await wrong.get_attribute('aria-describedby')}']").inner_text()
    kept = await form.get_by_label("Name").input_value()

    await wrong.fill("bruno@lang.example")
    await form.get_by_role("button", name="Add").click()
    await expect(page.get_by_text("2 customers", exact=True)).to_be_visible()
    await page.get_by_label("Search").fill("bruno@")
    await expect(page.get_by_text("1 customer", exact=True)).to_be_visible()

    assert said
    assert kept == "Bruno Lang"
    assert await page.get_by_role("listitem").all_inner_texts() == ["Bruno Lang\nRename\n\nbruno@lang.example"]


async def test_a_new_name_is_shown_before_the_server_has_answered(page: Page) -> None:
    """The server is held up until the list has been looked at."""
    held: asyncio.Queue[Route] = asyncio.Queue()
    await page.route("**/api/v1/customers/*", held.put)

    await rename(page, "Amelie Lang")
    asked = await asyncio.wait_for(held.get(), 10)
    await expect(page.get_by_text("Amelie Lang", exact=True)).to_be_visible()
    async with page.expect_response("**/api/v1/customers?*"):
        await asked.continue_()

    await expect(page.get_by_text("Amelie Lang", exact=True)).to_be_visible()


async def test_a_refusal_takes_the_new_name_back(page: Page, desk: Desk) -> None:
    """Somebody else was faster: what they wrote is shown, and why ours was not taken."""
    path = f"/api/v1/customers/{desk.customer}"
    changed = await desk.client.send("PATCH", path, json={"name": "Amelie Hofer", "version": 1})

    await rename(page, "Amelie Lang")

    await expect(page.get_by_role("alert")).to_be_visible()
    await expect(page.get_by_label("New name")).to_have_value("Amelie Lang")
    await page.get_by_role("button", name="Cancel").click()
    await expect(page.get_by_text("Amelie Hofer", exact=True)).to_be_visible()
    assert changed.status == 200


async def test_a_name_that_is_none_is_refused_beside_its_field(page: Page) -> None:
    """The former name is in the list all the while."""
    await rename(page, " ")

    await expect(page.get_by_label("New name")).to_have_attribute("aria-invalid", "true")
    await page.get_by_role("button", name="Cancel").click()
    await expect(page.get_by_text("Amelie Brandner", exact=True)).to_be_visible()


async def test_it_fits_a_phone_and_every_control_has_a_name(page: Page) -> None:
    """Nothing sticks out, every control is large enough for a thumb, and a reader of the screen can tell them apart."""
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    assert min(await page.evaluate(HEIGHTS)) >= 44
    assert await page.evaluate(UNLABELED) == 0


async def rename(page: Page, name: str) -> None:
    """Give the only customer another name."""
    await page.get_by_role("button", name="Rename").click()
    await page.get_by_label("New name").fill(name)
    await page.get_by_role("button", name="Save").click()
