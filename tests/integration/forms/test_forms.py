"""Forms that work without JavaScript: errors beside fields, values kept, 303 after a success."""

import re
from html import escape

import pytest

from portico import FieldError
from portico.errors.catalogs import Catalogs
from portico.testing import Harness
from tests.integration.forms.browser import Browser
from tests.integration.office.people import Office

pytestmark = pytest.mark.anyio
PASSWORD = "Correct-Horse-1"


async def browser(office: Office) -> Browser:
    """A member's browser, at the desk; its session is a cookie."""
    client = office.harness.client(ip="192.0.2.5")
    client.cookies["__Host-session"] = office.harness.token(office.member)
    return await Browser(client).open("/desk")


async def register(portico: Harness, email: str) -> None:
    """Somebody with a password."""
    await portico.member(email, password=PASSWORD)


# -- a form's life -----------------------------------------------------------------------------------------------------
async def test_a_form_is_sent_and_leads_on(alpha: Office) -> None:
    """303 to where the action says, filled from its result."""
    visitor = await browser(alpha)

    reply = await visitor.submit("/desk", title="One", pages="3")

    assert (reply.status, reply.headers["location"], reply.content) == (303, "/desk?filed=3", b"")
    assert await alpha.titles() == ["One"]
    assert "<li>One</li>" in (await visitor.open("/desk")).page.text


async def test_a_double_click_files_one_paper(alpha: Office) -> None:
    """The hidden key makes the second the first."""
    visitor = await browser(alpha)
    form = {**visitor.hidden(), "title": "One"}

    first, second = [await visitor.client.submit("/desk", form) for _ in range(2)]

    assert (first.status, second.status) == (303, 303)
    assert first.headers["location"] == second.headers["location"]
    assert await alpha.titles() == ["One"]


async def test_a_stranger_s_key_is_the_browser_s(portico: Harness) -> None:
    """Who sends a form again is the same from another network; another browser in that network is not."""
    first = await Browser(portico.client(ip="192.0.2.5")).open("/pay")
    moved, other = [Browser(portico.client(ip="198.51.100.5")) for _ in range(2)]
    moved.client.cookies = first.client.cookies
    replies = []
    for visitor in (first, moved, other):
        await visitor.open("/pay")
        replies.append(await visitor.submit("/pay", _key="k1", amount="3"))

    assert [reply.status for reply in replies] == [303, 303, 303]
    assert ["idempotent-replayed" in reply.headers for reply in replies] == [False, True, False]


async def test_every_rendering_has_a_key_of_its_own(alpha: Office) -> None:
    """Or a second paper of the same title would never be filed."""
    visitor = await browser(alpha)
    first = visitor.hidden()
    await visitor.open("/desk")

    assert visitor.hidden()["_key"] != first["_key"]
    assert visitor.hidden()["_csrf"] == first["_csrf"]


async def test_what_is_wrong_stands_beside_its_field(alpha: Office) -> None:
    """All of it, with the values kept; 422, and nothing is written."""
    visitor = await browser(alpha)

    reply = await visitor.submit("/desk", title="<b>" + "x" * 200, pages="many")

    assert (reply.status, reply.headers["content-type"]) == (422, "text/html; charset=utf-8")
    assert set(visitor.notes()) == {"message", "title-errors", "pages-errors"}
    assert visitor.values() == {"title": escape("<b>") + "x" * 200, "pages": "many"}
    assert await alpha.titles() == []


async def test_a_form_that_is_refused_by_its_limit_says_when_to_come_back(portico: Harness) -> None:
    """With the form's own limits, as any other call: those of the page that is drawn around it are of no use."""
    visitor = await Browser(portico.client(ip="192.0.2.5")).open("/pay")
    form = {**visitor.hidden(), "amount": "3"}

    *paid, refused = [await visitor.client.submit("/pay", {**form, "_key": f"k{n}"}) for n in range(51)]

    assert {reply.status for reply in paid} == {303}
    assert (refused.status, int(refused.headers["retry-after"]) > 0) == (429, True)
    assert '"pages.pay_elsewhere";q=50;w=60' in refused.headers["ratelimit-policy"]
    assert '"pages.pay_elsewhere";r=0;' in refused.headers["ratelimit"]


async def test_a_refusal_is_told_on_the_page_and_the_form_can_be_sent_again(alpha: Office) -> None:
    """With the status of the refusal, and a new key."""
    await alpha.file(alpha.member, "Taken")
    visitor = await browser(alpha)

    refused = await visitor.submit("/desk", title="Taken", pages="1")
    said = visitor.notes()["message"]
    mended = await visitor.submit("/desk", title="Free", pages="1")

    assert (refused.status, said) == (409, "There is a paper with this title already.")
    assert mended.status == 303


