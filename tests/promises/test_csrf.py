"""No other site can make a browser act for who is signed in; nothing that is no browser is troubled."""

from collections.abc import Mapping

import pytest

from portico.adapters.postgres.servers import Urls
from portico.testing import Client, Harness, open_harness
from salon.app import app
from tests.promises.business import Business
from tests.promises.shop import refusal

pytestmark = pytest.mark.anyio
REFUSED = (403, "AUTH_CROSS_SITE")
HERE, ELSEWHERE = "https://testserver", "https://evil.example"
CUSTOMER = {"name": "Ada"}
PASSWORD = "Correct-horse-7"
PASSES: dict[str, Mapping[str, str]] = {
    "the browser says it is our own page": {"sec-fetch-site": "same-origin"},
    "the person typed it": {"sec-fetch-site": "none"},
    "an older browser names our origin": {"origin": HERE},
    "a script repeats the cookie": {"x-csrf-token": "a-nonce"},
}
REFUSES: dict[str, Mapping[str, str]] = {
    "the browser says it is another site": {"sec-fetch-site": "cross-site"},
    "a sister site is another site": {"sec-fetch-site": "same-site"},
    "another site that names our origin": {"sec-fetch-site": "cross-site", "origin": HERE},
    "another site that knows the cookie": {"sec-fetch-site": "cross-site", "x-csrf-token": "a-nonce"},
    "an older browser names another origin": {"origin": ELSEWHERE},
    "an origin that hides": {"origin": "null"},
    "our name as a part of another": {"origin": "https://testserver.evil.example"},
    "nothing is said": {},
    "a wrong repetition": {"x-csrf-token": "another"},
    "an empty repetition": {"x-csrf-token": ""},
    "a word that no browser says": {"sec-fetch-site": "perhaps"},
}


async def browser(portico: Harness, business: Business) -> Client:
    """A browser that is signed in by cookie."""
    client = portico.client()
    client.cookies = {"__Host-session": portico.token(business.owner), "csrf-token": "a-nonce"}
    return client


async def customers(portico: Harness) -> int:
    """How many there are."""
    return int((await portico.rows("select count(*) from customers"))[0][0])


@pytest.mark.parametrize("what", PASSES)
async def test_our_own_pages_may_write(salon: Harness, alpha: Business, what: str) -> None:
    """A cookie and a sign that the request is from our own page."""
    client = await browser(salon, alpha)

    reply = await client.post("/api/v1/customers", CUSTOMER, headers=PASSES[what])

    assert reply.status == 201


@pytest.mark.parametrize("what", REFUSES)
async def test_other_sites_may_not(salon: Harness, alpha: Business, what: str) -> None:
    """A cookie alone, or with a sign of another site: 403 before anything else, and nothing is written."""
    client, before = await browser(salon, alpha), await customers(salon)

    reply = await client.post("/api/v1/customers", CUSTOMER, headers=REFUSES[what])

    assert refusal(reply) == REFUSED
    assert await customers(salon) == before


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
async def test_no_method_that_writes_is_left_out(salon: Harness, alpha: Business, method: str) -> None:
    """PATCH and DELETE are refused as POST is."""
    client = await browser(salon, alpha)

    reply = await client.send(
        method, f"/api/v1/customers/{alpha.customer}", json=CUSTOMER, headers={"sec-fetch-site": "cross-site"}
    )

    assert refusal(reply) == REFUSED


@pytest.mark.parametrize("media_type", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
@pytest.mark.parametrize("path", ["/api/auth/sign-out-everywhere", "/api/auth/totp", "/api/v1/customers"])
async def test_to_call_it_a_form_helps_nobody(salon: Harness, alpha: Business, *, path: str, media_type: str) -> None:
    """Only where the token of a form is asked for; an action that takes no body would not look at what it is called."""
    client = await browser(salon, alpha)

    reply = await client.send("POST", path, headers={"content-type": media_type, "content-length": "0"})

    assert refusal(reply) == REFUSED
    assert (await client.get("/api/auth/me")).status == 200


async def test_reading_is_open_to_links(salon: Harness, alpha: Business) -> None:
    """A link from another site leads to a page as any other does."""
    client = await browser(salon, alpha)

    reply = await client.get("/api/v1/customers", {"sec-fetch-site": "cross-site"})

    assert reply.status == 200


async def test_a_token_in_hand_is_no_cookie(alpha: Business) -> None:
    """Programs that send a bearer token are not asked where they come from."""
    for headers in (REFUSES["nothing is said"], REFUSES["the browser says it is another site"]):
        assert (await alpha.client.post("/api/v1/customers", CUSTOMER, headers=headers)).status == 201


@pytest.mark.parametrize("junk", ["Bearer nobody", "Basic dXNlcjpwYXNz", "Bearer", "junk", ""])
async def test_a_junk_token_does_not_make_a_cookie_count(salon: Harness, alpha: Business, junk: str) -> None:
    """An Authorization header is what counts, even a junk one: the cookie beside it says nothing any more."""
    client, before = await browser(salon, alpha), await customers(salon)

    reply = await client.post("/api/v1/customers", CUSTOMER, headers={"authorization": junk})

    assert reply.status in {401, 403}
    assert await customers(salon) == before


@pytest.mark.parametrize("junk", [{}, {"authorization": "Basic dXNlcjpwYXNz"}, {"authorization": "junk"}])
@pytest.mark.parametrize("path", ["/api/auth/sign-in", "/api/auth/sign-up"])
async def test_nobody_can_be_signed_in_from_elsewhere(salon: Harness, path: str, junk: dict[str, str]) -> None:
    """Sign-in and sign-up are guarded without any cookie: else a victim could be given the attacker's account.

    What a browser sends by itself to a proxy that has asked for a password exempts nobody.
    """
    body = {"email": "ada@example.com", "password": PASSWORD}

    reply = await salon.client().post(path, body, headers={"origin": ELSEWHERE, **junk})

    assert refusal(reply) == REFUSED
    assert "set-cookie" not in reply.headers


async def test_a_listed_origin_may_write(salon_urls: Urls, salon: Harness, alpha: Business) -> None:
    """An origin that the settings name, and no other one."""
    token = salon.token(alpha.owner)
    async with open_harness(app, salon_urls, portico_origins=("https://app.example.com",)) as portico:
        client = portico.client()
        client.cookies = {"__Host-session": token}
        listed = {"origin": "https://app.example.com", "sec-fetch-site": "cross-site"}
        other = {"origin": "https://app.example.com.evil.example", "sec-fetch-site": "cross-site"}

        passed = await client.post("/api/v1/customers", CUSTOMER, headers=listed)
        refused = await client.post("/api/v1/customers", CUSTOMER, headers=other)

    assert passed.status == 201
    assert refusal(refused) == REFUSED


@pytest.mark.parametrize("path", ["/sign-in", "/appointments", "/sign-out"])
@pytest.mark.parametrize("token", [None, "", "forged", "a-nonce"])
async def test_a_form_needs_the_token_of_its_page(
    salon: Harness, alpha: Business, *, path: str, token: str | None
) -> None:
    """From our own origin, but not from our own page: refused, and said in words."""
    client = await browser(salon, alpha)
    fields = {"email": "ada@example.com", "password": PASSWORD} | ({} if token is None else {"_csrf": token})

    reply = await client.submit(path, fields)

    assert reply.status == 403
    assert reply.headers["content-type"].startswith("text/html")
