"""The pages of one's own account, as a browser without JavaScript meets them; mails are read from the mailbox."""

import re
from datetime import timedelta

import pyotp
import pytest

from portico.testing import Harness, open_harness
from tests.integration.forms.browser import Browser
from tests.salon.desk import Desk

pytestmark = pytest.mark.anyio

EMAIL, PASSWORD, OTHER = "klara@kastanie.example", "Scissors-and-9-combs", "Combs-and-9-scissors"
LONG_AGO = timedelta(hours=1)
PAGES = ("", "/security", "/sessions", "/keys", "/keys/new", "/passkeys/new", "/email", "/delete")
PASSKEY = """
    insert into portico.passkeys (user_id, credential_id, public_key, name)
    select id, 'a', 'b', 'My phone' from portico.users where email = $1
"""
ELSEWHERE = """
    insert into portico.identities (issuer, subject, user_id, email)
    select 'https://login.example.com', 'k1', id, 'klara@elsewhere.example' from portico.users where email = $1
"""


@pytest.fixture
async def klara(desk: Desk) -> Browser:
    """Somebody of the business who has just signed in, and stands in front of the day's page."""
    await desk.portico.member(EMAIL, org=desk.org.id, role="admin", password=PASSWORD)
    return await signed_in(desk.portico)


async def signed_in(portico: Harness, password: str = PASSWORD, onward: str = "") -> Browser:
    """A new browser, through the sign-in page."""
    browser = await Browser(portico.client()).open(f"/sign-in{onward}")
    reply = await browser.submit("/sign-in", email=EMAIL, password=password)
    assert reply.status == 303, reply.text
    return await browser.open(reply.headers["location"])


def names(browser: Browser) -> tuple[str, ...]:
    """What stands in the fields of the profile."""
    return tuple(re.findall(r'name="(?:last_)?name" value="([^"]*)"', browser.page.text))


async def newest_link(portico: Harness, to: str) -> str:
    """The path in the newest mail to somebody."""
    mail = [mail for mail in await portico.mails() if mail.to == to][-1]
    found = re.search(r"https://testserver(/\S+)", mail.text)
    assert found is not None
    return found[1]


async def test_somebody_signs_up_confirms_the_address_and_signs_in(portico: Harness) -> None:
    """Looking at the link of the mail changes nothing, since scanners of mails do; a click confirms."""
    browser = await Browser(portico.client()).open("/sign-up?next=/account")
    sent = await browser.submit("/sign-up", email=EMAIL, password=PASSWORD, name="Klara", last_name="Huber")
    await browser.open(sent.headers["location"])
    link = await newest_link(portico, EMAIL)

    await browser.open(link)
    before = await portico.rows("select email_verified_at from portico.users")
    done = await browser.submit("/verify-email", token=link.partition("=")[2])
    inside = await signed_in(portico, onward="?next=/account")

    assert sent.headers["location"] == "/check-your-mail?next=/account"
    assert [row[0] for row in before] == [None]
    assert (done.status, done.headers["location"]) == (303, "/sign-in?done=verified")
    assert names(inside) == ("Klara", "Huber")


async def test_a_spent_link_is_said_with_the_way_to_a_new_one(portico: Harness) -> None:
    """On the page of the link."""
    browser = await Browser(portico.client()).open("/verify-email?token=spent")

    reply = await browser.submit("/verify-email", token="spent")

    assert reply.status == 410
    assert "This link was used already, or is too old." in reply.text
    assert 'href="/check-your-mail"' in reply.text


async def test_a_forgotten_password_is_chosen_anew(klara: Browser, portico: Harness) -> None:
    """A weak one is told beside its field, and does not use the link up; all sessions end."""
    stranger = await Browser(portico.client()).open("/forgot-password")
    asked = await stranger.submit("/forgot-password", email=EMAIL)
    link = await newest_link(portico, EMAIL)
    token = link.partition("=")[2]
    await stranger.open(link)

    weak = await stranger.submit("/reset-password", token=token, password="weak")
    done = await stranger.submit("/reset-password", **stranger.hidden(), password=OTHER)

    assert asked.headers["location"] == "/forgot-password?done=sent"
    assert (weak.status, 'id="password-error-1"' in weak.text) == (422, True)
    assert (done.status, done.headers["location"]) == (303, "/sign-in?done=reset")
    assert (await klara.open("/account")).page.status == 303
    assert "Profile" in (await signed_in(portico, OTHER, "?next=/account")).page.text


