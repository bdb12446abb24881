"""The script of passkeys in a real browser, with an authenticator that Chromium pretends to have."""

import socket
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, Route

from portico import App
from portico.testing import Harness, open_harness
from tests.salon.browsing import on_air

pytestmark = [pytest.mark.anyio, pytest.mark.browser]

EMAIL, PASSWORD = "klara@kastanie.example", "Scissors-and-9-combs"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
DOOR = """<!doctype html><html lang="de"><meta charset="utf-8"><title>Door</title>
<script src="/static/passkeys.js" defer></script>
<main>
  <input data-passkey-name value="Klaras Laptop"><p role="alert" data-passkey-message hidden></p>
  <button type="button" data-passkey="register" data-then="/try?added" hidden>Add</button>
  <button type="button" data-passkey="sudo" data-then="/try?shown" hidden>Show</button>
  <button type="button" data-passkey="sign-in" data-then="/try?in" hidden>Sign in</button>
</main></html>"""


@pytest.fixture
async def address(portico: Harness, portico_app: App) -> AsyncIterator[str]:
    """The Salon at a name: no passkey belongs to an address of four numbers."""
    listening = socket.create_server(("localhost", 0))
    url = f"http://localhost:{listening.getsockname()[1]}"
    async with open_harness(portico_app, portico.urls, portico_url=url) as harness:
        await harness.member(EMAIL, password=PASSWORD)
        async with on_air("localhost", listening):
            yield url


async def test_a_passkey_is_made_shown_and_signs_in(portico: Harness, address: str, browser: Browser) -> None:
    """By three buttons; what is refused is said in the page's language."""
    page = await page_with_authenticator(browser, address)
    await sign_in_by_password(page)
    await press(page, "Add", "added")
    await portico.rows("update portico.sessions set authenticated_at = now() - interval '1 hour'")
    await page.get_by_role("button", name="Add").click()
    refused = await page.get_by_role("alert").inner_text()
    await press(page, "Show", "shown")

    await page.context.clear_cookies()
    await press(page, "Sign in", "in")

    listed = await page.evaluate("fetch('/api/auth/passkeys').then(reply => reply.json())")
    opened = await portico.rows("select method from portico.sessions order by created_at")
    assert refused == "Bitte bestätigen Sie zuerst Ihr Passwort."
    assert [passkey["name"] for passkey in listed["data"]] == ["Klaras Laptop"]
    assert opened[-1]["method"] == "passkey"


async def test_the_salons_pages_make_a_passkey_and_take_it(address: str, browser: Browser) -> None:
    """From the page of security back to it, then through the sign-in page to where one wanted to go."""
    page = await page_with_authenticator(browser, address)
    await sign_in_by_password(page)
    await page.goto(f"{address}/account/passkeys/new")
    await page.get_by_label("Name").fill("Klaras Laptop")
    await page.get_by_role("button", name="Make the passkey").click()
    await page.wait_for_url("**/account/security?done=passkey-added", timeout=10_000)
    listed = await page.get_by_role("listitem").inner_text()

    await page.context.clear_cookies()
    await page.goto(f"{address}/account/keys")
    await page.get_by_role("button", name="Sign in with a passkey").click()
    await page.wait_for_url(f"{address}/account/keys", timeout=10_000)

    assert "Klaras Laptop" in listed
    assert await page.get_by_role("heading", level=1).inner_text() == "API keys"


async def page_with_authenticator(browser: Browser, address: str) -> Page:
    """A page with the three buttons, beside an authenticator that says yes."""
    page = await browser.new_page()
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("WebAuthn.enable")
    await devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})

    async def draw(route: Route) -> None:
        await route.fulfill(body=DOOR, content_type="text/html")

    await page.route("**/try*", draw)
    await page.goto(f"{address}/try")
    return page


async def sign_in_by_password(page: Page) -> None:
    """As the sign-in page does, without its looks."""
    sending = """data => fetch("/api/auth/sign-in", {
      method: "POST", headers: {"content-type": "application/json"}, body: JSON.stringify(data)
    }).then(reply => reply.status)"""
    assert await page.evaluate(sending, {"email": EMAIL, "password": PASSWORD}) == 200


async def press(page: Page, button: str, then: str) -> None:
    """Press a button, and wait for where it leads."""
    await page.get_by_role("button", name=button, exact=True).click()
    await page.wait_for_url(f"**/try?{then}", timeout=10_000)
