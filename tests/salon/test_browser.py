"""The pages in a real browser, without JavaScript and with it."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

from salon.frame import NOTICES
from tests.salon.browsing import on_air
from tests.salon.desk import Desk

pytestmark = [pytest.mark.anyio, pytest.mark.browser, pytest.mark.usefixtures("web")]

ROOT = Path(__file__).parents[2]
EMAIL, PASSWORD = "klara@kastanie.example", "Scissors-and-9-combs"
LENA = "lena@kastanie.example"
PAGES = {
    "account": ["", "/security", "/sessions", "/keys", "/keys/new", "/passkeys/new", "/email", "/delete"],
    "organization": ["", "s", "/audit", "/members", "/invitations", "/roles", "/keys", "/keys/new", "/delete"],
}
CONTROLS = "button, .button, input:not([type=hidden], [type=checkbox]), label:has(input), select"
HEIGHTS = f"[...document.querySelectorAll('{CONTROLS}')].filter(e => e.checkVisibility()).map(e => e.offsetHeight)"


@pytest.fixture
async def address(desk: Desk) -> AsyncIterator[str]:
    """The Salon on a free port, with somebody who can sign in there."""
    await desk.portico.member(EMAIL, org=desk.org.id, role="owner", password=PASSWORD)
    async with on_air() as url:
        yield url


async def test_a_person_signs_in_books_is_refused_and_signs_out(address: str, browser: Browser) -> None:
    """The whole way, with no script running."""
    page = await browser.new_page(java_script_enabled=False)
    await sign_in(page, address)

    await book(page, "2030-05-17T10:00")
    shown = await page.get_by_role("list").inner_text()
    await book(page, "2030-05-17T10:15")
    refused = await page.get_by_role("alert").inner_text()
    kept = await page.get_by_label("Day and time").input_value()
    await page.get_by_role("button", name="Sign out").click()

    assert "10:00 – 10:45" in shown
    assert "Amelie Brandner" in shown
    assert refused.startswith("This time slot is no longer available. Please choose another time.")
    assert kept == "2030-05-17T10:15"
    assert page.url == f"{address}/sign-in"


async def test_a_script_books_in_place_and_leads_to_what_is_wrong(address: str, browser: Browser) -> None:
    """The same page, the same words, without loading it anew; no line of it is refused by the page's policy."""
    page = await browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    await sign_in(page, address)
    await page.evaluate("window.here = true")

    await book(page, "2030-05-17T10:00")
    await page.get_by_role("heading", name="17 May 2030").wait_for()
    shown = await page.get_by_role("list").inner_text()
    await book(page, "2030-05-17T10:15")
    refused = await page.get_by_role("alert").inner_text()

    assert "10:00 – 10:45" in shown
    assert page.url == f"{address}/appointments?day=2030-05-17"
    assert refused.startswith("This time slot is no longer available. Please choose another time.")
    assert await page.get_by_label("Day and time").input_value() == "2030-05-17T10:15"
    assert await page.evaluate("document.activeElement.name") == "scheduled_at"
    assert await page.evaluate("window.here")
    assert [text for text in said if "409" not in text] == []


@pytest.mark.parametrize("scripted", [True, False])
async def test_a_business_is_set_up_in_three_steps(address: str, browser: Browser, *, scripted: bool) -> None:
    """On a phone, with a mistake on the way; with scripts and without the pages and words are the same."""
    page = await browser.new_page(java_script_enabled=scripted, viewport={"width": 360, "height": 740})
    await sign_in(page, address)
    await page.goto(f"{address}/onboarding/resume")
    await page.get_by_label("Name", exact=True).fill("Salon Linde")
    await page.get_by_label("Short name").fill("salon-linde")
    await go_on(page)
    for row, name in enumerate(("Haircut", "haircut")):
        await page.get_by_label("Name", exact=True).nth(row).fill(name)
        await page.get_by_label("Minutes").nth(row).fill("45")
    await go_on(page)
    wrong = await page.get_by_role("alert").inner_text()
    await page.get_by_label("Name", exact=True).nth(1).fill("Beard")

    await go_on(page)
    await go_on(page)
    checked = await page.get_by_role("main").inner_text()
    width = await page.evaluate("document.documentElement.scrollWidth")
    await page.get_by_role("button", name="Publish").click()
    done = await page.get_by_role("status").inner_text()

    assert "Please give every service a name of its own." in wrong
    assert all(word in checked for word in ("Salon Linde", "Haircut, 45 min", "Beard", "Friday 09:00 – 18:00"))
    assert width <= 360
    assert done == NOTICES["founded"]


