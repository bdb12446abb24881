"""Sign-up, sign-in, sign-out, and who one is."""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest

from portico.testing import Client, Harness, Reply
from tests.integration.office.people import Office, code, fields

pytestmark = pytest.mark.anyio
ALICE = {"email": "alice@example.com", "password": "Correct-Horse-1", "name": "Alice"}
ME, SIGN_UP, SIGN_IN, SIGN_OUT = (f"/api/auth/{path}" for path in ("me", "sign-up", "sign-in", "sign-out"))
COOKIE = "__Host-session"


async def sign_up(portico: Harness, **changes: str) -> Reply:
    """Register Alice, or somebody much like her."""
    return await portico.client().post(SIGN_UP, {**ALICE, **changes})


async def sign_in(portico: Harness, client: Client | None = None, *, email: str = "", password: str = "") -> Reply:
    """Sign in as Alice."""
    credentials = {"email": email or ALICE["email"], "password": password or ALICE["password"]}
    return await (client or portico.client()).post(SIGN_IN, credentials, headers={"sec-fetch-site": "same-origin"})


async def me(portico: Harness, token: str) -> Reply:
    """Who the token's bearer is."""
    return await portico.client().get(ME, {"authorization": f"Bearer {token}"})


async def tokens(portico: Harness) -> list[bytes]:
    """What is kept of the open sessions."""
    return [row[0] for row in await portico.rows("select token_hash from portico.sessions order by created_at")]


# -- sign-up -----------------------------------------------------------------------------------------------------------
async def test_whoever_signs_up_may_sign_in(portico: Harness) -> None:
    """And is told who they are, with no organization yet."""
    registered = await sign_up(portico)
    signed_in = await sign_in(portico)
    told = await me(portico, signed_in.json["data"]["token"])

    assert (registered.status, registered.headers["location"]) == (201, "/api/auth/me")
    assert signed_in.status == 200
    assert told.json["data"] == {**registered.json["data"], "organizations": []}
    assert told.json["data"]["email"] == "alice@example.com"


async def test_a_password_is_kept_as_a_slow_hash_alone(portico: Harness) -> None:
    """Argon2id, salted: two of the same differ."""
    await sign_up(portico)
    await sign_up(portico, email="bob@example.com")

    kept = [row[0] for row in await portico.rows("select password_hash from portico.users")]

    assert all(hashed.startswith("$argon2id$") for hashed in kept)
    assert len(set(kept)) == 2
    assert ALICE["password"] not in "".join(kept)


@pytest.mark.parametrize(
    ("password", "finding"),
    [
        ("Short-1", "VAL_TOO_SHORT"),
        ("x" * 201, "VAL_TOO_LONG"),
        ("lower-case-1", "VAL_WEAK_PASSWORD"),
        ("UPPER-CASE-1", "VAL_WEAK_PASSWORD"),
        ("No-Digit-Here", "VAL_WEAK_PASSWORD"),
        ("NoSpecial123", "VAL_WEAK_PASSWORD"),
    ],
)
async def test_a_weak_password_is_refused(portico: Harness, password: str, finding: str) -> None:
    """With a code of its own, and without a letter of it."""
    reply = await sign_up(portico, password=password)

    assert (code(reply), fields(reply)) == ((422, "VALIDATION_ERROR"), {"password": [finding]})
    assert password not in reply.text


@pytest.mark.parametrize("email", ["", "alice", "alice@", "a b@x.test", "x" * 310 + "@example.com"])
async def test_an_address_that_is_none_is_refused(portico: Harness, email: str) -> None:
    """Beside its member."""
    reply = await sign_up(portico, email=email)

    assert (code(reply), set(fields(reply))) == ((422, "VALIDATION_ERROR"), {"email"})


@pytest.mark.parametrize("email", ["alice@example.com", "ALICE@example.com"])
async def test_an_address_is_registered_once(portico: Harness, email: str) -> None:
    """Whatever its case."""
    await sign_up(portico)

    assert code(await sign_up(portico, email=email)) == (409, "AUTH_EMAIL_TAKEN")


# -- sign-in -----------------------------------------------------------------------------------------------------------
async def test_a_session_s_cookie_is_as_closed_as_it_can_be(portico: Harness) -> None:
    """`__Host-`: Secure, this host alone, no script; it lives as long as the session."""
    await sign_up(portico)
    client = portico.client()

    reply = await sign_in(portico, client)

    cookie = reply.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}={reply.json['data']['token']}; Path=/; Secure; SameSite=Lax; Max-Age=1209600")
    assert "HttpOnly" in cookie
    assert "Domain" not in cookie
    assert (await client.get(ME)).json["data"]["name"] == "Alice"


async def test_only_the_hash_of_a_token_is_kept(portico: Harness) -> None:
    """Whoever reads the database signs in as nobody."""
    await sign_up(portico)
    token = (await sign_in(portico)).json["data"]["token"]

    assert await tokens(portico) == [sha256(token.encode()).digest()]
    assert len(token) >= 43
    assert (await me(portico, sha256(token.encode()).hexdigest())).status == 401


