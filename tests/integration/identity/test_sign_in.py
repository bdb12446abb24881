"""Signing in and out, and what a session is."""

from datetime import datetime, timedelta
from hashlib import sha256

import pytest

from portico import App
from portico.testing import Harness, open_harness
from tests.integration.identity.alice import ALICE, AUTH, COOKIE, EMAIL, PASSWORD, me, register, sign_in
from tests.integration.office.people import Office, code

pytestmark = pytest.mark.anyio


async def tokens(portico: Harness) -> list[bytes]:
    """What is kept of the open sessions."""
    return [row[0] for row in await portico.rows("select token_hash from portico.sessions order by created_at")]


# -- sign-in -----------------------------------------------------------------------------------------------------------
async def test_a_session_s_cookie_is_as_closed_as_it_can_be(portico: Harness) -> None:
    """`__Host-`: Secure, this host alone, no script; it lives as long as a session may."""
    await register(portico)
    client = portico.client()

    reply = await sign_in(portico, client)

    cookie = reply.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}={reply.json['data']['token']}; Path=/; Secure; SameSite=Lax; Max-Age=7776000")
    assert "HttpOnly" in cookie
    assert "Domain" not in cookie
    assert (await client.get(f"{AUTH}/me")).json["data"]["name"] == "Alice"


async def test_only_the_hash_of_a_token_is_kept(portico: Harness) -> None:
    """Whoever reads the database signs in as nobody."""
    await register(portico)
    token = (await sign_in(portico)).json["data"]["token"]

    assert await tokens(portico) == [sha256(token.encode()).digest()]
    assert len(token) >= 43
    assert (await me(portico, sha256(token.encode()).hexdigest())).status == 401


async def test_every_sign_in_has_a_token_of_its_own(portico: Harness) -> None:
    """And two browsers stay signed in beside each other."""
    await register(portico)

    first, second = [(await sign_in(portico)).json["data"]["token"] for _ in range(2)]

    assert first != second
    assert [(await me(portico, token)).status for token in (first, second)] == [200, 200]


async def test_signing_in_again_ends_the_browser_s_former_session(portico: Harness) -> None:
    """No token outlives a sign-in, a planted one least of all."""
    await register(portico)
    client = portico.client()
    former = (await sign_in(portico, client)).json["data"]["token"]

    latter = (await sign_in(portico, client)).json["data"]["token"]

    assert [(await me(portico, token)).status for token in (former, latter)] == [401, 200]
    assert client.cookies[COOKIE] == latter


@pytest.mark.parametrize(
    ("email", "password"),
    [("alice@example.com", "Wrong-Horse-1"), ("nobody@example.com", "Correct-Horse-1"), ("", "correct-horse-1")],
)
async def test_a_wrong_password_and_an_unknown_address_are_told_the_same(
    portico: Harness, email: str, password: str
) -> None:
    """Nobody learns who has an account here."""
    await register(portico)

    reply = await sign_in(portico, email=email, password=password)

    assert code(reply) == (401, "AUTH_INVALID_CREDENTIALS")
    assert reply.json["detail"] == "E-mail address or password is wrong, or the address is not confirmed yet."
    assert "set-cookie" not in reply.headers


async def test_an_account_without_a_password_takes_none(portico: Harness) -> None:
    """It was made by an import or an invitation."""
    await portico.member("invited@example.com")

    for password in ("None", "x", "Correct-Horse-1"):
        reply = await sign_in(portico, email="invited@example.com", password=password)
        assert code(reply) == (401, "AUTH_INVALID_CREDENTIALS")


async def test_guessing_is_limited_by_account_and_address(portico: Harness) -> None:
    """Five failures in a quarter of an hour; nobody can lock out an owner who is elsewhere."""
    await register(portico)
    for _ in range(5):
        assert (await sign_in(portico, password="Wrong-Horse-1")).status == 401

    right_too_late = await sign_in(portico)
    elsewhere = await sign_in(portico, portico.client(ip="192.0.2.9"))
    portico.clock.advance(timedelta(minutes=16))

    assert code(right_too_late) == (429, "RATE_LIMIT_EXCEEDED")
    assert elsewhere.status == 200
    assert (await sign_in(portico)).status == 200


@pytest.mark.parametrize("spelled", ["ALICE@example.com", "alİce@example.com", "Alice@EXAMPLE.com"])
async def test_another_spelling_of_the_address_brings_no_new_guesses(portico: Harness, spelled: str) -> None:
    """Whatever finds the account in the database is counted as its address."""
    await register(portico)
    for _ in range(5):
        assert (await sign_in(portico, password="Wrong-Horse-1")).status == 401

    assert code(await sign_in(portico, email=spelled)) == (429, "RATE_LIMIT_EXCEEDED")
    assert (await sign_in(portico, portico.client(ip="192.0.2.9"), email=spelled)).status == 200