async def test_an_empty_field_is_a_missing_one(alpha: Office) -> None:
    """As HTML sends it."""
    visitor = await browser(alpha)

    await visitor.submit("/desk", title="", pages="1")

    assert visitor.notes()["title-errors"] == "Please fill this in."


async def test_a_page_speaks_the_visitor_s_language(alpha: Office) -> None:
    """And says which."""
    visitor = await browser(alpha)

    reply = await visitor.client.submit("/desk", visitor.hidden(), headers={"accept-language": "de"})

    assert Catalogs().finding(FieldError("VAL_REQUIRED_FIELD"), "de") in reply.text
    assert reply.headers["content-language"] == "de"


async def test_a_form_below_a_path_reads_its_members_from_there(alpha: Office) -> None:
    """Whatever the body says; a stale version is told on the page."""
    mine, other = await alpha.file(alpha.member, "Mine"), await alpha.file(alpha.member, "Other")
    visitor = await browser(alpha)
    await visitor.open(f"/desk/{mine}")

    done = await visitor.submit(f"/desk/{mine}", title="Yours", version="1", id=other)
    await visitor.open(f"/desk/{mine}")
    stale = await visitor.submit(f"/desk/{mine}", title="Theirs", version="1")

    assert (done.status, done.headers["location"]) == (303, f"/desk/{mine}")
    assert await alpha.titles() == ["Other", "Yours"]
    assert stale.status == 409
    assert visitor.values()["title"] == "Theirs"


async def test_a_form_may_lead_to_somebody_else_s_page_on_purpose(portico: Harness) -> None:
    """The action's own Redirect stands before `then`."""
    visitor = await Browser(portico.client()).open("/pay")

    reply = await visitor.submit("/pay", amount="5")

    assert (reply.status, reply.headers["location"]) == (303, "https://pay.example/?amount=5")


# -- the token ---------------------------------------------------------------------------------------------------------
async def test_a_form_without_its_token_is_refused(alpha: Office) -> None:
    """Missing, wrong, or another browser's."""
    visitor, stranger = await browser(alpha), await browser(alpha)
    token = stranger.hidden()["_csrf"]

    for wrong in ({}, {"_csrf": "x"}, {"_csrf": token}):
        form = {**visitor.hidden(), "title": "One", "_csrf": "", **wrong}
        reply = await visitor.client.submit("/desk", form)
        assert reply.status == 403
    assert await alpha.titles() == []


async def test_a_token_of_another_session_is_refused(portico: Harness, alpha: Office) -> None:
    """A form that was drawn before somebody else signed in here."""
    visitor = await browser(alpha)
    visitor.client.cookies["__Host-session"] = portico.token(alpha.other)

    assert (await visitor.submit("/desk", title="One")).status == 403


async def test_a_form_of_another_site_is_refused_unread(alpha: Office) -> None:
    """Even with the right token: the browser says where it came from."""
    visitor = await browser(alpha)
    elsewhere = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}

    reply = await visitor.client.submit("/desk", {**visitor.hidden(), "title": "One"}, elsewhere)

    assert reply.status == 403
    assert await alpha.titles() == []


async def test_a_form_takes_forms_alone(alpha: Office) -> None:
    """JSON has its own address."""
    visitor = await browser(alpha)

    own = {"sec-fetch-site": "same-origin"}

    assert (await visitor.client.post("/desk", {"title": "One"}, headers=own)).status == 415
    assert (await visitor.client.post("/desk", {"title": "One"})).status == 403
    assert await alpha.titles() == []


# -- who is not signed in ----------------------------------------------------------------------------------------------
async def test_a_page_sends_strangers_to_the_door(portico: Harness) -> None:
    """And remembers where they wanted to go."""
    page = await portico.client().get("/desk/1")
    form = await portico.client().submit("/desk", {"title": "One"})
    ended = portico.client()
    ended.cookies["__Host-session"] = "ended"

    assert (page.status, page.headers["location"]) == (303, "/sign-in?next=/desk/1")
    assert (form.status, form.headers["location"]) == (303, "/sign-in?next=/desk")
    assert (await ended.get("/desk")).headers["location"] == "/sign-in?next=/desk"


