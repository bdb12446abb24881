"""The pages, as a browser without JavaScript meets them."""

import re
from datetime import UTC, datetime

import pytest

from portico.testing import Client, Harness, Reply
from tests.salon.desk import Desk, hidden, open_desk

pytestmark = pytest.mark.anyio

PASSWORD = "Scissors-and-9-combs"
DAY = "/appointments?day=2030-05-17"
TAKEN = "This time slot is no longer available. Please choose another time."


async def test_who_is_not_signed_in_is_led_to_the_sign_in_page(portico: Harness) -> None:
    """A page asks, where an API would refuse."""
    browser = portico.client()

    page, door = await browser.get("/appointments"), await browser.get("/sign-in")

    assert (page.status, page.headers["location"]) == (303, "/sign-in?next=/appointments")
    assert (door.status, "<h1>Sign in</h1>" in door.text) == (200, True)


async def test_the_front_door_leads_to_the_days_page(desk: Desk) -> None:
    """Nobody needs to know an address; who belongs nowhere yet is led to where one founds a business."""
    newcomer = await desk.portico.member("new@example.com")

    inside, outside = await desk.client.get("/"), await desk.portico.client(newcomer).get("/")

    assert (inside.status, inside.headers["location"]) == (303, "/appointments")
    assert outside.headers["location"] == "/organizations"


async def test_a_person_signs_in_and_out_again(portico: Harness) -> None:
    """The session is a cookie that no script reads, and it ends."""
    browser = await signed_in(portico)
    assert (await browser.get("/organizations")).status == 200

    door = await browser.get("/sign-in")
    out = await browser.submit("/sign-out", hidden(door))

    assert (out.status, out.headers["location"]) == (303, "/sign-in")
    assert (await browser.get("/appointments")).headers["location"] == "/sign-in?next=/appointments"


async def test_a_wrong_password_is_said_on_the_page(portico: Harness) -> None:
    """The address is kept, the password is not."""
    browser = portico.client()
    door = await browser.get("/sign-in")

    fields = {**hidden(door), "email": "klara@kastanie.example", "password": "Wrong-1-word"}
    page = await browser.submit("/sign-in", fields)

    assert page.status == 401
    assert alerts(page) == ["E-mail address or password is wrong, or the address is not confirmed yet."]
    assert 'value="klara@kastanie.example"' in page.text
    assert "Wrong-1-word" not in page.text


async def test_the_page_shows_a_day_by_the_clock_on_the_wall(portico: Harness) -> None:
    """Times are the organization's, and so is the day."""
    desk = await open_desk(portico, "Harbor", timezone="America/New_York")
    await desk.booked("2030-05-17T21:30:00-04:00")

    page = await desk.client.get(DAY)

    assert "Friday, 17 May 2030" in page.text
    assert re.findall(r"<time datetime=\"([^\"]+)\">([^<]+)", page.text) == [
        ("2030-05-17T21:30:00-04:00", "21:30"),
        ("2030-05-17T22:15:00-04:00", "22:15"),
    ]
    assert "Amelie Brandner" in page.text


async def test_the_page_begins_with_today(desk: Desk) -> None:
    """Today is what the clock says in the organization's zone."""
    desk.portico.clock.set(datetime(2030, 5, 17, 23, 30, tzinfo=UTC))

    page = await desk.client.get("/appointments")

    assert "Saturday, 18 May 2030" in page.text
    assert 'href="/appointments?day=2030-05-17"' in page.text
    assert 'href="/appointments?day=2030-05-19"' in page.text


async def test_the_page_shows_one_persons_day(desk: Desk) -> None:
    """The choice stays from one day to the next."""
    colleague = await desk.add_staff("Mira Novak")
    await desk.booked("2030-05-17T08:00:00Z")

    page = await desk.client.get(f"{DAY}&staff={colleague}")

    assert "No appointments on this day." in page.text
    assert f"day=2030-05-18&amp;staff={colleague}" in page.text


async def test_another_business_is_on_no_page(desk: Desk) -> None:
    """Neither its appointments nor its people."""
    other = await open_desk(desk.portico, "Elsewhere")
    await other.booked("2030-05-17T08:00:00Z")

    page = await desk.client.get(DAY)

    assert "No appointments on this day." in page.text
    assert other.customer not in page.text


