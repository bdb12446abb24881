"""One's account: shown, changed, moved to another address, let go."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from portico.testing import Client, Harness, Reply
from tests.integration.identity.alice import (
    AUTH,
    BROWSER,
    COOKIE,
    EMAIL,
    PASSWORD,
    age_links,
    alive,
    browser,
    post,
    sent,
    sign_in,
    token_sent,
    told,
)
from tests.integration.office.people import Office, code

pytestmark = pytest.mark.anyio
NEW = "alice@new.example.com"


@pytest.fixture
async def alice(portico: Harness) -> Client:
    """Alice's browser, signed in."""
    await portico.member(EMAIL, password=PASSWORD)
    return await browser(portico)


async def send(client: Client, method: str, body: Mapping[str, object] | None = None) -> Reply:
    """Read, change or delete one's own account."""
    return await client.send(method, f"{AUTH}/me", json=body, headers=BROWSER)


async def found(client: Client, called: str) -> str:
    """Found an organization; its id."""
    body = {"name": called, "slug": called.lower(), "timezone": "Europe/Vienna"}
    reply = await client.post("/api/v1/organizations", body, headers=BROWSER)
    return str(reply.json["data"]["id"])


# -- shown and changed -------------------------------------------------------------------------------------------------
async def test_everybody_sees_their_own_account(portico: Harness, alice: Client) -> None:
    """With what is on for it, where they belong, and where the session works."""
    org = await found(alice, "Gamma")

    told = (await send(alice, "GET")).json["data"]

    assert told == {
        "id": str((await portico.rows("select id from portico.users"))[0][0]),
        "email": EMAIL,
        "email_verified": True,
        "name": "",
        "last_name": "",
        "two_factor": False,
        "operator": False,
        "version": 1,
        "organizations": [{"id": org, "name": "Gamma", "slug": "gamma", "role": "owner"}],
        "active_organization": org,
    }


async def test_people_change_their_names(portico: Harness, alice: Client, alpha: Office) -> None:
    """What is left out stays; with a version, only if nobody has changed it meanwhile; nothing else can be changed."""
    both = await send(alice, "PATCH", {"name": "Alice", "last_name": "Liddell", "operator": True, "email": NEW})
    one = await send(alice, "PATCH", {"name": "Lewis", "version": 2})
    stale = await send(alice, "PATCH", {"name": "Carroll", "version": 2})
    never = await send(alice, "PATCH", {"name": "Carroll", "version": 2**63})

    assert both.json["data"]["version"] == 2
    assert (one.json["data"]["name"], one.json["data"]["last_name"], one.json["data"]["version"]) == (
        "Lewis",
        "Liddell",
        3,
    )
    assert code(stale) == code(never) == (409, "BIZ_STALE_VERSION")
    assert (one.json["data"]["operator"], one.json["data"]["email"]) == (False, EMAIL)
    assert [row[0] for row in await portico.rows("select distinct name from portico.users order by name")] == [
        "",
        "Lewis",
    ]
    assert ("user.updated", "done", one.json["data"]["id"]) in await alpha.audit()


async def test_signing_out_everywhere_ends_all_of_one_s_sessions(
    portico: Harness, alice: Client, alpha: Office
) -> None:
    """And nobody else's; the browser in hand forgets its cookie."""
    there, here = (await browser(portico)).cookies[COOKIE], alice.cookies[COOKIE]

    reply = await post(portico, "sign-out-everywhere", alice)

    assert reply.json == {"data": {"success": True}}
    assert COOKIE not in alice.cookies
    assert await alive(portico, here, there) == [False, False]
    assert (await alpha.wire(alpha.owner).get(f"{AUTH}/me")).status == 200


# -- another address ---------------------------------------------------------------------------------------------------
async def test_an_account_moves_to_another_address(portico: Harness, alice: Client) -> None:
    """Once a link in a mail to it is used; the address so far is told before that."""
    asked = await post(portico, "email", alice, email=NEW)
    early = await sign_in(portico, email=NEW)
    confirmed = await post(portico, "email/confirm", token=await token_sent(portico))

    assert (asked.json, early.status, confirmed.status) == ({"data": {"email": NEW}}, 401, 200)
    assert await sent(portico) == [
        (NEW, "Please confirm your new email address"),
        (EMAIL, "Your email address is about to change"),
    ]
    assert [(await sign_in(portico, email=email)).status for email in (EMAIL, NEW)] == [401, 200]
    assert (await send(alice, "GET")).json["data"]["email"] == NEW


async def test_a_link_to_another_address_is_good_once_for_a_day_and_the_newest_alone(
    portico: Harness, alice: Client
) -> None:
    """What was sent to the address so far is dead once it is used."""
    await post(portico, "password/forgot", email=EMAIL)
    reset = await token_sent(portico)
    tokens = []
    for email in ("first@example.com", NEW):
        await post(portico, "email", alice, email=email)
        tokens.append(await token_sent(portico))
    older, newer = tokens

    replies = [await post(portico, "email/confirm", token=token) for token in (older, newer, newer)]
    dead = await post(portico, "password/reset", token=reset, password=PASSWORD)
    await post(portico, "email", alice, email="third@example.com")
    await age_links(portico, "24 hours")
    late = await post(portico, "email/confirm", token=await token_sent(portico))

    assert [reply.status for reply in replies] == [410, 200, 410]
    assert [code(reply) for reply in (dead, late)] == [(410, "AUTH_LINK_SPENT")] * 2


