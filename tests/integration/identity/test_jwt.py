"""Bearer tokens of another issuer: exchanged at first sight, and worth no more than they say."""

import asyncio
import hmac
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest
from joserfc.util import urlsafe_b64decode, urlsafe_b64encode

from portico import App
from portico.adapters.memory.clock import SettableClock
from portico.testing import Harness
from portico.testing.databases import Databases
from tests.integration.identity.alice import post, token_sent
from tests.integration.identity.elsewhere import ADA, AUTH, EMAIL, LINK, counts, me, open_trusting, session, sit, trust
from tests.integration.office.people import Office, code, open_office
from tests.integration.oidc.issuer import LocalIssuer, forge, make_key
from tests.integration.organizations.test_members import meanwhile
from tests.promises.proxy import proxy_before

pytestmark = pytest.mark.anyio
LATER, MUCH_LATER = timedelta(seconds=61), timedelta(minutes=10)
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
ELSEWHERE = "198.51.100.7"
SHIFT = "update portico.sessions set expires_at = expires_at - $1::interval"


@pytest.fixture
async def issuer() -> AsyncIterator[LocalIssuer]:
    """A local issuer."""
    async with LocalIssuer(SettableClock()).serve() as serving:
        yield serving


@pytest.fixture
async def portico(portico_app: App, portico_databases: Databases, issuer: LocalIssuer) -> AsyncIterator[Harness]:
    """The office, which believes the issuer."""
    urls = await portico_databases.of(portico_app)
    async with open_trusting(portico_app, urls, issuer, portico_issuers=trust(issuer)) as harness:
        yield harness


@pytest.fixture
async def linked(portico: Harness, issuer: LocalIssuer) -> Office:
    """An office that the issuer calls `org_1`."""
    office = await open_office(portico, "Alpha")
    await portico.rows(LINK, issuer.url, "org_1", office.org.id)
    return office


def staff(issuer: LocalIssuer, **claims: object) -> str:
    """A token of somebody who works in `org_1`."""
    return issuer.token(**{"org_id": "org_1", "role": "staff", **ADA, **claims})


async def of_ada(portico: Harness) -> UUID:
    """Whose account the issuer's Ada has."""
    found = await portico.rows("select user_id from portico.identities")
    return UUID(str(found[0]["user_id"]))


# -- at first sight ----------------------------------------------------------------------------------------------------
async def test_a_token_signs_in_whoever_the_issuer_says(portico: Harness, issuer: LocalIssuer) -> None:
    """A new account with the address that the issuer vouches for, and a session that ends with the token."""
    token = issuer.token(**ADA, auth_time=int(issuer.clock.now().timestamp()) - 60)

    reply = await me(portico, token)

    opened = await session(portico)
    assert (reply.status, reply.json["data"]["email"], reply.json["data"]["name"]) == (200, EMAIL, "Ada")
    assert reply.json["data"]["email_verified"] is True
    assert (opened["method"], opened["active_org"]) == ("jwt", None)
    assert opened["expires_at"] == opened["ends_at"]
    assert opened["expires_at"] - opened["authenticated_at"] == timedelta(seconds=360)


async def test_calls_after_the_first_cost_nothing_extra(
    portico: Harness, portico_app: App, issuer: LocalIssuer
) -> None:
    """The second call is the gate and its own statements, asks the issuer nothing and verifies nothing."""
    token = issuer.token()
    async with proxy_before(portico.urls.app) as proxy:
        urls = replace(portico.urls, app=proxy.url)
        async with open_trusting(portico_app, urls, issuer, portico_issuers=trust(issuer)) as wired:
            first = await me(wired, token)
            asked, issuer.down = issuer.hits.copy(), True
            sent = list(proxy.sent)
            proxy.sent.clear()
            await me(wired, token)
            again = list(proxy.sent)

    assert first.status == 200
    assert sum("rollback" in statement for statement in sent) == 1
    assert len(again) == 5, again  # BEGIN, gate, the action's two, COMMIT
    assert issuer.hits == asked


async def test_parallel_first_calls_make_one_session(portico: Harness, issuer: LocalIssuer) -> None:
    """Of many that come at once, one makes account and session; other tokens add sessions alone."""
    token = issuer.token(**ADA)

    replies = await asyncio.gather(*(me(portico, token) for _ in range(8)))
    once = await counts(portico)
    more = await asyncio.gather(*(me(portico, issuer.token(sub="new", jti=str(n))) for n in range(4)))

    assert {reply.status for reply in (*replies, *more)} == {200}
    assert once == (1, 1, 1)
    assert await counts(portico) == (2, 2, 5)
    assert [event.event_name for event in await portico.emitted()] == ["user.created"] * 2


