"""The pages of organizations, as a browser without JavaScript meets them; invitations are read from the mailbox."""

import re
from datetime import timedelta
from html import unescape

import pytest

from portico import User
from portico.testing import Harness
from tests.integration.audit.tampering import seal
from tests.integration.forms.browser import Browser
from tests.salon.desk import Desk

pytestmark = pytest.mark.anyio

PASSWORD = "Scissors-and-9-combs"
MIRA, LENA = "mira@kastanie.example", "lena@kastanie.example"
PAGES = (
    "",
    "/audit",
    "/members",
    "/invitations",
    "/roles",
    "/roles/front-desk",
    "/keys",
    "/keys/new",
    "/delete",
    "/staff",
    "/usage",
)


def at(portico: Harness, user: User) -> Browser:
    """The browser of somebody who is signed in."""
    client = portico.client()
    client.cookies["__Host-session"] = portico.token(user)
    return Browser(client)


@pytest.fixture
async def owner(desk: Desk) -> Browser:
    """The owner's browser."""
    return at(desk.portico, desk.user)


async def front_desk(owner: Browser, desk: Desk) -> str:
    """A role of the business's own making; returns where the form led."""
    await owner.open("/organization/roles")
    ticked = ["appointments:*", "organizations:read"]
    made = await owner.submit(f"/organizations/{desk.org.id}/roles", name="front-desk", permissions=ticked)
    return made.headers["location"]


async def invite(owner: Browser, desk: Desk, email: str) -> str:
    """Invite somebody as a member; returns the path in the mail."""
    await owner.open("/organization/invitations")
    sent = await owner.submit(f"/organizations/{desk.org.id}/invitations", email=email, role="member")
    assert sent.headers["location"] == "/organization/invitations?done=invited", sent.text
    found = re.search(r"https://testserver(/\S+)", (await desk.portico.mails())[-1].text)
    assert found is not None
    return found[1]


async def test_somebody_invited_signs_in_and_accepts(owner: Browser, desk: Desk) -> None:
    """The invitation is kept in mind through the sign-in; the day's page is theirs afterwards."""
    await desk.portico.member(LENA, password=PASSWORD)
    link = await invite(owner, desk, LENA)
    lena = await Browser(desk.portico.client()).open(link)
    door = re.findall(r'href="(/sign-in[^"]*)"', lena.page.text)[0]

    assert "Salon Kastanie" in lena.page.text
    await lena.open(unescape(door))
    back = await lena.submit("/sign-in", email=LENA, password=PASSWORD)
    await lena.open(back.headers["location"])
    done = await lena.submit("/invitation/accept", token=link.partition("=")[2])

    assert back.headers["location"] == link
    assert done.headers["location"] == "/organization?done=joined"
    assert (await lena.open("/appointments")).page.status == 200


async def test_an_invitation_is_for_the_invited_address_alone(owner: Browser, desk: Desk) -> None:
    """Somebody else sees for whom it is, and has no button; a form sent all the same is refused on the page."""
    link = await invite(owner, desk, LENA)
    mira = await at(desk.portico, await desk.portico.member(MIRA)).open(link)

    refused = await mira.submit(link.replace("?", "/accept?"), token=link.partition("=")[2])

    assert "You are signed in as mira@kastanie.example." in mira.page.text
    assert "Accept" not in mira.page.text
    assert (refused.status, "This invitation is for another e-mail address" in refused.text) == (403, True)


async def test_an_invitation_is_declined_or_revoked(owner: Browser, desk: Desk) -> None:
    """Its page says then that it is no longer open."""
    first, lena = await invite(owner, desk, LENA), at(desk.portico, await desk.portico.member(LENA))
    await lena.open(first)
    declined = await lena.submit("/invitation/decline", token=first.partition("=")[2])
    second = await invite(owner, desk, MIRA)
    revoke = re.findall(r'action="([^"]+/revoke)"', (await owner.open("/organization/invitations")).page.text)
    revoked = await owner.submit(revoke[0])

    assert declined.headers["location"] == "/organizations?done=declined"
    assert revoked.headers["location"] == "/organization/invitations?done=revoked"
    assert "This invitation was answered already." in (await lena.open(first)).page.text
    assert (await lena.open(second)).page.status == 410


async def test_the_audit_shows_how_far_it_is_sealed(owner: Browser, desk: Desk) -> None:
    """With the head of its chain, to be kept elsewhere; its own organization's alone."""
    before = (await owner.open("/organization/audit")).page.text
    await seal(desk.portico)
    page = (await owner.open("/organization/audit")).page.text
    told = (await desk.client.get("/api/v1/audit/seals")).json["data"]

    assert "Nothing is sealed yet." in before
    assert f"{told['records']} record" in page
    assert told["head"] in page
    assert told["records"] == len((await desk.client.get("/api/v1/audit")).json["data"])