async def test_an_account_is_deleted_after_the_password_was_shown_again(klara: Browser, portico: Harness) -> None:
    """From the page, by way of the password, back to the page, and goodbye."""
    portico.clock.advance(LONG_AGO)

    asked = (await klara.open("/account/delete")).page
    await klara.open(asked.headers["location"])
    wrong = await klara.submit("/confirm", password=OTHER)
    shown = await klara.submit("/confirm", password=PASSWORD)
    await klara.open(shown.headers["location"])
    gone = await klara.submit("/account/delete")

    assert asked.headers["location"] == "/confirm?next=/account/delete"
    assert (wrong.status, shown.headers["location"]) == (403, "/account/delete")
    assert (gone.status, gone.headers["location"]) == (303, "/goodbye")
    assert "Goodbye" in (await klara.open("/goodbye")).page.text
    assert (await klara.open("/account")).page.status == 303


async def test_the_last_owner_is_told_what_keeps_the_account(desk: Desk) -> None:
    """By the name of the organization, on the page."""
    client = desk.portico.client()
    client.cookies["__Host-session"] = desk.portico.token(desk.user)
    owner = await Browser(client).open("/account/delete")

    reply = await owner.submit("/account/delete")

    assert reply.status == 409
    assert "You are the only owner of Salon Kastanie." in reply.text


async def test_names_are_changed_and_emptied(klara: Browser) -> None:
    """A notice says so after the redirect; a word that nobody knows says nothing."""
    await klara.open("/account")
    await klara.submit("/account", name="Klara", last_name="Huber")
    await klara.open("/account")

    saved = await klara.submit("/account", name="Klara Maria")

    assert saved.headers["location"] == "/account?done=name"
    assert 'role="status">Your name is saved.' in (await klara.open("/account?done=name")).page.text
    assert names(klara) == ("Klara Maria", "")
    assert 'role="status"' not in (await klara.open("/account?done=<b>")).page.text


async def test_another_address_is_taken_by_the_link_sent_to_it(klara: Browser, portico: Harness) -> None:
    """Until then the old one stays."""
    await klara.open("/account/email")

    asked = await klara.submit("/account/email", email="new@kastanie.example")
    link = await newest_link(portico, "new@kastanie.example")
    await klara.open(link)
    done = await klara.submit("/confirm-email", token=link.partition("=")[2])

    assert asked.headers["location"] == "/account?done=email"
    assert done.headers["location"] == "/sign-in?done=email-confirmed"
    assert "new@kastanie.example" in (await klara.open("/account")).page.text


async def test_another_password_ends_the_other_sessions(klara: Browser, portico: Harness) -> None:
    """A wrong one so far is told beside its field."""
    other = await signed_in(portico)
    await klara.open("/account/security")

    wrong = await klara.submit("/account/security", current=OTHER, new=OTHER)
    done = await klara.submit("/account/security", current=PASSWORD, new=OTHER)

    assert (wrong.status, 'id="current-error-1"' in wrong.text) == (403, True)
    assert done.headers["location"] == "/account/security?done=password"
    assert (await klara.open("/account/security")).page.status == 200
    assert (await other.open("/account")).page.status == 303


async def test_a_session_is_ended_from_the_list(klara: Browser, portico: Harness) -> None:
    """The one in hand is marked, and has no button."""
    other = await signed_in(portico)
    ends = re.findall(r'action="(/account/sessions/[^"]+/end)"', (await klara.open("/account/sessions")).page.text)

    done = await klara.submit(ends[0])

    assert "This one" in (await klara.open("/account/sessions")).page.text
    assert (len(ends), done.headers["location"]) == (2, "/account/sessions?done=session-ended")
    assert (await other.open("/account")).page.status == 303


async def test_all_other_sessions_are_ended_at_once(klara: Browser, portico: Harness) -> None:
    """And then this one too."""
    other = await signed_in(portico)
    await klara.open("/account/sessions")

    done = await klara.submit("/account/sessions")

    assert done.headers["location"] == "/account/sessions?done=others-ended"
    assert (await other.open("/account")).page.status == 303
    await klara.open("/account/sessions")
    out = await klara.submit("/sign-out-everywhere")
    assert out.headers["location"] == "/sign-in?done=signed-out"


async def test_a_key_is_shown_once_works_and_is_revoked(klara: Browser, portico: Harness) -> None:
    """Its token is on one page alone; one ticked box is enough."""
    await klara.open("/account/keys/new")

    empty = await klara.submit("/account/keys/new", name="Till", days=30)
    made = await klara.submit("/account/keys/new", name="Till", days=30, scopes="appointments:read")
    token = re.findall(r"pk_[\w-]{43}", made.text)
    listed = (await klara.open("/account/keys")).page.text
    headers = {"authorization": f"Bearer {token[0]}"}
    used = await portico.client().get("/api/v1/appointments", headers)
    revoke = re.findall(r'action="(/account/keys/[^"]+/revoke)"', listed)
    await klara.submit(revoke[0])

    assert (empty.status, 'id="scopes-error-1"' in empty.text) == (422, True)
    assert (made.status, made.headers["cache-control"], len(token)) == (200, "no-store", 1)
    assert ("Till" in listed, token[0] in listed) == (True, False)
    assert (used.status, (await portico.client().get("/api/v1/appointments", headers)).status) == (403, 401)