async def test_nothing_is_exchanged_without_the_proof(portico: Harness) -> None:
    """An injected statement signs nobody in: the function wants what only the application can make."""
    connection = await asyncpg.connect(portico.urls.app)
    said = '{"issuer": "x", "subject": "y", "expires_at": "2999-01-01"}'

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.fetch("select portico.exchange_v1($1, $2, $3)", b"h" * 32, said, b"p" * 32)

    await connection.close()
    assert await counts(portico) == (0, 0, 0)


# -- what is refused ---------------------------------------------------------------------------------------------------
async def test_a_token_that_proves_nothing_is_refused(portico: Harness, issuer: LocalIssuer) -> None:
    """Nothing of a forged, expired, future or misdirected token is believed, over the wire too."""
    now, public = int(issuer.clock.now().timestamp()), issuer.keys[0].as_pem(private=False)
    claims = issuer.claims(**ADA)
    tokens = {
        "alg none": forge({"alg": "none"}, claims, lambda _: b""),
        "alg none in other letters": forge({"alg": "nOnE", "kid": "first"}, claims, lambda _: b""),
        "HS256 with the public key": forge(
            {"alg": "HS256", "kid": "first"}, claims, lambda written: hmac.digest(public, written, "sha256")
        ),
        "another's key": issuer.sign(claims, make_key("RSA", "stranger"), {"kid": "first"}),
        "expired": issuer.token(exp=now - 61),
        "not yet valid": issuer.token(nbf=now + 61),
        "issued in the future": issuer.token(iat=now + 61),
        "for another audience": issuer.token(aud="another"),
        "of another issuer": issuer.token(iss="https://evil.example.com"),
        "cut off": issuer.token()[:-4],
    }

    replies = {what: await me(portico, token) for what, token in tokens.items()}

    assert {what: code(reply) for what, reply in replies.items()} == dict.fromkeys(tokens, (401, "UNAUTHORIZED"))
    assert await counts(portico) == (0, 0, 0)


async def test_a_refused_token_costs_no_second_look(
    portico: Harness, issuer: LocalIssuer, caplog: pytest.LogCaptureFixture
) -> None:
    """It is remembered for half a minute, and a token that has become good by then is taken."""
    caplog.set_level(logging.INFO, "portico")
    early = issuer.token(nbf=int(issuer.clock.now().timestamp()) + 80)

    soon = [(await me(portico, early)).status for _ in range(3)]
    looks = [line for line in caplog.messages if "refused" in line]
    portico.clock.advance(timedelta(seconds=31))

    assert (soon, len(looks)) == ([401] * 3, 1)
    assert (await me(portico, early)).status == 200


async def test_guessing_is_limited_by_address(portico: Harness, issuer: LocalIssuer) -> None:
    """Thirty made-up tokens a minute; whoever is known already, or comes from elsewhere, is served."""
    known, new = issuer.token(), issuer.token(sub="new")
    await me(portico, known)

    for number in range(30):
        await me(portico, f"a.b.{number}")

    assert code(await me(portico, "a.b.30")) == (429, "RATE_LIMIT_EXCEEDED")
    assert (await me(portico, new)).status == 429
    assert [(await me(portico, known)).status, (await me(portico, new, ip=ELSEWHERE)).status] == [200, 200]


async def test_a_public_action_runs_for_nobody_with_a_bad_token(portico: Harness) -> None:
    """Who cannot be known is a stranger, not an error."""
    reply = await portico.client().get(f"{AUTH}/oidc", {"authorization": "Bearer a.b.c"})

    assert (reply.status, reply.json["data"]) == (200, [])


async def test_an_issuer_that_is_down_refuses_nobody(portico: Harness, issuer: LocalIssuer) -> None:
    """The token may well be good: 503, and it is not remembered against it."""
    token, issuer.down = issuer.token(), True

    reply = await me(portico, token)
    issuer.down = False
    portico.clock.advance(timedelta(seconds=6))

    assert code(reply) == (503, "EXTERNAL_SERVICE_ERROR")
    assert (await me(portico, token)).status == 200