async def test_a_sign_in_is_on_record(portico: Harness, alpha: Office) -> None:
    """Done and failed, by address and account; the failed one names nobody."""
    await register(portico)
    await sign_in(portico)
    await sign_in(portico, password="Wrong-Horse-1")

    assert [(event, outcome) for event, outcome, _ in await alpha.audit()] == [
        ("user.sign_up", "done"),
        ("user.email_verified", "done"),
        ("user.login", "done"),
        ("user.login", "failed"),
    ]
    rows = await portico.rows("select user_id, ip from portico.audit where action = 'user.login' order by id")
    assert (rows[0]["user_id"] is not None, rows[1]["user_id"], rows[0]["ip"]) == (True, None, "127.0.0.1")


async def test_another_site_cannot_sign_a_browser_in(portico: Harness) -> None:
    """Or a visitor would work in a stranger's account unaware."""
    await register(portico)
    headers = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}

    assert code(await portico.client().post(f"{AUTH}/sign-in", ALICE, headers=headers)) == (403, "AUTH_CROSS_SITE")


async def test_a_second_factor_is_asked_for_after_the_password(portico: Harness) -> None:
    """With a ticket for it, good for five minutes; no session is open yet, and a wrong password hears nothing of it."""
    user = await portico.member(EMAIL, password=PASSWORD)
    await portico.rows("delete from portico.sessions")
    await portico.rows("update portico.users set totp_since = now() where id = $1", user.id)

    wrong = await sign_in(portico, password="Wrong-Horse-1")
    right = await sign_in(portico)

    ticket = right.json["data"]["second_factor"]
    assert code(wrong) == (401, "AUTH_INVALID_CREDENTIALS")
    assert right.json == {"data": {"second_factor": ticket, "methods": ["totp", "recovery-code"]}}
    assert "set-cookie" not in right.headers
    assert await tokens(portico) == []
    kept = await portico.rows("select purpose, token_hash, user_id, expires_at from portico.challenges")
    ends = portico.clock.now() + timedelta(minutes=5)
    assert [tuple(row) for row in kept] == [("second-factor", sha256(ticket.encode()).digest(), user.id, ends)]


# -- sessions ----------------------------------------------------------------------------------------------------------
async def test_signing_out_ends_the_session(portico: Harness) -> None:
    """On the server, and in the browser."""
    await register(portico)
    client = portico.client()
    token = (await sign_in(portico, client)).json["data"]["token"]

    reply = await client.post(f"{AUTH}/sign-out", headers={"sec-fetch-site": "same-origin"})

    assert reply.json == {"data": {"success": True}}
    assert "Max-Age=0" in reply.headers["set-cookie"]
    assert COOKIE not in client.cookies
    assert (await me(portico, token)).status == 401
    assert await tokens(portico) == []


async def test_signing_out_ends_no_other_session(portico: Harness) -> None:
    """The phone stays signed in."""
    await register(portico)
    here, there = [(await sign_in(portico)).json["data"]["token"] for _ in range(2)]

    await portico.client().post(f"{AUTH}/sign-out", headers={"authorization": f"Bearer {here}"})

    assert [(await me(portico, token)).status for token in (here, there)] == [401, 200]


async def test_an_expired_session_is_none(portico: Harness) -> None:
    """The server's clock decides."""
    await register(portico)
    token = (await sign_in(portico)).json["data"]["token"]
    await portico.rows("update portico.sessions set expires_at = now() - interval '1 second'")

    assert code(await me(portico, token)) == (401, "UNAUTHORIZED")


async def test_a_session_lasts_two_weeks(portico: Harness) -> None:
    """From the sign-in."""
    await register(portico)

    expires_at = datetime.fromisoformat((await sign_in(portico)).json["data"]["expires_at"])

    assert expires_at - portico.clock.now() == timedelta(days=14)


async def test_a_session_is_said_to_last_no_longer_than_it_may(portico: Harness, portico_app: App) -> None:
    """Where the end comes before a session would be idle for too long."""
    await register(portico)
    async with open_harness(portico_app, portico.urls, portico_session_end_days=3) as short:
        expires_at = datetime.fromisoformat((await sign_in(short)).json["data"]["expires_at"])

        assert expires_at - short.clock.now() == timedelta(days=3)


@pytest.mark.parametrize("junk", ["", "junk", "Basic dTpw", "Bearer junk", "Bearer"])
async def test_a_junk_authorization_header_makes_the_cookie_ignored(portico: Harness, junk: str) -> None:
    """It is not a way around what a cookie needs, nor a way in."""
    await register(portico)
    client = portico.client()
    await sign_in(portico, client)

    reply = await client.get(f"{AUTH}/me", {"authorization": junk})

    assert code(reply) == (401, "UNAUTHORIZED")
    assert (await client.get(f"{AUTH}/me")).status == 200


async def test_the_application_s_role_reads_no_secret(portico: Harness) -> None:
    """Neither password hashes nor sessions nor keys, whatever SQL a handler runs."""
    rows = await portico.rows(
        """select t, c from (values ('portico.users', 'password_hash'), ('portico.sessions', 'token_hash'),
                  ('portico.idempotency', 'body'), ('portico.proof_key', 'inner_pad')) as secrets (t, c),
                  unnest(array['portico_app', 'portico_reader']) r
            where has_column_privilege(r, t, c, 'select')"""
    )

    assert [tuple(row) for row in rows] == []
