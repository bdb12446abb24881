"""Signing in at a provider, over the wire: with one that others wrote, and with one that a test may change."""

import json
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest

from portico import App, Misconfigured
from portico.adapters.memory.clock import SettableClock
from portico.adapters.postgres.servers import Urls
from portico.testing import Client, Harness, Reply, open_harness
from portico.testing.databases import Databases
from tests.integration.identity.authenticators import turn_on
from tests.integration.identity.elsewhere import ADA, AUTH, EMAIL, open_trusting
from tests.integration.office.people import code
from tests.integration.oidc.issuer import LocalIssuer
from tests.integration.oidc.mock import serve_mock, sign_in_at

pytestmark = pytest.mark.anyio
CLIENT = "portico-client"
COOKIE, SESSION = "__Host-oidc", "__Host-session"
FAILED = "/sign-in?error=AUTH_SIGN_IN_FAILED"
BROWSER = {"sec-fetch-site": "same-origin"}
HOME = "/papers?shown=all"
AUDIT = "select action, outcome, target from portico.audit order by id"


@pytest.fixture
async def issuer() -> AsyncIterator[LocalIssuer]:
    """A provider that signs Ada in."""
    async with LocalIssuer(SettableClock()).serve() as serving:
        serving.extra = dict(ADA)
        yield serving


@pytest.fixture
async def urls(portico_app: App, portico_databases: Databases) -> Urls:
    """The office's database."""
    return await portico_databases.of(portico_app)


@pytest.fixture
async def portico(portico_app: App, urls: Urls, issuer: LocalIssuer) -> AsyncIterator[Harness]:
    """The office, where one may sign in at the provider under two names."""
    settings = {"portico_providers": providers(issuer.url, "example", "other"), "portico_rate_limit_factor": 10.0}
    async with open_trusting(portico_app, urls, issuer, **settings) as harness:
        yield harness


@pytest.fixture(scope="module")
def mock() -> Iterator[str]:
    """The address of oidc-provider-mock."""
    with serve_mock(ADA | {"sub": "ada"}) as address:
        yield address


def providers(url: str, *names: str) -> str:
    """The setting."""
    return json.dumps([{"name": n, "url": url, "client_id": CLIENT, "client_secret": "hush"} for n in names])


async def leave(browser: Client, provider: str = "example", **asked: str) -> str:
    """Be sent to the provider: its address."""
    reply = await browser.get(f"{AUTH}/oidc/{provider}?{urlencode({'next': HOME, **asked})}")
    assert reply.status == 303, reply.text
    return reply.headers["location"]


def admitted(issuer: LocalIssuer, url: str) -> dict[str, str]:
    """Be signed in by the provider: what the browser comes back with."""
    return {"code": issuer.admit(url), "state": dict(parse_qsl(urlsplit(url).query))["state"]}


async def come_back(browser: Client, brought: dict[str, str], provider: str = "example") -> str:
    """Come back from the provider: where the browser is led."""
    reply = await browser.get(f"{AUTH}/oidc/{provider}/callback?{urlencode(brought)}")
    assert reply.status == 303, reply.text
    return reply.headers["location"]


async def sign_in(portico: Harness, issuer: LocalIssuer, browser: Client | None = None, **asked: str) -> Client:
    """A browser that has signed in at the provider."""
    browser = browser or portico.client()
    assert await come_back(browser, admitted(issuer, await leave(browser, **asked))) == HOME
    return browser


async def account(browser: Client) -> dict[str, Any]:
    """Who is signed in."""
    reply: Reply = await browser.get(f"{AUTH}/me")
    assert reply.status == 200, reply.text
    return dict(reply.json["data"])


# -- the way there and back --------------------------------------------------------------------------------------------
async def test_somebody_signs_in_at_a_provider_that_others_wrote(portico_app: App, urls: Urls, mock: str) -> None:
    """Code, PKCE, token and keys over HTTP: an account, a session, and on to where one wanted to go."""
    async with open_harness(portico_app, urls, portico_providers=providers(mock, "example")) as harness:
        await harness.empty()
        browser = harness.client()
        brought = sign_in_at(await leave(browser), "ada")

        assert await come_back(browser, brought) == HOME
        await come_back(browser, sign_in_at(await leave(browser), "ada"))

        assert [event.event_name for event in await harness.emitted()] == ["user.created"]
        ada, (session, *_) = await account(browser), await harness.rows("select * from portico.sessions")
    assert (ada["email"], ada["email_verified"], ada["name"]) == (EMAIL, True, "Ada")
    assert (session["method"], COOKIE in browser.cookies) == ("oidc", False)