async def test_keys_rotate_without_a_restart(portico: Harness, issuer: LocalIssuer) -> None:
    """A token of a key that nobody knew is taken once the issuer publishes it; the old key's are refused."""
    await me(portico, issuer.token())
    old = issuer.keys[0]
    issuer.keys = [make_key("EC", "second")]
    portico.clock.advance(timedelta(seconds=31))

    assert (await me(portico, issuer.token(jti="2"))).status == 200
    assert (await me(portico, issuer.sign(issuer.claims(jti="3"), old))).status == 401


# -- how it ends -------------------------------------------------------------------------------------------------------
async def test_a_session_ends_with_its_token(portico: Harness, issuer: LocalIssuer) -> None:
    """At its `exp`: neither use nor the leeway for clocks keeps it alive."""
    token = issuer.token(exp=int(issuer.clock.now().timestamp()) + 30)
    await me(portico, token)
    before = await session(portico)
    await portico.touched()
    after = await session(portico)
    await portico.rows(SHIFT, timedelta(seconds=31))
    portico.clock.advance(timedelta(seconds=31))

    assert before["expires_at"] == after["expires_at"]
    assert (await me(portico, token)).status == 401


async def test_a_token_that_was_signed_out_stays_out(portico: Harness, issuer: LocalIssuer) -> None:
    """However its session ends, no other is opened for it; another token signs in."""
    token = issuer.token()
    await me(portico, token)
    headers = {"authorization": f"Bearer {token}"}

    left = await portico.client().post(f"{AUTH}/sign-out", headers=headers)

    assert (left.status, (await me(portico, token)).status) == (200, 401)
    assert (await me(portico, issuer.token(jti="another"))).status == 200


@pytest.mark.parametrize("claims", [{}, {"jti": "one"}])
async def test_a_signed_out_token_with_a_twisted_signature_stays_out(
    portico: Harness, issuer: LocalIssuer, claims: dict[str, object]
) -> None:
    """An ECDSA signature (r, s) is as good as (r, n - s): the same token, used before or not, and not another one."""
    issuer.keys = [make_key("EC", "curve")]
    token = issuer.token(**claims)
    statuses = [(await me(portico, shown)).status for shown in (token, twist(token))]

    await portico.client().post(f"{AUTH}/sign-out", headers={"authorization": f"Bearer {token}"})

    assert statuses == [200, 200]
    assert [(await me(portico, shown)).status for shown in (token, twist(token))] == [401, 401]


def twist(token: str) -> str:
    """The same token, its signature spelled in the other way."""
    signed, _, signature = token.rpartition(".")
    raw = urlsafe_b64decode(signature.encode())
    other = P256_ORDER - int.from_bytes(raw[32:], "big")
    return f"{signed}.{urlsafe_b64encode(raw[:32] + other.to_bytes(32, 'big')).decode()}"


async def test_a_token_does_not_bring_a_deleted_account_back(portico: Harness, issuer: LocalIssuer) -> None:
    """Its session went with the account."""
    token = issuer.token()
    await me(portico, token)
    await portico.rows("delete from portico.users")

    assert (await me(portico, token)).status == 401
    assert await counts(portico) == (0, 0, 0)


@pytest.mark.parametrize(("ago", "status"), [(None, 403), (60, 200), (700, 403), (-40, 200)])
async def test_sudo_wants_a_recent_proof(
    portico: Harness, issuer: LocalIssuer, *, ago: int | None, status: int
) -> None:
    """When the issuer says that its user has proved who they are, never later than now."""
    since = None if ago is None else int(issuer.clock.now().timestamp()) - ago
    headers = {"authorization": f"Bearer {issuer.token(auth_time=since)}"}

    reply = await portico.client().send("DELETE", f"{AUTH}/me", headers=headers)

    shown = await portico.rows("select authenticated_at from portico.sessions")
    assert reply.status == status
    assert all(row[0] is None or row[0] <= datetime.now(UTC) for row in shown)


# -- whose account -----------------------------------------------------------------------------------------------------
async def test_an_account_is_joined_where_both_have_confirmed_the_address(
    portico: Harness, issuer: LocalIssuer
) -> None:
    """The same person, known to us already; from then on by issuer and subject, whatever the address."""
    alice = await portico.member("Ada@example.com")

    joined = await me(portico, issuer.token(**ADA))
    renamed = await me(portico, issuer.token(email="other@example.com", email_verified=True))

    assert [reply.json["data"]["id"] for reply in (joined, renamed)] == [str(alice.id)] * 2
    assert renamed.json["data"]["email"] == "Ada@example.com"


