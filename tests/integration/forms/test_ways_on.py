"""Where a form leads: on to what one wanted, back from confirming a password, nowhere for what is shown once."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest

from portico.testing import Harness
from tests.integration.forms.browser import Browser
from tests.integration.office.people import Office

pytestmark = pytest.mark.anyio
EMAIL, PASSWORD = "visitor@example.com", "Correct-Horse-1"
LONG_AGO = timedelta(hours=2)


async def at_door(portico: Harness, onward: str) -> Browser:
    """A browser in front of the sign-in page, on its way somewhere."""
    await portico.member(EMAIL, password=PASSWORD)
    return await Browser(portico.client()).open(f"/sign-in?next={quote(onward, safe='/')}")


async def inside(office: Office) -> Browser:
    """A member's browser, whose password was shown long ago."""
    await office.harness.rows("update portico.users set password_hash = $1", await hashed(office.harness))
    office.harness.clock.advance(LONG_AGO)
    client = office.harness.client()
    client.cookies["__Host-session"] = office.harness.token(office.member)
    return Browser(client)


async def hashed(portico: Harness) -> str:
    """The stored form of the password."""
    return await portico.app.running.pipeline.services.hasher.hash(PASSWORD)


async def test_a_page_is_remembered_with_its_query(portico: Harness) -> None:
    """Escaped, so that nothing of it is the sign-in page's own; a form's page stands for the form."""
    page = await portico.client().get("/desk?day=2030-01-01&staff=a%20b")
    form = await portico.client().submit("/badges", {})

    assert page.headers["location"] == "/sign-in?next=/desk%3Fday%3D2030-01-01%26staff%3Da%2520b"
    assert form.headers["location"] == "/sign-in?next=/hatch"


async def test_signing_in_leads_on_to_what_one_wanted(portico: Harness) -> None:
    """Even past a wrong password."""
    visitor = await at_door(portico, "/desk?day=2030-01-01&staff=a%20b")

    await visitor.submit("/sign-in", email=EMAIL, password="Wrong-Horse-1")
    reply = await visitor.submit("/sign-in", email=EMAIL, password=PASSWORD)

    assert (reply.status, reply.headers["location"]) == (303, "/desk?day=2030-01-01&staff=a%20b")


async def test_a_second_step_is_told_where_one_goes_on_to(portico: Harness) -> None:
    """In its address, escaped."""
    visitor = await at_door(portico, "/desk?day=2030-01-01")
    await portico.rows("update portico.users set totp_since = now()")

    reply = await visitor.submit("/sign-in", email=EMAIL, password=PASSWORD)

    assert re.fullmatch(r"/code\?ticket=[\w-]{43}&next=/desk%3Fday%3D2030-01-01", reply.headers["location"])


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example", "evil", "/a b"]
)
async def test_nobody_is_led_to_another_site(portico: Harness, elsewhere: str) -> None:
    """Neither by the address of the page, nor by what the form brings."""
    visitor = await at_door(portico, elsewhere)
    kept = visitor.hidden()

    reply = await visitor.submit("/sign-in", email=EMAIL, password=PASSWORD, _next=elsewhere)

    assert "_next" not in kept
    assert (reply.status, reply.headers["location"]) == (303, "/desk")


async def test_a_page_that_wants_a_fresh_password_leads_to_where_one_shows_it(alpha: Office) -> None:
    """And from there back to it."""
    visitor = await inside(alpha)

    away = (await visitor.open("/safe?drawer=2")).page
    await visitor.open(away.headers["location"])
    back = await visitor.submit("/again", password=PASSWORD)

    assert (away.status, away.headers["location"]) == (303, "/again?next=/safe%3Fdrawer%3D2")
    assert (back.status, back.headers["location"]) == (303, "/safe?drawer=2")
    assert (await visitor.open("/safe")).page.status == 200


async def test_a_form_that_wants_a_fresh_password_links_to_where_one_shows_it(alpha: Office) -> None:
    """It is shown again with what was entered, and with the way there and back."""
    visitor = await inside(alpha)
    await visitor.open("/hatch")

    reply = await visitor.submit("/badges", names="kept")

    assert (reply.status, visitor.values()["names"]) == (403, "kept")
    assert visitor.notes()["message"] == "Please confirm your password first."
    assert 'href="/again?next=/hatch"' in reply.text


async def test_what_is_shown_once_is_shown_on_the_page_of_its_form(alpha: Office) -> None:
    """With what the action set in the browser, and in no address; one ticked box is a list too."""
    client = alpha.harness.client()
    client.cookies["__Host-session"] = alpha.harness.token(alpha.member)
    visitor = await Browser(client).open("/hatch")

    reply = await visitor.submit("/badges", names="one")
    several = await visitor.submit("/badges", names=["one", "two"])

    assert (reply.status, reply.headers["cache-control"], reply.cookies) == (200, "no-store", {"badge": "new"})
    assert re.search(r'id="badge">one [0-9a-f-]{36}<', reply.text)
    assert re.search(r'id="badge">one\+two [0-9a-f-]{36}<', several.text)


async def test_a_page_after_a_form_is_drawn_for_the_session_that_the_form_has_opened(alpha: Office) -> None:
    """The token that the browser sent is dead by then; the new page's form can be sent."""
    visitor = await inside(alpha)
    await visitor.open("/renew")

    reply = await visitor.submit("/renew", password=PASSWORD)
    once_more = await visitor.submit("/renew", password=PASSWORD)

    assert (reply.status, once_more.status) == (200, 200)
    assert reply.cookies["__Host-session"] != once_more.cookies["__Host-session"]


async def test_the_application_draws_what_its_pages_refuse(alpha: Office) -> None:
    """By its template of refusals; a browser is shown it for an unknown address too, a program is not."""
    client = alpha.harness.client()

    gone, nowhere = await client.get("/gone"), await client.get("/nowhere", {"accept": "text/html,*/*;q=0.8"})

    for reply in (gone, nowhere):
        assert (reply.status, "<h1>Office: Not Found</h1><p>There is no such thing.</p>" in reply.text) == (404, True)
    assert (await client.get("/nowhere", {"accept": "*/*"})).json["code"] == "NOT_FOUND"