async def test_the_browser_is_sent_back_to_the_configured_address(portico: Harness) -> None:
    """Whatever its Host header says: PORTICO_URL, and nothing else."""
    reply = await portico.client().get(f"{AUTH}/oidc/example", {"host": "evil.example.com"})

    query = parse_qs(urlsplit(reply.headers["location"]).query)
    assert query["redirect_uri"] == [f"https://testserver{AUTH}/oidc/example/callback"]


async def test_a_state_is_good_once(portico: Harness, issuer: LocalIssuer) -> None:
    """Whoever sees the address of the return, cookie and all, signs nobody in with it."""
    browser = portico.client()
    brought = admitted(issuer, await leave(browser))
    held = browser.cookies[COOKIE]
    await come_back(browser, brought)
    thief = portico.client()
    thief.cookies[COOKIE] = held

    again = await come_back(thief, brought | {"code": issuer.admit(await leave(portico.client()))})

    assert (again, SESSION in thief.cookies) == (FAILED, False)


async def test_a_state_of_another_browser_is_refused(portico: Harness, issuer: LocalIssuer) -> None:
    """Nobody is signed in to an attacker's account by a link, on a journey of their own or on none."""
    attacker, victim, idle = portico.client(), portico.client(), portico.client()
    brought = admitted(issuer, await leave(attacker))
    await leave(victim)

    led = [await come_back(browser, brought) for browser in (victim, idle)]

    assert led == [FAILED] * 2
    assert not {SESSION} & {*victim.cookies, *idle.cookies}
    assert await come_back(attacker, brought) == HOME


async def test_a_journey_ends_after_ten_minutes(portico: Harness, issuer: LocalIssuer) -> None:
    """And the next one takes away what is left of it."""
    browser = portico.client()
    brought = admitted(issuer, await leave(browser))
    await portico.rows("update portico.challenges set expires_at = expires_at - $1::interval", timedelta(minutes=10))

    assert await come_back(browser, brought) == FAILED
    await leave(browser)
    assert len(await portico.rows("select from portico.challenges")) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"provider": "other"},
        {"iss": "https://evil.example.com"},
        {"state": ""},
        {"code": "made-up"},
        {"error": "access_denied", "error_description": "<b>call this number</b>"},
    ],
    ids=["another provider", "another issuer", "no state", "another code", "refused there"],
)
async def test_a_return_that_proves_nothing_leads_to_the_sign_in_page(
    portico: Harness, issuer: LocalIssuer, change: dict[str, str]
) -> None:
    """With a code of our own and no word of the provider's; the state is spent, and the refusal on record."""
    browser = portico.client()
    brought = {**admitted(issuer, await leave(browser)), **change}
    provider = brought.pop("provider", "example")

    led = await come_back(browser, brought, provider)

    (row,) = await portico.rows(AUDIT)
    assert (led, tuple(row)) == (FAILED, ("user.login", "failed", provider))
    assert SESSION not in browser.cookies
    assert await portico.rows("select from portico.challenges") == [] or not change.get("state", "x")


@pytest.mark.parametrize("next", ["//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example", "x"])
async def test_one_goes_on_to_our_own_pages_alone(portico: Harness, next: str) -> None:  # noqa: A002  # its name on the wire
    """A path that a browser could take for another site is refused at the start."""
    reply = await portico.client().get(f"{AUTH}/oidc/example?{urlencode({'next': next})}")

    assert (reply.status, reply.headers["location"]) == (303, "/sign-in?error=VALIDATION_ERROR")


async def test_a_provider_that_is_unknown_or_down_is_said_so(portico: Harness, issuer: LocalIssuer) -> None:
    """By a code, on the sign-in page."""
    issuer.down = True

    led = [(await portico.client().get(f"{AUTH}/oidc/{name}")).headers["location"] for name in ("nobody", "example")]

    assert led == ["/sign-in?error=NOT_FOUND", "/sign-in?error=EXTERNAL_SERVICE_ERROR"]


async def test_looking_at_a_link_does_nothing(portico: Harness) -> None:
    """HEAD is not GET where GET writes."""
    replies = [await portico.client().send("HEAD", f"{AUTH}/oidc/example{end}") for end in ("", "/callback")]

    assert [reply.status for reply in replies] == [405, 405]


async def test_the_providers_are_told_by_name(portico: Harness) -> None:
    """For the links of a sign-in page, in the order of the settings."""
    assert (await portico.client().get(f"{AUTH}/oidc")).json == {"data": ["example", "other"]}


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"portico_providers": "[{}]"}, "PORTICO_PROVIDERS is not right"),
        ({"portico_issuers": "{"}, "PORTICO_ISSUERS is not right"),
    ],
)
async def test_wrong_settings_stop_the_start(
    portico_app: App, urls: Urls, *, settings: dict[str, object], said: str
) -> None:
    """They are read when the application opens, not when somebody signs in."""
    with pytest.raises(Misconfigured, match=said):
        async with open_harness(portico_app, urls, **settings):
            pass