async def test_an_address_that_is_somebody_s_is_answered_like_a_free_one(
    portico: Harness, alice: Client, alpha: Office
) -> None:
    """Its owner is told by mail; and whoever is faster has it."""
    taken = await post(portico, "email", alice, email=alpha.owner.email)
    free = await post(portico, "email", alice, email="bowne@alpha.test")
    await portico.member("bowne@alpha.test")

    assert told(taken)[0] == told(free)[0]
    assert (await sent(portico))[0] == (alpha.owner.email, "You already have an account")
    assert code(await post(portico, "email/confirm", token=await token_sent(portico))) == (409, "AUTH_EMAIL_TAKEN")
    assert (await sign_in(portico)).status == 200


async def test_a_new_password_stops_a_change_of_address(portico: Harness, alice: Client) -> None:
    """As the mail to the address so far says."""
    await post(portico, "email", alice, email=NEW)
    token = await token_sent(portico)

    await post(portico, "password", alice, current=PASSWORD, new="Another-Horse-2")

    assert code(await post(portico, "email/confirm", token=token)) == (410, "AUTH_LINK_SPENT")


# -- let go ------------------------------------------------------------------------------------------------------------
async def test_a_deleted_account_is_gone_and_its_audit_stays(portico: Harness, alice: Client, alpha: Office) -> None:
    """With its sessions, its memberships and its links; the address is free again."""
    user = (await send(alice, "GET")).json["data"]["id"]
    await portico.rows(
        "insert into portico.members (org_id, user_id, role) values ($1, $2, 'member')", alpha.org.id, user
    )
    elsewhere = (await browser(portico)).cookies[COOKIE]
    await post(portico, "password/forgot", email=EMAIL)
    former = alice.cookies[COOKIE]

    reply = await send(alice, "DELETE")

    assert (reply.json, COOKIE in alice.cookies) == ({"data": {"success": True}}, False)
    assert await alive(portico, former, elsewhere) == [False, False]
    assert (await sign_in(portico)).status == 401
    for table in ("users where email = 'alice@example.com'", "challenges", f"members where user_id = '{user}'"):
        assert await portico.rows(f"select from portico.{table}") == []
    rows = await portico.rows("select user_id::text, action from portico.audit order by id")
    assert [tuple(row) for row in rows if row[0]][-1] == (user, "user.deleted")
    assert (await post(portico, "sign-up", email=EMAIL, password=PASSWORD)).status == 201


async def test_the_last_owner_of_an_organization_stays(portico: Harness, alice: Client, alpha: Office) -> None:
    """It is named; with another owner, or without the organization, one may go."""
    org = await found(alice, "Gamma")

    refused = await send(alice, "DELETE")
    await portico.rows(
        "insert into portico.members (org_id, user_id, role) values ($1::text::uuid, $2, 'owner')", org, alpha.owner.id
    )
    gone = await send(alice, "DELETE")

    assert code(refused) == (409, "BIZ_LAST_OWNER_OF")
    assert refused.json["detail"].startswith("You are the only owner of Gamma.")
    assert refused.json["data"] == {"organization": "Gamma"}
    assert gone.status == 200


async def test_deleting_an_account_wants_a_recent_password(portico: Harness, alice: Client) -> None:
    """A session that lies open is not enough."""
    portico.clock.advance(timedelta(minutes=11))

    early = await send(alice, "DELETE")
    await post(portico, "sudo", alice, password=PASSWORD)

    assert code(early) == (403, "AUTH_SUDO_REQUIRED")
    assert (await send(alice, "DELETE")).status == 200


async def test_what_manages_an_account_refuses_keys_and_strangers(portico: Harness, alice: Client) -> None:
    """An API key acts for its user, and is not its user."""
    await portico.rows("""
        insert into portico.api_keys (key_hash, hint, name, user_id, scopes)
        select sha256('pk_key'), 'pk_', 'all', id, '{*}' from portico.users""")
    body = {"password": PASSWORD, "current": PASSWORD, "new": "Another-Horse-2", "email": NEW, "name": "Key"}
    paths = ("sudo", "password", "email", "sign-out-everywhere")
    key = Client(portico.app, token="pk_key")

    refused = [await key.post(f"{AUTH}/{path}", body) for path in paths]
    refused += [await key.send(method, f"{AUTH}/me", json=body) for method in ("PATCH", "DELETE")]
    nobody = [await portico.client().post(f"{AUTH}/{path}", body) for path in paths]

    assert (await key.get(f"{AUTH}/me")).json["data"]["email"] == EMAIL
    assert {code(reply) for reply in refused} == {(403, "AUTH_KEY_REFUSED")}
    assert {code(reply) for reply in nobody} == {(401, "UNAUTHORIZED")}
    assert (await send(alice, "GET")).json["data"]["name"] == ""