async def test_somebody_is_invited_signs_up_confirms_and_joins(desk: Desk, address: str, browser: Browser) -> None:
    """From one person's form by two mails to another's first day, with no script running."""
    owner = await browser.new_page(java_script_enabled=False)
    await sign_in(owner, address)
    await owner.goto(f"{address}/organization/invitations")
    await owner.get_by_label("E-mail address").fill(LENA)
    await owner.get_by_role("button", name="Send the invitation").click()
    lena = await (await browser.new_context(java_script_enabled=False)).new_page()
    await lena.goto(address + await link_to(desk, LENA))
    await lena.get_by_role("link", name="Create an account").click()
    await lena.get_by_label("E-mail address").fill(LENA)
    await lena.get_by_label("First name").fill("Lena")
    await lena.get_by_label("Password").fill(PASSWORD)
    await lena.get_by_role("button", name="Sign up").click()
    back = await lena.get_by_role("link", name="sign in").get_attribute("href")
    await lena.goto(address + await link_to(desk, LENA))
    await lena.get_by_role("button", name="Confirm").click()
    confirmed = await lena.get_by_role("status").inner_text()

    await lena.goto(f"{address}{back}")
    await enter(lena, LENA)
    await lena.get_by_role("button", name="Accept").click()
    joined = await lena.get_by_role("status").inner_text()
    await owner.goto(f"{address}/organization/members")

    assert (confirmed, joined) == (NOTICES["verified"], NOTICES["joined"])
    assert LENA in await owner.get_by_role("list").inner_text()


@pytest.mark.parametrize("area", ["account", "organization"])
async def test_every_page_fits_a_phone(address: str, browser: Browser, area: str) -> None:
    """Nothing sticks out of a narrow screen, and every control is large enough for a thumb."""
    page = await browser.new_page(viewport={"width": 360, "height": 740})
    await sign_in(page, address)

    for path in PAGES[area]:
        await page.goto(f"{address}/{area}{path}")

        assert await page.evaluate("document.documentElement.scrollWidth") <= 360, path
        assert min(await page.evaluate(HEIGHTS)) >= 44, path


async def test_the_page_fits_a_phone(address: str, browser: Browser) -> None:
    """Nothing sticks out of a narrow screen, and every control is large enough for a thumb."""
    page = await browser.new_page(viewport={"width": 360, "height": 740})
    await sign_in(page, address)
    await book(page, "2030-05-17T10:00")

    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    assert min(await page.evaluate(HEIGHTS)) >= 44


async def test_the_page_is_drawn_with_nothing_from_elsewhere(address: str, browser: Browser) -> None:
    """Style and picture are the Salon's own, and they arrive."""
    page = await browser.new_page()
    loaded: list[tuple[str, int]] = []
    page.on("response", lambda response: loaded.append((response.url, response.status)))

    await page.goto(f"{address}/sign-in", wait_until="networkidle")

    assert {(f"{address}/static/{name}", 200) for name in ("salon.css", "salon.svg")} <= set(loaded)
    assert all(url.startswith(address) for url, _ in loaded)


async def sign_in(page: Page, address: str) -> None:
    """From the front of a page that asks for it."""
    await page.goto(f"{address}/appointments")
    await enter(page, EMAIL)


async def enter(page: Page, email: str) -> None:
    """Fill the sign-in page in."""
    await page.get_by_label("E-mail address").fill(email)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in", exact=True).click()


async def go_on(page: Page) -> None:
    """To the next step, or to what is wrong."""
    async with page.expect_response(lambda response: response.request.method == "POST"):
        await page.get_by_role("button", name="Save and go on").click()
    await page.wait_for_load_state("networkidle")


async def link_to(desk: Desk, to: str) -> str:
    """The path in the newest mail to somebody."""
    mail = [mail for mail in await desk.portico.mails() if mail.to == to][-1]
    found = re.search(r"https://testserver(/\S+)", mail.text)
    assert found is not None
    return found[1]


async def book(page: Page, at: str) -> None:
    """Choose what there is, and send the form."""
    for label in ("Customer", "Service", "With"):
        await page.get_by_label(label, exact=True).select_option(index=1)
    await page.get_by_label("Day and time").fill(at)
    async with page.expect_response(lambda response: response.request.method == "POST"):
        await page.get_by_role("button", name="Book").click()
    await page.wait_for_load_state("networkidle")
