"""Ways into somebody else's account, each of them closed."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from portico.adapters.postgres.servers import Urls
from portico.ports.hasher import Hasher
from portico.testing import Client, Harness, Reply, open_harness
from tests.integration.identity.alice import (
    AUTH,
    BROWSER,
    COOKIE,
    EMAIL,
    PASSWORD,
    alive,
    browser,
    post,
    register,
    sign_in,
    sign_up,
    token_sent,
)
from tests.promises.registry import app, gather
from tests.promises.shop import refusal

pytestmark = pytest.mark.anyio
OTHER = "Another-Horse-2"
SPENT = (410, "AUTH_LINK_SPENT")
TICKET = """
    with u as (update portico.users set totp_since = now(), totp_secret = '\\x00' where email = $1 returning id)
    insert into portico.challenges (token_hash, purpose, user_id, expires_at)
    select sha256('ticket'), 'second-factor', id, now() + interval '1 hour' from u
"""
EVER = "select operator, email_verified_at is not null from portico.users where email = $1"


@pytest.fixture
async def strict(registry_urls: Urls) -> AsyncIterator[Harness]:
    """The registry with its limits as they are written."""
    async with open_harness(app, registry_urls) as harness:
        await harness.empty()
        yield harness


async def test_a_token_that_was_planted_is_dead_after_signing_in(registry: Harness) -> None:
    """Whether it was a stranger's living session or made up: what counts from then on is new."""
    await register(registry)
    mallory = registry.token(await registry.member("mallory@x.test"))

    for planted in (mallory, "made-up-by-mallory-and-long-enough"):
        victim = registry.client()
        victim.cookies[COOKIE] = planted
        assert (await sign_in(registry, victim)).status == 200

        assert await alive(registry, planted, victim.cookies[COOKIE]) == [False, True]


@pytest.mark.parametrize("name", ["session", "__Secure-session", "__host-session", "__Host-Session", "portico"])
async def test_a_cookie_of_another_name_is_none(registry: Harness, name: str) -> None:
    """Those could be set for our host by another one of the same domain; `__Host-` could not."""
    planted = registry.client()
    planted.cookies[name] = registry.token(await registry.member("mallory@x.test"))

    assert (await planted.get(f"{AUTH}/me")).status == 401


async def test_a_reset_link_dies_with_the_address_that_it_was_sent_to(registry: Harness) -> None:
    """Whoever reads the former mailbox later chooses no password."""
    await register(registry)
    await post(registry, "password/forgot", email=EMAIL)
    reset, alice = await token_sent(registry), await browser(registry)
    await post(registry, "email", alice, email="alice@new.example.com")
    assert (await post(registry, "email/confirm", token=await token_sent(registry))).status == 200

    late = await post(registry, "password/reset", token=reset, password=OTHER)

    assert refusal(late) == SPENT
    assert (await sign_in(registry, email="alice@new.example.com")).status == 200


async def test_no_token_opens_what_another_one_is_for(registry: Harness) -> None:
    """Confirming, resetting, moving, joining, the second step: each takes its own; wrong tries do not spend it."""
    tokens, alice = await every_token(registry)

    found = {
        (kind, path): await redeem(alice, path, tokens[kind]) for kind in tokens for path in tokens if kind != path
    }
    own = [await redeem(alice, path, token) for path, token in tokens.items()]

    assert {reply.status for reply in found.values()} == {404, 410}
    assert [refusal(reply) for reply in own[:-1] if reply.status != 200] == []
    assert refusal(own[-1]) == (403, "AUTH_WRONG_CODE")


async def test_nobody_signs_up_as_more_than_they_are(registry: Harness) -> None:
    """What the input does not have is not taken from it: no operator, no confirmed address."""
    extras = {"operator": True, "kind": "service", "email_verified": True, "email_verified_at": "2026-01-01T00:00:00Z"}
    await post(registry, "sign-up", email=EMAIL, password=PASSWORD, **extras)

    assert tuple((await registry.rows(EVER, EMAIL))[0]) == (False, False)
    me = await registry.member(EMAIL)
    await registry.client(me).send("PATCH", f"{AUTH}/me", json={"name": "A", "email": "root@x.test", **extras})
    assert (await registry.rows(EVER, EMAIL))[0][0] is False


async def test_a_guest_of_an_unconfirmed_account_keeps_no_way_in(registry_urls: Urls) -> None:
    """Somebody signed up with another's address and made a key: worthless once its owner has chosen a password."""
    settings = {"portico_email_verification": "optional", "portico_rate_limit_factor": 1000}
    async with open_harness(app, registry_urls, **settings) as loose:
        await loose.empty()
        await sign_up(loose)
        mallory = await browser(loose)
        key = (await post(loose, "keys", mallory, name="mine", scopes=["*"])).json["data"]["token"]
        assert await alive(loose, key, mallory.cookies[COOKIE]) == [True, True]

        await post(loose, "password/forgot", email=EMAIL)
        await post(loose, "password/reset", token=await token_sent(loose), password=OTHER)

        assert await alive(loose, key, mallory.cookies[COOKIE]) == [False, False]