# -- whose account -----------------------------------------------------------------------------------------------------
async def test_the_same_person_has_the_same_account(portico: Harness, issuer: LocalIssuer) -> None:
    """By issuer and subject; another subject with the same address joins it, both having confirmed it."""
    first = await account(await sign_in(portico, issuer))
    issuer.extra = {"email": "ada@elsewhere.example", "email_verified": True}
    renamed = await account(await sign_in(portico, issuer))
    issuer.extra = {**ADA, "sub": "user-2"}
    joined = await account(await sign_in(portico, issuer))

    assert first["id"] == renamed["id"] == joined["id"]
    assert renamed["email"] == EMAIL


async def test_an_account_whose_address_is_not_confirmed_is_not_joined(portico: Harness, issuer: LocalIssuer) -> None:
    """Its owner is told to sign in and to link; nobody is signed in."""
    await portico.member(EMAIL)
    await portico.rows("update portico.users set email_verified_at = null")
    browser = portico.client()

    led = await come_back(browser, admitted(issuer, await leave(browser)))

    assert (led, SESSION in browser.cookies) == ("/sign-in?error=AUTH_LINK_FIRST", False)
    assert await portico.rows("select from portico.identities") == []


async def test_a_new_session_takes_the_place_of_the_browsers_own(portico: Harness, issuer: LocalIssuer) -> None:
    """No token outlives a sign-in, so that nobody can plant one."""
    browser = await sign_in(portico, issuer)
    planted = browser.cookies[SESSION]

    await sign_in(portico, issuer, browser)

    reply = await portico.client().get(f"{AUTH}/me", {"authorization": f"Bearer {planted}"})
    assert (reply.status, browser.cookies[SESSION] != planted) == (401, True)
    assert [row["action"] for row in await portico.rows(AUDIT)] == ["user.login"] * 2


@pytest.mark.parametrize(("auth_time", "status"), [(-60, 200), (-700, 403), (None, 403)])
async def test_sudo_wants_a_proof_that_the_provider_dates(
    portico: Harness, issuer: LocalIssuer, *, auth_time: int | None, status: int
) -> None:
    """A session at the provider from this morning is no password shown now."""
    if auth_time is not None:
        issuer.extra["auth_time"] = int(issuer.clock.now().timestamp()) + auth_time
    browser = await sign_in(portico, issuer, again="true")

    reply = await browser.send("DELETE", f"{AUTH}/me", headers=BROWSER)

    assert reply.status == status


@pytest.mark.parametrize(("auth_time", "status"), [(-60, 200), (-700, 403), (None, 403)])
async def test_a_code_of_ours_is_no_proof_that_the_provider_dates(
    portico_app: App, urls: Urls, issuer: LocalIssuer, *, auth_time: int | None, status: int
) -> None:
    """With a second factor after it, a sign-in elsewhere is as old as it was."""
    settings = {"portico_providers": providers(issuer.url, "example"), "portico_oidc_second_factor": True}
    async with open_trusting(portico_app, urls, issuer, **settings) as portico:
        factor = await turn_on(portico, portico.client(await portico.member(EMAIL)))
        if auth_time is not None:
            issuer.extra["auth_time"] = int(issuer.clock.now().timestamp()) + auth_time
        browser = portico.client()
        led = await come_back(browser, admitted(issuer, await leave(browser)))
        (ticket,) = parse_qs(urlsplit(led).query)["ticket"]
        shown = await browser.post(f"{AUTH}/sign-in/second-factor", {"ticket": ticket, "code": factor.code()})

        reply = await browser.send("DELETE", f"{AUTH}/me", headers=BROWSER)

    assert (shown.status, reply.status) == (200, status)


async def test_a_fresh_proof_can_be_asked_for(portico: Harness) -> None:
    """The provider is told to ask its user again."""
    assert "prompt=login" in await leave(portico.client(), again="true")
    assert "prompt" not in await leave(portico.client())


@pytest.mark.parametrize("asks", [False, True])
async def test_a_second_factor_is_the_providers_unless_the_settings_want_ours(
    portico_app: App, urls: Urls, issuer: LocalIssuer, *, asks: bool
) -> None:
    """With the setting, the browser is led to where it is asked for, and is not signed in yet."""
    settings = {"portico_providers": providers(issuer.url, "example"), "portico_oidc_second_factor": asks}
    async with open_trusting(portico_app, urls, issuer, **settings) as portico:
        await portico.member(EMAIL)
        await portico.rows("update portico.users set totp_since = now(), totp_secret = 'x'")
        browser = portico.client()

        led = await come_back(browser, admitted(issuer, await leave(browser)))

    assert led.startswith("/sign-in/second-factor?ticket=") == asks
    assert (SESSION in browser.cookies) == (not asks)


