"""One's own API keys: made once, kept as a hash, good for what their scopes and their owner's role allow."""

from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from portico import User, UserContext
from portico.testing import Client, Harness, Reply
from tests.integration.office.people import Office, code, fields

pytestmark = pytest.mark.anyio
KEYS = "/api/auth/keys"
EVERYTHING = {"name": "Everything", "scopes": ["*"]}


async def make(office: Office, user: User, **terms: object) -> Reply:
    """Make a key as one of the office's people."""
    return await office.harness.client(user).post(KEYS, {"name": "Reports", "scopes": ["papers:read"], **terms})


async def key_of(office: Office, user: User, **terms: object) -> Any:
    """A key that was made."""
    made = await make(office, user, **terms)
    assert made.status == 201, made.text
    return made.json["data"]


def using(office: Office, token: str) -> Client:
    """A program that has the token, and works in the office."""
    return Client(office.harness.app, token=token, org=office.org.id)


async def test_a_key_is_shown_once_and_kept_as_a_hash(portico: Harness, alpha: Office) -> None:
    """256 random bits that are nowhere in the database, the list or the audit; the hint tells one from another."""
    made = await make(alpha, alpha.member)
    token, hint = made.json["data"]["token"], made.json["data"]["hint"]

    listed = await alpha.harness.client(alpha.member).get(KEYS)

    assert token.startswith("pk_")
    assert len(token) == 46
    assert hint == f"{token[:7]}…{token[-4:]}"
    assert made.headers["location"] == f"{KEYS}/{made.json['data']['id']}"
    assert listed.json["data"] == [{n: v for n, v in made.json["data"].items() if n != "token"}]
    rows = await portico.rows("select key_hash from portico.api_keys")
    assert [row[0] for row in rows] == [sha256(token.encode()).digest()]
    assert token not in str(await portico.rows("select to_jsonb(a)::text from portico.audit a"))


async def test_a_key_acts_as_its_owner_within_its_scopes(alpha: Office) -> None:
    """What the scopes cover passes, though the role would allow more; what only the scopes cover does not."""
    reader = using(alpha, (await key_of(alpha, alpha.member))["token"])
    wide = using(alpha, (await key_of(alpha, alpha.guest, scopes=["papers:*", "*"]))["token"])

    read = await reader.get("/api/v1/papers")
    written = await reader.post("/api/v1/papers", {"title": "Mine"})

    assert read.status == 200
    assert code(written) == code(await reader.get("/api/auth/me")) == (403, "AUTH_SCOPE_MISSING")
    assert code(await wide.get("/api/v1/papers")) == (403, "FORBIDDEN")
    assert (await wide.get("/api/auth/me")).json["data"]["email"] == alpha.guest.email


@pytest.mark.parametrize(
    ("terms", "found"),
    [
        ({"scopes": ["papers:read", "papers:burn", "all"]}, {"scopes.1": 0, "scopes.2": 0}),
        ({"scopes": []}, {"scopes": "VAL_TOO_SHORT"}),
        ({"days": 367}, {"days": "VAL_TOO_LARGE"}),
        ({"expires_at": "2020-01-01T00:00:00Z"}, {"expires_at": "VAL_NOT_FUTURE"}),
        ({"expires_at": "2999-01-01T00:00:00Z"}, {"expires_at": "VAL_TOO_LARGE"}),
        ({"rate": "101/m"}, {"rate": "VAL_TOO_LARGE"}),
        ({"rate": "fast"}, {"rate": "VAL_INVALID_FORMAT"}),
        ({"scopes": ["x"], "rate": "9/s"}, {"scopes.0": 0, "rate": "VAL_TOO_LARGE"}),
    ],
)
async def test_a_key_s_terms_are_bounded(alpha: Office, terms: dict[str, object], found: dict[str, str | int]) -> None:
    """Known permissions, an end within 366 days, no more calls than everybody may make; all findings at once."""
    reply = await make(alpha, alpha.member, **terms)

    assert fields(reply) == {member: [finding or "VAL_UNKNOWN_PERMISSION"] for member, finding in found.items()}