async def test_an_address_that_we_have_not_confirmed_joins_nobody(portico: Harness, issuer: LocalIssuer) -> None:
    """Whoever registered it may be a stranger who waits: its owner signs in first, and links."""
    await portico.member(EMAIL)
    await portico.rows("update portico.users set email_verified_at = null")

    assert code(await me(portico, issuer.token(**ADA))) == (401, "AUTH_LINK_FIRST")
    assert (await counts(portico))[:2] == (1, 0)


@pytest.mark.parametrize("vouched", [{"email_verified": False}, {}, {"email_verified": "yes"}])
async def test_an_address_that_the_issuer_does_not_vouch_for_is_nobodys(
    portico: Harness, issuer: LocalIssuer, vouched: dict[str, object]
) -> None:
    """It joins no account, takes the address from nobody, and says nothing of who has an account."""
    alice = await portico.member(EMAIL)

    replies = [
        await me(portico, issuer.token(sub=address, email=address, **vouched))
        for address in (EMAIL, "free@example.com")
    ]

    assert {reply.status for reply in replies} == {200}
    assert all(reply.json["data"]["email"].endswith("@accounts.invalid") for reply in replies)
    assert str(alice.id) not in {reply.json["data"]["id"] for reply in replies}


async def test_who_has_no_address_is_sent_no_mail_and_may_set_one(portico: Harness, issuer: LocalIssuer) -> None:
    """The address that no mail can reach gives way to one that is confirmed."""
    headers = {"authorization": f"Bearer {issuer.token(auth_time=int(issuer.clock.now().timestamp()))}"}

    asked = await portico.client().post(f"{AUTH}/email", {"email": EMAIL}, headers=headers)
    (mail,) = await portico.mails()
    confirmed = await post(portico, "email/confirm", token=await token_sent(portico))

    reply = await portico.client().get(f"{AUTH}/me", headers)
    assert (asked.status, confirmed.status, mail.to) == (200, 200, EMAIL)
    assert (reply.json["data"]["email"], reply.json["data"]["email_verified"]) == (EMAIL, True)


# -- organizations -----------------------------------------------------------------------------------------------------
async def test_a_claim_makes_a_member_of_a_linked_organization(linked: Office, issuer: LocalIssuer) -> None:
    """With the role that the configuration maps; the session works there."""
    portico = linked.harness

    reply = await sit(portico, staff(issuer), linked.org.id)

    assert reply == (200, "member")
    assert (await portico.rows("select active_org from portico.sessions where method = 'jwt'"))[0][0] == linked.org.id


@pytest.mark.parametrize(
    "claims",
    [
        {"org_id": "org_2"},
        {"org_id": None},
        {"role": "owner"},
        {"role": "admin"},
        {"role": None},
        {"role": "keeper"},
        {"iat": None},
    ],
    ids=["not linked", "none", "owner", "one of ours by name", "no role", "a role that nobody made", "no time"],
)
async def test_a_claim_that_nobody_mapped_means_nothing(
    linked: Office, issuer: LocalIssuer, claims: dict[str, object]
) -> None:
    """Neither organizations nor roles are taken by their names."""
    assert await sit(linked.harness, staff(issuer, **claims), linked.org.id) == (403, "")


async def test_no_claim_reaches_into_another_organization(linked: Office, beta: Office, issuer: LocalIssuer) -> None:
    """Not by id or slug, not by what another issuer calls it, not by naming it in the header."""
    portico = linked.harness
    await portico.rows(LINK, "https://other.example.com", "org_9", beta.org.id)
    named = [str(beta.org.id), beta.org.slug, "org_9"]

    inside = [await sit(portico, staff(issuer, org_id=name, role="boss"), beta.org.id) for name in named]
    across = await sit(portico, staff(issuer, role="boss"), beta.org.id)

    assert [*inside, across] == [(403, "")] * 4


async def test_a_role_of_the_organizations_own_making_can_be_claimed(linked: Office, issuer: LocalIssuer) -> None:
    """With the permissions that it has there."""
    sql = "insert into portico.roles (org_id, name, permissions) values ($1, 'archivist', '{papers:read}')"
    await linked.harness.rows(sql, linked.org.id)

    assert await sit(linked.harness, staff(issuer, role="keeper"), linked.org.id) == (200, "archivist")