async def test_signing_in_by_the_form_opens_a_session(portico: Harness, alpha: Office) -> None:
    """The token changes, the page lets one in; signing out closes it."""
    await register(portico, "visitor@example.com")
    user = (await portico.rows("select id from portico.users where email = 'visitor@example.com'"))[0][0]
    join = "insert into portico.members (org_id, user_id, role) values ($1, $2, 'member')"
    await portico.rows(join, alpha.org.id, user)
    visitor = await Browser(portico.client()).open("/sign-in")

    inside = await visitor.submit("/sign-in", email="visitor@example.com", password=PASSWORD)
    await visitor.open("/desk")
    seen = visitor.page.status
    out = await visitor.submit("/sign-out")

    assert (inside.status, inside.headers["location"], seen) == (303, "/desk", 200)
    assert (out.status, out.headers["location"]) == (303, "/sign-in")
    assert "__Host-session" not in visitor.client.cookies
    assert (await visitor.open("/desk")).page.status == 303


async def test_a_refused_password_is_not_put_back(portico: Harness) -> None:
    """The address is; the words do not say which of the two was wrong."""
    await register(portico, "visitor@example.com")
    visitor = await Browser(portico.client()).open("/sign-in")

    reply = await visitor.submit("/sign-in", email="visitor@example.com", password="Wrong-Horse-1")

    assert reply.status == 401
    assert visitor.values() == {"email": "visitor@example.com", "password": ""}
    assert visitor.notes()["message"] == "E-mail address or password is wrong, or the address is not confirmed yet."
    assert "Wrong-Horse" not in reply.text


async def test_whoever_has_a_second_factor_is_led_to_its_page(portico: Harness) -> None:
    """A form leads the first way that its result fills."""
    await register(portico, "visitor@example.com")
    await portico.rows("update portico.users set totp_since = now()")
    visitor = await Browser(portico.client()).open("/sign-in")

    reply = await visitor.submit("/sign-in", email="visitor@example.com", password=PASSWORD)

    assert reply.status == 303
    assert re.fullmatch(r"/code\?ticket=[\w-]{43}", reply.headers["location"])
    assert "__Host-session" not in visitor.client.cookies


async def test_a_secret_is_not_put_back_whatever_its_name(alpha: Office) -> None:
    """Its type says that it is one; everything else is kept."""
    visitor = await browser(alpha)
    await visitor.open("/password")

    reply = await visitor.submit("/password", current="Wrong-Horse-1", new="Another-Horse-2", note="kept")

    assert (reply.status, visitor.values()) == (403, {"current": "", "new": "", "note": "kept"})
    assert visitor.notes()["current-errors"] == "This is not your password."


# -- pages -------------------------------------------------------------------------------------------------------------
async def test_a_page_that_is_not_there_is_said_in_words(portico: Harness, alpha: Office) -> None:
    """With its status, as a page; whoever may not see it is told so."""
    missing = await portico.client().get("/gone")
    visitor = await browser(alpha)
    visitor.client.cookies["__Host-session"] = portico.token(alpha.guest)
    denied = await visitor.client.get("/desk")

    assert (missing.status, missing.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "There is no such thing." in missing.text
    assert denied.status == 403


async def test_an_organization_that_is_no_id_is_told_on_a_page_too(alpha: Office) -> None:
    """And a form is not sent with it."""
    visitor = await browser(alpha)
    headers = {"x-org-id": "alpha"}

    page = await visitor.client.get("/desk", headers)
    form = await visitor.client.submit("/desk", {**visitor.hidden(), "title": "One"}, headers)

    assert (page.status, form.status) == (422, 422)
    assert await alpha.titles() == []


async def test_a_query_may_lead_elsewhere(portico: Harness, alpha: Office) -> None:
    """What stands in the address is escaped."""
    visitor = await browser(alpha)

    reply = await visitor.client.get("/home")

    assert (reply.status, reply.headers["location"]) == (303, "/desk?who=nobody%20in%20particular")
    assert (await portico.client().get("/home")).headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("path", ["/static/nothing.css", "/static/..", "/static/%2e%2e%2fapp.py", "/static/"])
async def test_a_file_outside_of_the_folder_is_not_there(portico: Harness, path: str) -> None:
    """404 as for any other path."""
    reply = await portico.client().get(path)

    assert (reply.status, reply.json["code"]) == (404, "NOT_FOUND")


async def test_files_of_the_folder_are_served(portico: Harness) -> None:
    """As what they are, with a request id."""
    reply = await portico.client().get("/static/office.css")

    assert (reply.status, reply.text.strip()) == (200, "body { color: black }")
    assert reply.headers["content-type"].startswith("text/css")
    assert reply.headers["x-request-id"]
    assert reply.headers["x-content-type-options"] == "nosniff"