async def test_the_form_books_and_leads_back_to_the_day(desk: Desk) -> None:
    """303 after a success, so that a reload does not post again."""
    reply = await send(desk, await desk.client.get(DAY), "2030-05-17T10:00")

    booked = await desk.list()
    assert (reply.status, reply.headers["location"]) == (303, DAY)
    assert [row["scheduled_at"] for row in booked] == ["2030-05-17T08:00:00Z"]


async def test_a_form_sent_twice_books_once(desk: Desk) -> None:
    """The page brought the key: a second click is the first one's repetition."""
    page = await desk.client.get(DAY)

    replies = [await send(desk, page, "2030-05-17T10:00") for _ in range(2)]

    assert [reply.status for reply in replies] == [303, 303]
    assert len(await desk.list()) == 1


async def test_a_taken_slot_is_said_beside_its_field_and_what_was_entered_is_kept(desk: Desk) -> None:
    """The page comes back as it was, on the same day, with the reason."""
    await desk.booked("2030-05-17T08:00:00Z")

    page = await send(desk, await desk.client.get(DAY), "2030-05-17T10:15", notes="By the <window>")

    assert page.status == 409
    assert (alerts(page), errors(page)) == ([TAKEN], {"scheduled_at": TAKEN})
    assert 'value="2030-05-17T10:15"' in page.text
    assert f'<option value="{desk.customer}" selected>' in page.text
    assert "By the &lt;window&gt;</textarea>" in page.text
    assert "Friday, 17 May 2030" in page.text


async def test_an_empty_form_says_what_is_missing(desk: Desk) -> None:
    """Every field at once, each beside its own label."""
    browser = desk.client

    page = await browser.submit(DAY, hidden(await browser.get(DAY)))

    assert page.status == 422
    assert set(errors(page)) == {"customer_id", "service_id", "scheduled_at"}


@pytest.mark.parametrize(("at", "words"), [("2030-03-31T02:30", "skip this time"), ("2030-10-27T02:30", "comes twice")])
async def test_a_time_that_the_clocks_skip_or_repeat_is_explained(desk: Desk, at: str, words: str) -> None:
    """Nobody is booked at a time that is not, or that is two."""
    page = await send(desk, await desk.client.get(DAY), at)

    assert page.status == 422
    assert words in errors(page)["scheduled_at"]


async def test_a_form_without_the_pages_token_is_refused(desk: Desk) -> None:
    """Another site's form cannot bring it."""
    browser = desk.client
    fields = {name: value for name, value in hidden(await browser.get(DAY)).items() if name != "_csrf"}

    reply = await browser.submit(DAY, {**desk.visit("2030-05-17T10:00"), **fields})

    assert reply.status == 403
    assert await desk.list() == []


@pytest.mark.parametrize("path", ["/sign-in", "/preferences", DAY])
async def test_every_field_has_its_label_and_the_page_its_landmarks(desk: Desk, path: str) -> None:
    """Whoever listens to the page finds their way."""
    page = (await desk.client.get(path)).text

    fields = re.findall(r"<(?:input|select|textarea)(?! type=\"hidden\")[^>]* id=\"([\w-]+)\"", page)
    labels = set(re.findall(r"<label for=\"([\w-]+)\"", page))
    assert set(fields) == labels
    assert len(re.findall(r"<h1", page)) == 1
    assert '<html lang="en">' in page
    assert '<main id="main"' in page
    scripts = re.findall(r"<script([^>]*)>", page)
    assert all(re.search(r' src="/(static|_portico)/', script) for script in scripts)


async def signed_in(portico: Harness) -> Client:
    """A browser whose person has an account and signed in."""
    await portico.member("klara@kastanie.example", password=PASSWORD)
    browser = portico.client()
    fields = {**hidden(await browser.get("/sign-in")), "email": "klara@kastanie.example", "password": PASSWORD}
    reply = await browser.submit("/sign-in", fields)
    assert (reply.status, reply.headers["location"]) == (303, "/")
    return browser


async def send(desk: Desk, page: Reply, at: str, **changes: object) -> Reply:
    """Fill the page's form in and send it, from the browser that has the page."""
    client = desk.client
    client.cookies.update(page.cookies)
    return await client.submit(DAY, {**hidden(page), **desk.visit(at), **changes})


def alerts(page: Reply) -> list[str]:
    """What the page says at the top of its form."""
    return re.findall(r'role="alert"[^>]*>\s*<p>([^<]*)', page.text)


def errors(page: Reply) -> dict[str, str]:
    """What the page says beside each field."""
    return dict(re.findall(r'<p class="error" id="pages-book-(\w+)-error-1"[^>]*>([^<]*)', page.text))