async def test_a_role_is_put_together_given_and_changed(owner: Browser, desk: Desk) -> None:
    """It counts at once; what is not ticked is not allowed."""
    user = await desk.portico.member(MIRA, org=desk.org.id)
    mira = at(desk.portico, user)
    made = await front_desk(owner, desk)
    await owner.open("/organization/members")
    given = await owner.submit(f"/organizations/{desk.org.id}/members/{user.id}/role", role="front-desk")
    before = await mira.open("/organization/members")
    version = (await owner.open("/organization/roles/front-desk")).hidden()["version"]

    edited = await owner.submit("/organization/roles/front-desk", permissions="members:read", version=version)

    assert made == "/organization/roles?done=role-made"
    assert given.headers["location"] == "/organization/members?done=role-changed"
    assert (before.page.status, edited.headers["location"]) == (403, "/organization/roles?done=saved")
    assert (await mira.open("/organization/members")).page.status == 200
    assert (await mira.open("/organization/roles")).page.status == 403


async def test_a_role_needs_a_permission_and_a_name(owner: Browser, desk: Desk) -> None:
    """Both are told beside their fields; what was ticked stays."""
    await owner.open("/organization/roles")
    path = f"/organizations/{desk.org.id}/roles"

    unnamed = await owner.submit(path, name="Front desk", permissions="staff:read")
    empty = await owner.submit(path, name="front-desk")

    assert (unnamed.status, 'id="name-error-1"' in unnamed.text) == (422, True)
    assert 'value="staff:read" checked' in unnamed.text
    assert 'id="permissions-error-1"' in empty.text


async def test_a_program_that_ticks_nothing_is_told_so(desk: Desk) -> None:
    """A browser leaves an empty list out; what sends one is refused like any other input."""
    document = 'mutation { teamEditRole(input: {name: "front-desk", permissions: [], version: 1}) { success } }'

    reply = await desk.client.post("/api/graphql", {"query": document})

    told = reply.json["errors"][0]["extensions"]
    assert (told["status"], list(told["errors"])) == (422, ["permissions"])


async def test_a_role_that_somebody_has_is_not_deleted(owner: Browser, desk: Desk) -> None:
    """Once nobody has it, it is."""
    await front_desk(owner, desk)
    user = await desk.portico.member(MIRA, org=desk.org.id)
    given, deleted = (
        f"/organizations/{desk.org.id}/{w}" for w in (f"members/{user.id}/role", "roles/front-desk/delete")
    )
    hidden = (await owner.open("/organization/members")).hidden()
    await owner.submit(given, role="front-desk")

    held = await owner.submit(deleted, **hidden)
    await owner.submit(given, role="member")
    free = await owner.submit(deleted, **hidden)

    assert (held.status, "Somebody has this role" in held.text) == (409, True)
    assert free.headers["location"] == "/organization/roles?done=role-deleted"


async def test_a_member_is_removed_and_the_last_owner_stays(owner: Browser, desk: Desk) -> None:
    """The removed find no way in; why somebody cannot leave is said on a page."""
    user = await desk.portico.member(MIRA, org=desk.org.id)
    await owner.open("/organization/members")

    removed = await owner.submit(f"/organizations/{desk.org.id}/members/{user.id}/remove")
    await owner.open("/organization")
    stays = await owner.submit(f"/organizations/{desk.org.id}/leave")

    assert removed.headers["location"] == "/organization/members?done=removed"
    assert (await at(desk.portico, user).open("/appointments")).page.status == 403
    assert (stays.status, 'role="alert"' in stays.text) == (409, True)


async def test_a_page_offers_what_its_reader_may_do(owner: Browser, desk: Desk) -> None:
    """A member sees the others, and no button; what only others may see is not even named."""
    member = at(desk.portico, await desk.portico.member(MIRA, org=desk.org.id))

    own, theirs = (await owner.open("/organization/members")).page, (await member.open("/organization/members")).page

    assert ("Remove" in own.text, "/organization/keys" in own.text) == (True, True)
    assert (MIRA in theirs.text, "Remove" in theirs.text) == (True, False)
    assert ("/organization/keys" in theirs.text, "/organization/roles" in theirs.text) == (False, True)
    assert (await member.open("/organization/keys")).page.status == 403