# -- linking -----------------------------------------------------------------------------------------------------------
async def link(issuer: LocalIssuer, person: Client) -> str:
    """Link the provider to the account of who is signed in: where the browser is led."""
    reply = await person.post(f"{AUTH}/identities/example", {"next": "/account"}, headers=BROWSER)
    assert reply.status == 200, reply.text
    return await come_back(person, admitted(issuer, reply.headers["location"]))


async def identities(person: Client) -> list[dict[str, Any]]:
    """What is linked to one's account."""
    found: list[dict[str, Any]] = (await person.get(f"{AUTH}/identities")).json["data"]
    return found


async def unlink(person: Client, issuer: LocalIssuer, subject: str = "user-1") -> Reply:
    """Sign in with it no more."""
    query = urlencode({"issuer": issuer.url, "subject": subject})
    return await person.send("DELETE", f"{AUTH}/identities?{query}", headers=BROWSER)


async def test_a_provider_is_linked_to_ones_own_account(portico: Harness, issuer: LocalIssuer) -> None:
    """Whatever its address: from then on it signs in to that account."""
    alice = await portico.member("alice@example.com")

    led = await link(issuer, portico.client(alice))

    (linked,) = await identities(portico.client(alice))
    assert (led, linked["issuer"], linked["subject"]) == ("/account", issuer.url, "user-1")
    assert (await account(await sign_in(portico, issuer)))["id"] == str(alice.id)
    assert ("identity.linked", "done", str(alice.id)) in [tuple(row) for row in await portico.rows(AUDIT)]


async def test_linking_wants_a_recent_password(portico: Harness) -> None:
    """An unattended browser gives nobody a key to the account."""
    alice = await portico.member("alice@example.com")
    await portico.rows("update portico.sessions set authenticated_at = now() - interval '1 hour'")

    reply = await portico.client(alice).post(f"{AUTH}/identities/example", {}, headers=BROWSER)

    assert code(reply) == (403, "AUTH_SUDO_REQUIRED")


async def test_nobody_links_for_somebody_else(portico: Harness, issuer: LocalIssuer) -> None:
    """The journey is over where another account comes back, or nobody does."""
    alice, mallory = await portico.member("alice@example.com"), await portico.member("mallory@example.com")
    led = []
    for person in (portico.client(mallory), portico.client()):
        begun = portico.client(alice)
        reply = await begun.post(f"{AUTH}/identities/example", {"next": "/account"}, headers=BROWSER)
        person.cookies |= begun.cookies
        led.append(await come_back(person, admitted(issuer, reply.headers["location"])))

    assert led == ["/account?error=AUTH_SIGN_IN_FAILED"] * 2
    assert await portico.rows("select from portico.identities") == []


async def test_what_is_linked_to_another_account_stays_there(portico: Harness, issuer: LocalIssuer) -> None:
    """The page that one came from is told."""
    ada = await account(await sign_in(portico, issuer))
    alice = portico.client(await portico.member("alice@example.com"))

    assert await link(issuer, alice) == "/account?error=AUTH_IDENTITY_TAKEN"
    assert await identities(alice) == []
    assert (await account(await sign_in(portico, issuer)))["id"] == ada["id"]


async def test_unlinking_ends_what_the_issuer_has_opened(portico: Harness, issuer: LocalIssuer) -> None:
    """Its sessions are over, and it signs in to another account from then on."""
    alice = await portico.member("alice@example.com", password="Correct-Horse-1")
    person = portico.client(alice)
    await link(issuer, person)
    elsewhere = await sign_in(portico, issuer)

    replies = [await unlink(person, issuer) for _ in range(2)]

    assert [reply.status for reply in replies] == [200, 404]
    assert [(await browser.get(f"{AUTH}/me")).status for browser in (person, elsewhere)] == [200, 401]
    assert (await account(await sign_in(portico, issuer)))["id"] != str(alice.id)


async def test_the_last_way_to_sign_in_stays(portico: Harness, issuer: LocalIssuer) -> None:
    """Until there is a password, a passkey, or another provider."""
    issuer.extra["auth_time"] = int(issuer.clock.now().timestamp())
    ada = await sign_in(portico, issuer)

    alone = await unlink(ada, issuer)
    issuer.extra["sub"] = "user-2"
    await link(issuer, ada)

    assert code(alone) == (409, "AUTH_LAST_WAY_IN")
    assert [(await unlink(ada, issuer, subject)).status for subject in ("user-1", "user-2")] == [200, 409]