@pytest.mark.parametrize(("terms", "days"), [({}, 90), ({"days": 7}, 7), ({"expires_at": None}, 90)])
async def test_every_key_ends(portico: Harness, alpha: Office, *, terms: dict[str, object], days: int) -> None:
    """After 90 days where nobody says when; then it is a stranger's."""
    key = await key_of(alpha, alpha.member, **terms)
    ends = portico.clock.now() + timedelta(days=days)
    client = using(alpha, key["token"])
    before = await client.get("/api/v1/papers")

    sql = "update portico.api_keys set expires_at = now() returning (select expires_at from portico.api_keys)"
    rows = await portico.rows(sql)

    assert abs(rows[0][0] - ends) < timedelta(minutes=1)
    assert (before.status, code(await client.get("/api/v1/papers"))) == (200, (401, "UNAUTHORIZED"))


async def test_a_revoked_key_is_nobody_s(alpha: Office) -> None:
    """At the next call; and once more it is not there to be revoked."""
    key, owner = await key_of(alpha, alpha.member), alpha.harness.client(alpha.member)
    client = using(alpha, key["token"])

    gone = [await owner.send("DELETE", f"{KEYS}/{key['id']}") for _ in range(2)]

    assert [reply.status for reply in gone] == [200, 404]
    assert code(await client.get("/api/v1/papers")) == (401, "UNAUTHORIZED")
    assert (await owner.get(KEYS)).json["data"] == []


async def test_a_key_is_called_something_else(alpha: Office) -> None:
    """Its name alone changes."""
    key = await key_of(alpha, alpha.member)

    path = f"{KEYS}/{key['id']}"
    renamed = await alpha.harness.client(alpha.member).send("PATCH", path, json={"name": "Papers", "scopes": ["*"]})

    assert (renamed.json["data"]["name"], renamed.json["data"]["scopes"]) == ("Papers", ["papers:read"])


async def test_somebody_else_s_key_is_not_there(alpha: Office) -> None:
    """Not even for the owner of the organization that it works in."""
    key, owner = await key_of(alpha, alpha.member), alpha.wire(alpha.owner)

    renamed = await owner.send("PATCH", f"{KEYS}/{key['id']}", json={"name": "Mine"})
    revoked = await owner.send("DELETE", f"{KEYS}/{key['id']}")

    assert code(renamed) == code(revoked) == (404, "NOT_FOUND")
    assert (await owner.get(KEYS)).json["data"] == []
    assert (await using(alpha, key["token"]).get("/api/v1/papers")).status == 200


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "keys", EVERYTHING),
        ("GET", "keys", None),
        ("PATCH", f"keys/{UUID(int=1)}", {"name": "Other"}),
        ("DELETE", f"keys/{UUID(int=1)}", None),
        ("GET", "sessions", None),
        ("DELETE", "sessions", None),
        ("POST", "sudo", {"password": "Correct-Horse-1"}),
        ("POST", "password", {"current": "Correct-Horse-1", "new": "Battery-Staple-2"}),
        ("POST", "email", {"email": "other@x.test"}),
        ("PATCH", "me", {"name": "Other"}),
        ("DELETE", "me", None),
    ],
)
async def test_no_key_touches_an_account(alpha: Office, *, method: str, path: str, body: object) -> None:
    """However much it covers, keys, sessions, passwords and the account itself are for people, operators' keys too."""
    await alpha.harness.rows("update portico.users set operator = true where id = $1", alpha.owner.id)
    client = using(alpha, (await key_of(alpha, alpha.owner, **EVERYTHING))["token"])

    reply = await client.send(method, f"/api/auth/{path}", json=body)

    assert code(reply) == (403, "AUTH_KEY_REFUSED")