async def test_nobody_is_locked_out_by_others_who_fail_on_purpose(strict: Harness) -> None:
    """From a dozen networks, until each is refused: from a network of their own people get in, and get mail."""
    await register(strict)
    for network in range(12):
        mallory = strict.client(ip=f"198.51.{network}.7")
        for _ in range(6):
            await sign_in(strict, mallory, password="Wrong-Horse-1")
            await post(strict, "password/forgot", mallory, email=EMAIL)
        assert (await sign_in(strict, mallory)).status == 429
    before, home = len(await strict.mails()), strict.client(ip="203.0.113.9")

    assert (await sign_in(strict, home)).status == 200
    assert (await post(strict, "sudo", home, password=PASSWORD)).status == 200
    assert (await post(strict, "password/forgot", home, email=EMAIL)).status == 200
    assert len(await strict.mails()) == before + 1


async def test_nobody_has_us_mail_their_words_to_strangers(registry: Harness) -> None:
    """A name that somebody gave for an address which is not shown to be theirs is in no mail to it."""
    name, victim = "Win at evil.test", "victim@example.com"
    for _ in range(2):
        await sign_up(registry, email=victim, name=name)
    for path in ("password/forgot", "verify-email/resend"):
        await post(registry, path, email=victim)
    await register(registry, name=name)
    await post(registry, "email", await browser(registry), email="other@example.com")

    mails = [mail for mail in await registry.mails() if mail.to != EMAIL]
    assert len(mails) == 5
    assert [mail.subject for mail in mails if "evil" in mail.text + mail.subject] == []


async def test_a_password_that_is_being_changed_opens_no_session(registry: Harness) -> None:
    """It was right when it was looked at, and is not any more when the session would open."""
    await register(registry)
    await post(registry, "password/forgot", email=EMAIL)
    token, hasher = await token_sent(registry), Hesitating(registry.app.running.pipeline.services.hasher)
    object.__setattr__(registry.app.running.pipeline.services, "hasher", hasher)

    signing_in = asyncio.create_task(sign_in(registry))
    await hasher.arrived.wait()
    reset = await post(registry, "password/reset", token=token, password=OTHER)
    hasher.go_on.set()

    assert (reset.status, refusal(await signing_in)) == (200, (401, "AUTH_INVALID_CREDENTIALS"))
    assert await registry.rows("select from portico.sessions") == []


@pytest.mark.parametrize("path", ["sign-up", "sign-in", "password/forgot", "verify-email/resend"])
async def test_whole_answers_tell_nobody_who_has_an_account(strict: Harness, path: str) -> None:
    """Status, every header, cookies and body, up to the limit and beyond: alike for known, waiting and new ones."""
    await register(strict)
    await sign_up(strict, email="waits@example.com")
    told = []
    for number, email in enumerate((EMAIL, "waits@example.com", "nobody@example.com")):
        client = strict.client(ip=f"192.0.{number}.1")
        told.append([whole(await post(strict, path, client, email=email, password=OTHER), email) for _ in range(7)])

    assert told == [told[0]] * 3
    assert told[0][-1][0] == 429


class Hesitating:
    """Says what it has found only once it may."""

    def __init__(self, hasher: Hasher) -> None:
        """Nobody has asked."""
        self._hasher, self.arrived, self.go_on = hasher, asyncio.Event(), asyncio.Event()
        self.hash, self.outdated, self.close = hasher.hash, hasher.outdated, hasher.close

    async def verify(self, password: str, stored: str | None) -> bool:
        """Look, and wait."""
        found = await self._hasher.verify(password, stored)
        self.arrived.set()
        await self.go_on.wait()
        return found


async def every_token(registry: Harness) -> tuple[dict[str, str], Client]:
    """A living token of each kind, by the path that takes it; Alice, and Bob who has not confirmed his address."""
    callers = await gather(registry)
    await register(registry)
    alice, tokens = await browser(registry), {}
    await callers.of["owner"].post(
        f"/api/v1/organizations/{callers.org}/invitations", {"email": EMAIL, "role": "member"}
    )
    tokens["invitations/accept"] = await token_sent(registry)
    await sign_up(registry, email="bob@example.com")
    tokens["verify-email"] = await token_sent(registry)
    await post(registry, "email", alice, email="alice@new.example.com")
    tokens["email/confirm"] = await token_sent(registry)
    await post(registry, "password/forgot", email="bob@example.com")
    tokens["password/reset"] = await token_sent(registry)
    await registry.rows(TICKET, "member@x.test")
    return {**tokens, "sign-in/second-factor": "ticket"}, alice


async def redeem(alice: Client, path: str, token: str) -> Reply:
    """Show a token where that kind of token is wanted."""
    url = f"/api/v1/organizations/{path}" if path.startswith("invitations") else f"{AUTH}/{path}"
    body = {"token": token, "ticket": token, "password": OTHER, "recovery_code": "wrong-code"}
    return await alice.post(url, body, headers=BROWSER)


def whole(reply: Reply, email: str) -> tuple[object, ...]:
    """All of a reply that could tell; its request id differs between any two."""
    headers = {name: value for name, value in reply.headers.items() if name not in {"x-request-id", "content-length"}}
    text = reply.text.replace(reply.headers["x-request-id"], "").replace(email, "")
    return reply.status, headers, dict(reply.cookies), text