async def test_a_newer_token_changes_the_role_and_an_older_does_not(linked: Office, issuer: LocalIssuer) -> None:
    """Of two tokens that say different things the one that was issued later counts, in whatever order they come."""
    portico, org = linked.harness, linked.org.id
    old = staff(issuer, role="boss", jti="old")
    portico.clock.advance(timedelta(seconds=5))

    roles = [await sit(portico, token, org) for token in (staff(issuer), old)]
    portico.clock.advance(timedelta(seconds=5))

    assert roles == [(200, "member")] * 2
    assert await sit(portico, staff(issuer, role="boss"), org) == (200, "admin")


async def test_a_removed_member_with_a_live_token_is_refused(linked: Office, issuer: LocalIssuer) -> None:
    """So is an older token that was not seen yet; one that is issued later, with the claim, lets back in."""
    portico, org = linked.harness, linked.org.id
    seen, unseen = staff(issuer), staff(issuer, jti="unseen")
    assert (await sit(portico, seen, org))[0] == 200
    ada = await of_ada(portico)

    removed = await linked.wire(linked.owner).send("DELETE", f"/api/v1/organizations/{org}/members/{ada}")
    after = [await sit(portico, token, org) for token in (seen, unseen)]
    portico.clock.advance(LATER)

    assert (removed.status, after) == (200, [(403, "")] * 2)
    assert await sit(portico, staff(issuer), org) == (200, "member")


async def test_a_token_does_not_overtake_a_removal(linked: Office, issuer: LocalIssuer) -> None:
    """An older token that comes while the removal is not committed yet waits for it, and changes nothing."""
    portico, org = linked.harness, linked.org.id
    unseen = {"authorization": f"Bearer {staff(issuer, jti='unseen')}"}
    await sit(portico, staff(issuer, iat=int(issuer.clock.now().timestamp()) - 5), org)
    removal = f"delete from portico.members where user_id = '{await of_ada(portico)}'"

    reply = await meanwhile(linked, removal, portico.client(org=org).get("/api/v1/papers", unseen))

    assert code(reply) == (403, "FORBIDDEN")


async def test_a_claim_does_not_unmake_the_last_owner(linked: Office, issuer: LocalIssuer) -> None:
    """The call goes on, and the organization keeps its owner."""
    portico, org = linked.harness, linked.org.id
    await portico.rows("update portico.users set email = $1 where id = $2", EMAIL, linked.owner.id)
    portico.clock.advance(LATER)

    assert await sit(portico, staff(issuer), org) == (200, "owner")


async def test_an_owner_is_made_where_the_configuration_says_owner(
    portico: Harness, portico_app: App, issuer: LocalIssuer
) -> None:
    """Explicitly, and not otherwise."""
    settings = {"portico_issuers": trust(issuer, head="owner")}
    async with open_trusting(portico_app, portico.urls, issuer, **settings) as trusting:
        office = await open_office(trusting, "Alpha")
        await trusting.rows(LINK, issuer.url, "org_1", office.org.id)

        made = await sit(trusting, staff(issuer, role="head"), office.org.id)

    assert made == (200, "owner")


async def test_an_exchange_is_on_record(portico: Harness, issuer: LocalIssuer) -> None:
    """Who signed in, by whose word, from where; one token after another from there is one sign-in."""
    await me(portico, issuer.token(), ip=ELSEWHERE)
    await me(portico, issuer.token(jti="next"), ip=ELSEWHERE)

    rows = await portico.rows("select action, outcome, metadata->>'issuer', ip, target from portico.audit")
    assert [tuple(row) for row in rows] == [("user.login", "done", issuer.url, ELSEWHERE, str(await of_ada(portico)))]
    await me(portico, issuer.token(jti="elsewhere"))
    assert len(await portico.rows("select from portico.audit")) == 2


async def test_tokens_that_have_expired_leave_no_sessions(portico: Harness, issuer: LocalIssuer) -> None:
    """Where a token lasts a minute, a day's worth of them is not kept."""
    for number in range(3):
        await portico.rows(SHIFT, MUCH_LATER)
        await me(portico, issuer.token(jti=str(number)))

    assert (await counts(portico))[2] == 1