async def test_nobody_makes_a_key_without_signing_in(alpha: Office) -> None:
    """Nor with a session that has not seen a password lately."""
    alpha.harness.clock.advance(timedelta(minutes=11))

    nobody = [await alpha.harness.client().send(method, KEYS, json=EVERYTHING) for method in ("GET", "POST")]

    assert {code(reply) for reply in nobody} == {(401, "UNAUTHORIZED")}
    assert code(await make(alpha, alpha.member)) == (403, "AUTH_SUDO_REQUIRED")
    assert (await alpha.wire(alpha.member).get(KEYS)).status == 200


async def test_a_removed_member_s_key_stops_where_they_no_longer_belong(alpha: Office, beta: Office) -> None:
    """At the next call, there alone."""
    await alpha.harness.rows(
        "insert into portico.members (org_id, user_id, role) values ($1, $2, 'member')", beta.org.id, alpha.member.id
    )
    token = (await key_of(alpha, alpha.member))["token"]
    before = [(await using(office, token).get("/api/v1/papers")).status for office in (alpha, beta)]

    path = f"/api/v1/organizations/{alpha.org.id}/members/{alpha.member.id}"
    assert (await alpha.wire(alpha.owner).send("DELETE", path)).status == 200

    assert before == [200, 200]
    assert code(await using(alpha, token).get("/api/v1/papers")) == (403, "FORBIDDEN")
    assert (await using(beta, token).get("/api/v1/papers")).status == 200


async def test_a_key_has_a_limit_of_its_own(alpha: Office) -> None:
    """It says so on every answer, and leaves its owner's other calls alone."""
    client = using(alpha, (await key_of(alpha, alpha.member, rate="2/m"))["token"])

    replies = [await client.get("/api/v1/papers") for _ in range(3)]

    assert [reply.status for reply in replies] == [200, 200, 429]
    assert replies[0].headers["x-ratelimit-limit"] == "2"
    assert (await alpha.wire(alpha.member).get("/api/v1/papers")).status == 200


async def test_the_list_says_when_a_key_was_last_used(portico: Harness, alpha: Office) -> None:
    """Never, until it is."""
    key, owner = await key_of(alpha, alpha.member), alpha.wire(alpha.member)
    await using(alpha, key["token"]).get("/api/v1/papers")

    await portico.touched()

    assert key["last_used_at"] is None
    assert (await owner.get(KEYS)).json["data"][0]["last_used_at"] is not None


async def test_nobody_has_more_than_a_hundred_keys(portico: Harness, alpha: Office) -> None:
    """No list grows without end; others' do not count."""
    sql = """insert into portico.api_keys (key_hash, hint, name, user_id, scopes)
             select sha256(n::text::bytea), 'pk_', 'k', $1, '{*}' from generate_series(1, 100) n"""
    await portico.rows(sql, alpha.member.id)

    assert code(await make(alpha, alpha.member)) == (409, "BIZ_TOO_MANY_KEYS")
    assert (await make(alpha, alpha.other)).status == 201


async def test_no_injected_statement_makes_a_key(portico: Harness, alpha: Office) -> None:
    """The database wants a proof that only the application can make, for this user and this token."""
    create = "select portico.create_key_v1(:hash, :proof, 'pk_', 'k', array['*'], null, null)"
    token = sha256(b"pk_mine").digest()

    async with portico.context(UserContext, user=alpha.member) as ctx:
        other = ctx.proof(b"api-key", alpha.owner.id.bytes, token)
        for proof in (b"", other):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with ctx.transaction():
                    await ctx.db.one(create, UUID, hash=token, proof=proof)

    assert await portico.rows("select from portico.api_keys") == []


async def test_what_becomes_of_a_key_is_audited(alpha: Office) -> None:
    """Made, renamed, revoked; and what was refused."""
    key, client = await key_of(alpha, alpha.member), alpha.wire(alpha.member)
    path = f"{KEYS}/{key['id']}"

    await client.send("PATCH", path, json={"name": "Other"})
    await client.send("DELETE", path)
    await alpha.wire(alpha.owner).send("DELETE", path)

    events = [("key.created", "done"), ("key.renamed", "done"), ("key.revoked", "done"), ("key.revoked", "denied")]
    assert await alpha.audit() == [(event, outcome, key["id"]) for event, outcome in events]