async def test_one_founds_another_business_and_switches_between_them(owner: Browser, desk: Desk) -> None:
    """The switcher is in the header once there are two."""
    alone = (await owner.open("/organizations")).page.text
    taken = await owner.submit("/organizations", name="Second", slug=desk.org.slug, timezone="Europe/Vienna")
    founded = await owner.submit("/organizations", name="Second", slug="second", timezone="Asia/Tokyo")
    await owner.open("/organizations")

    assert (taken.status, "This address is already taken." in taken.text) == (409, True)
    assert founded.headers["location"] == "/organizations?done=founded"
    assert ("<summary" in alone, "<summary" in owner.page.text) == (False, True)
    switch = re.findall(r'<form method="post" action="(/organizations/[^"]+/switch)"', owner.page.text)
    switched = await owner.submit(switch[0])
    assert (len(switch), switched.headers["location"]) == (1, "/")
    assert "<h1>Second</h1>" in (await owner.open("/organization")).page.text


async def test_a_business_is_renamed_and_moved(owner: Browser, desk: Desk) -> None:
    """Somebody who had the page open for long is told that it has changed."""
    path = f"/organizations/{desk.org.id}/rename"
    fields = (await owner.open("/organization")).hidden()

    saved = await owner.submit(path, **fields, name="Kastanie & Co", timezone="Asia/Tokyo")
    stale = await owner.submit(path, **fields, name="Another")

    assert saved.headers["location"] == "/organization?done=saved"
    assert "<h1>Kastanie &amp; Co</h1>" in (await owner.open("/organization")).page.text
    assert stale.status == 409


async def test_a_business_is_deleted_after_the_password_was_shown_again(desk: Desk) -> None:
    """By its owner alone, who belongs nowhere afterwards."""
    user = await desk.portico.member("boss@kastanie.example", org=desk.org.id, role="owner", password=PASSWORD)
    boss = at(desk.portico, user)
    desk.portico.clock.advance(timedelta(hours=1))

    asked = (await boss.open("/organization/delete")).page.headers["location"]
    await boss.open(asked)
    back = await boss.submit("/confirm", password=PASSWORD)
    await boss.open(back.headers["location"])
    done = await boss.submit(f"/organizations/{desk.org.id}/delete")

    assert asked == "/confirm?next=/organization/delete"
    assert done.headers["location"] == "/organizations?done=deleted"
    assert "You belong to no organization yet." in (await boss.open("/organizations")).page.text


async def test_a_key_of_the_business_is_shown_once_and_revoked(owner: Browser, desk: Desk) -> None:
    """Whoever it acts as, it works in this business."""
    await owner.open("/organization/keys/new")
    terms = {"name": "Till", "role": "member", "days": 30, "scopes": ["services:read"]}

    made = await owner.submit(f"/organizations/{desk.org.id}/keys", **terms)
    token = re.findall(r"pk_[\w-]{43}", made.text)[0]
    used = await desk.portico.client().get("/api/v1/services", {"authorization": f"Bearer {token}"})
    listed = (await owner.open("/organization/keys")).page.text
    revoked = await owner.submit(re.findall(r'action="(/organizations/[^"]+/revoke)"', listed)[0])

    assert (made.status, used.status, token in listed) == (200, 200, False)
    assert revoked.headers["location"] == "/organization/keys?done=key-revoked"


@pytest.mark.parametrize("page", ["/organizations", *(f"/organization{page}" for page in PAGES)])
async def test_every_page_has_its_landmarks_and_every_field_its_label(owner: Browser, desk: Desk, page: str) -> None:
    """One heading of the first rank, and no id twice."""
    await front_desk(owner, desk)
    await desk.portico.member(MIRA, org=desk.org.id)

    text = (await owner.open(page)).page.text

    ids, labels = re.findall(r'\sid="([^"]+)"', text), set(re.findall(r'<label for="([^"]+)"', text))
    fields = re.findall(r'<(?:input|select|textarea)(?![^>]*type="(?:hidden|checkbox)")[^>]*\sid="([^"]+)"', text)
    assert set(fields) == labels
    assert len(ids) == len(set(ids))
    assert (text.count("<h1"), text.count("<main")) == (1, 1)


@pytest.mark.parametrize(
    "path",
    [
        "/audit?last=9999-12-31",
        "/audit?first=0001-01-01",
        f"/audit?after={'x' * 1500}",
        "/audit?after=none-of-ours",
        "/members?page=1000001",
        "/members?page=0",
        f"/webhooks/018f0000-0000-7000-8000-000000000001?after={'x' * 1500}",
    ],
)
async def test_an_address_of_no_page_is_the_readers_mistake(owner: Browser, path: str) -> None:
    """Whoever has changed it by hand is told so, as over REST."""
    assert (await owner.open(f"/organization{path}")).page.status == 422