async def test_every_sign_in_has_a_token_of_its_own(portico: Harness) -> None:
    """And two browsers stay signed in beside each other."""
    await sign_up(portico)

    first, second = [(await sign_in(portico)).json["data"]["token"] for _ in range(2)]

    assert first != second
    assert [(await me(portico, token)).status for token in (first, second)] == [200, 200]


async def test_signing_in_again_ends_the_browser_s_former_session(portico: Harness) -> None:
    """No token outlives a sign-in, a planted one least of all."""
    await sign_up(portico)
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
    await sign_up(portico)

    reply = await sign_in(portico, email=email, password=password)

    assert code(reply) == (401, "AUTH_INVALID_CREDENTIALS")
    assert reply.json["detail"] == "E-mail address or password is wrong."
    assert "set-cookie" not in reply.headers


async def test_an_account_without_a_password_takes_none(portico: Harness) -> None:
    """It was made by an import or an invitation."""
    await portico.member("invited@example.com")

    for password in ("None", "x", "Correct-Horse-1"):
        reply = await sign_in(portico, email="invited@example.com", password=password)
        assert code(reply) == (401, "AUTH_INVALID_CREDENTIALS")


async def test_guessing_is_limited_by_account_and_address(portico: Harness) -> None:
    """Five failures in a quarter of an hour; nobody can lock out an owner who is elsewhere."""
    await sign_up(portico)
    for _ in range(5):
        assert (await sign_in(portico, password="Wrong-Horse-1")).status == 401

    right_too_late = await sign_in(portico)
    elsewhere = await sign_in(portico, portico.client(ip="192.0.2.9"))
    portico.clock.advance(timedelta(minutes=16))

    assert code(right_too_late) == (429, "RATE_LIMIT_EXCEEDED")
    assert elsewhere.status == 200
    assert (await sign_in(portico)).status == 200


async def test_a_sign_in_is_on_record(portico: Harness, alpha: Office) -> None:
    """Done and failed, by address and account; the failed one names nobody."""
    await sign_up(portico)
    await sign_in(portico)
    await sign_in(portico, password="Wrong-Horse-1")

    assert [(event, outcome) for event, outcome, _ in await alpha.audit()] == [
        ("user.registered", "done"),
        ("user.login", "done"),
        ("user.login", "failed"),
    ]
    rows = await portico.rows("select user_id, ip from portico.audit where action = 'user.login' order by id")
    assert (rows[0]["user_id"] is not None, rows[1]["user_id"], rows[0]["ip"]) == (True, None, "127.0.0.1")


async def test_another_site_cannot_sign_a_browser_in(portico: Harness) -> None:
    """Or a visitor would work in a stranger's account unaware."""
    await sign_up(portico)
    headers = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}

    assert code(await portico.client().post(SIGN_IN, ALICE, headers=headers)) == (403, "AUTH_CROSS_SITE")


# -- sessions ----------------------------------------------------------------------------------------------------------
async def test_signing_out_ends_the_session(portico: Harness) -> None:
    """On the server, and in the browser."""
    await sign_up(portico)
    client = portico.client()
    token = (await sign_in(portico, client)).json["data"]["token"]

    reply = await client.post(SIGN_OUT, headers={"sec-fetch-site": "same-origin"})

    assert reply.json == {"data": {"success": True}}
    assert "Max-Age=0" in reply.headers["set-cookie"]
    assert COOKIE not in client.cookies
    assert (await me(portico, token)).status == 401
    assert await tokens(portico) == []


async def test_signing_out_ends_no_other_session(portico: Harness) -> None:
    """The phone stays signed in."""
    await sign_up(portico)
    here, there = [(await sign_in(portico)).json["data"]["token"] for _ in range(2)]

    await portico.client().post(SIGN_OUT, headers={"authorization": f"Bearer {here}"})

    assert [(await me(portico, token)).status for token in (here, there)] == [401, 200]


async def test_an_expired_session_is_none(portico: Harness) -> None:
    """The server's clock decides."""
    await sign_up(portico)
    token = (await sign_in(portico)).json["data"]["token"]
    await portico.rows("update portico.sessions set expires_at = now() - interval '1 second'")

    assert code(await me(portico, token)) == (401, "UNAUTHORIZED")


async def test_a_session_lasts_two_weeks(portico: Harness) -> None:
    """From the sign-in."""
    await sign_up(portico)

    expires_at = datetime.fromisoformat((await sign_in(portico)).json["data"]["expires_at"])

    assert expires_at - portico.clock.now() == timedelta(days=14)


@pytest.mark.parametrize("junk", ["", "junk", "Basic dTpw", "Bearer junk", "Bearer"])
async def test_a_junk_authorization_header_makes_the_cookie_ignored(portico: Harness, junk: str) -> None:
    """It is not a way around what a cookie needs, nor a way in."""
    await sign_up(portico)
    client = portico.client()
    await sign_in(portico, client)

    reply = await client.get(ME, {"authorization": junk})

    assert code(reply) == (401, "UNAUTHORIZED")
    assert (await client.get(ME)).status == 200