async def test_a_second_factor_is_turned_on_and_asked_for(klara: Browser, portico: Harness) -> None:
    """The recovery codes are shown once; where one wanted to go is kept through both steps."""
    await klara.open("/account/security")
    begun = await klara.submit("/account/two-factor/begin")
    secret = re.findall(r'class="token">([A-Z2-7]{32})<', (await klara.open(begun.headers["location"])).page.text)[0]
    on = await klara.submit("/account/two-factor", code=pyotp.TOTP(secret).at(portico.clock.now()))
    codes = re.findall(r"<code>([\w-]+)</code>", on.text)

    again = await Browser(portico.client()).open("/sign-in?next=/account/keys")
    step = await again.submit("/sign-in", email=EMAIL, password=PASSWORD)
    await again.open(step.headers["location"])
    wrong = await again.submit("/sign-in/second-factor", **again.hidden(), recovery_code="wrong")
    inside = await again.submit("/sign-in/second-factor", **again.hidden(), recovery_code=codes[0])

    assert (on.status, len(codes)) == (200, 10)
    assert re.fullmatch(r"/sign-in/second-factor\?ticket=[\w-]+&next=/account/keys", step.headers["location"])
    assert (wrong.status, inside.headers["location"]) == (403, "/account/keys")
    assert codes[1] not in (await klara.open("/account/two-factor")).page.text


async def test_recovery_codes_are_renewed_and_the_factor_is_turned_off(klara: Browser, portico: Harness) -> None:
    """Both from the page of security."""
    await klara.open("/account/security")
    begun = await klara.submit("/account/two-factor/begin")
    secret = re.findall(r'class="token">([A-Z2-7]{32})<', (await klara.open(begun.headers["location"])).page.text)[0]
    await klara.submit("/account/two-factor", code=pyotp.TOTP(secret).at(portico.clock.now()))

    renewed = await klara.submit("/account/two-factor/codes")
    off = await klara.submit("/account/two-factor/end")

    assert len(re.findall(r"<code>([\w-]+)</code>", renewed.text)) == 10
    assert off.headers["location"] == "/account/security?done=two-factor-off"
    assert "Turn on" in (await klara.open("/account/security")).page.text


async def test_other_ways_in_are_listed_and_removed(klara: Browser, portico: Harness) -> None:
    """Passkeys, and accounts elsewhere."""
    await portico.rows(PASSKEY, EMAIL)
    await portico.rows(ELSEWHERE, EMAIL)
    text = (await klara.open("/account/security")).page.text
    remove = re.findall(r'action="(/account/passkeys/[^"]+/remove)"', text)

    away = await klara.submit(remove[0])
    await klara.open("/account/security")
    off = await klara.submit("/account/identities")

    assert ("My phone" in text, "klara@elsewhere.example" in text) == (True, True)
    assert away.headers["location"] == "/account/security?done=passkey-removed"
    assert off.headers["location"] == "/account/security?done=disconnected"
    assert "My phone" not in (await klara.open("/account/security")).page.text


@pytest.mark.parametrize("page", ["/sign-up", "/forgot-password", "/reset-password", *(f"/account{p}" for p in PAGES)])
async def test_every_page_has_its_landmarks_and_every_field_its_label(klara: Browser, page: str) -> None:
    """One heading of the first rank, and no id twice."""
    text = (await klara.open(page)).page.text

    ids, labels = re.findall(r'\sid="([^"]+)"', text), set(re.findall(r'<label for="([^"]+)"', text))
    fields = re.findall(r'<(?:input|select|textarea)(?![^>]*type="(?:hidden|checkbox)")[^>]*\sid="([^"]+)"', text)
    assert set(fields) == labels
    assert len(ids) == len(set(ids))
    assert (text.count("<h1"), text.count("<main")) == (1, 1)


async def test_accounts_elsewhere_are_offered_where_the_settings_name_them(portico: Harness) -> None:
    """The way there keeps in mind where one wanted to go; what went wrong there is said."""
    provider = '[{"name": "example", "url": "https://login.example.com", "client_id": "salon", "client_secret": "x"}]'

    async with open_harness(portico.app, portico.urls, portico_providers=provider) as harness:
        door = (await harness.client().get("/sign-in?next=/account")).text
        failed = (await harness.client().get("/sign-in?error=AUTH_LINK_FIRST")).text
        again = (await harness.client(await harness.member(EMAIL)).get("/confirm?next=/account/keys/new")).text

    assert '<a class="button wide" href="/api/auth/oidc/example?next=/account">Sign in with Example</a>' in door
    assert 'href="/api/auth/oidc/example?again=true&amp;next=/account/keys/new">Confirm with Example</a>' in again
    assert 'role="alert"><p>There is an account with this address already.' in failed