# -- organizations -----------------------------------------------------------------------------------------------------
async def found(client: Client, called: str, **changes: Any) -> Reply:
    """Found an organization."""
    body = {"name": called, "slug": called.lower(), "timezone": "Europe/Vienna", **changes}
    return await client.post("/api/v1/organizations", body)


async def alice(portico: Harness) -> Client:
    """Alice's program, signed in."""
    await sign_up(portico)
    token = (await sign_in(portico)).json["data"]["token"]
    return Client(portico.app, token=token)


async def test_whoever_founds_an_organization_owns_it(portico: Harness) -> None:
    """And the session in hand works in it at once."""
    client = await alice(portico)

    made = await found(client, "Gamma")
    told = (await client.get(ME)).json["data"]["organizations"]
    works = await client.get("/api/v1/members")

    assert (made.status, made.headers["location"]) == (201, f"/api/v1/organizations/{made.json['data']['id']}")
    assert told == [{"id": made.json["data"]["id"], "name": "Gamma", "slug": "gamma", "role": "owner"}]
    assert works.json["data"]["org"] == "gamma"
    assert (await client.get(made.headers["location"])).json["data"]["timezone"] == "Europe/Vienna"


async def test_who_has_several_organizations_says_which(portico: Harness) -> None:
    """`X-Org-Id` chooses; without it the session's active one, which is the first."""
    client = await alice(portico)
    first, second = [(await found(client, name)).json["data"]["id"] for name in ("Gamma", "Delta")]

    chosen = [(await client.get("/api/v1/members", {"x-org-id": org})).json["data"]["org"] for org in (first, second)]

    assert chosen == ["gamma", "delta"]
    assert (await client.get("/api/v1/members")).json["data"]["org"] == "gamma"
    assert [o["slug"] for o in (await client.get("/api/v1/organizations")).json["data"]] == ["delta", "gamma"]


async def test_a_new_session_works_in_the_first_organization(portico: Harness) -> None:
    """The one that one belongs to for longest."""
    client = await alice(portico)
    for name in ("Gamma", "Delta"):
        await found(client, name)

    token = (await sign_in(portico)).json["data"]["token"]

    assert (await Client(portico.app, token=token).get("/api/v1/members")).json["data"]["org"] == "gamma"


@pytest.mark.parametrize(
    ("body", "where", "finding"),
    [
        ({"name": ""}, "name", "VAL_TOO_SHORT"),
        ({"slug": "Gamma"}, "slug", "VAL_INVALID_FORMAT"),
        ({"slug": "-a"}, "slug", "VAL_INVALID_FORMAT"),
        ({"timezone": "Europe/Nowhere"}, "timezone", "VAL_UNKNOWN_TIMEZONE"),
    ],
)
async def test_an_organization_that_is_none_is_refused(
    portico: Harness, body: dict[str, str], where: str, *, finding: str
) -> None:
    """Beside its member."""
    reply = await found(await alice(portico), "Gamma", **body)

    assert (code(reply), fields(reply)) == ((422, "VALIDATION_ERROR"), {where: [finding]})


async def test_an_organization_s_address_is_taken_once(portico: Harness, alpha: Office) -> None:
    """Whoever has it."""
    reply = await found(await alice(portico), "Alpha")

    assert code(reply) == (409, "BIZ_SLUG_TAKEN")
    assert alpha.org.slug == "alpha"


async def test_an_organization_is_changed_by_whoever_may(portico: Harness, alpha: Office, beta: Office) -> None:
    """Not by a member, and not by another's owner, to whom it is not there."""
    path = f"/api/v1/organizations/{alpha.org.id}"
    owner = alpha.wire(alpha.owner)

    renamed = await owner.send("PATCH", path, json={"name": "Omega", "version": 1})
    stale = await owner.send("PATCH", path, json={"name": "Psi", "version": 1})
    denied = await alpha.wire(alpha.member).send("PATCH", path, json={"name": "Psi"})
    foreign = await beta.wire(beta.owner).send("PATCH", path, json={"name": "Psi"})

    assert (renamed.json["data"]["name"], renamed.json["data"]["version"]) == ("Omega", 2)
    assert code(stale) == (409, "BIZ_STALE_VERSION")
    assert code(denied) == (403, "FORBIDDEN")
    assert code(foreign) == (404, "NOT_FOUND")
    assert (await beta.wire(beta.owner).get(path)).status == 404
    names = await portico.rows("select name from portico.organizations order by name")
    assert [row[0] for row in names] == ["Beta", "Omega"]


async def test_the_application_s_role_reads_no_secret(portico: Harness) -> None:
    """Neither password hashes nor sessions nor keys, whatever SQL a handler runs."""
    rows = await portico.rows(
        """select t, c from (values ('portico.users', 'password_hash'), ('portico.sessions', 'token_hash'),
                  ('portico.idempotency', 'body'), ('portico.proof_key', 'inner_pad')) as secrets (t, c),
                  unnest(array['portico_app', 'portico_reader']) r
            where has_column_privilege(r, t, c, 'select')"""
    )

    assert [tuple(row) for row in rows] == []
