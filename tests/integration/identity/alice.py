"""Alice, who signs up, reads her mail and signs in."""

import re

from portico.testing import Client, Harness, Reply

EMAIL, PASSWORD = "alice@example.com", "Correct-Horse-1"
ALICE = {"email": EMAIL, "password": PASSWORD, "name": "Alice"}
AUTH = "/api/auth"
COOKIE = "__Host-session"
BROWSER = {"sec-fetch-site": "same-origin"}


async def post(portico: Harness, path: str, client: Client | None = None, /, **body: object) -> Reply:
    """Send something below /api/auth, from a browser of its own unless one is given."""
    return await (client or portico.client()).post(f"{AUTH}/{path}", body, headers=BROWSER)


async def sign_up(portico: Harness, **changes: str) -> Reply:
    """Register Alice, or somebody much like her."""
    return await portico.client().post(f"{AUTH}/sign-up", {**ALICE, **changes}, headers=BROWSER)


async def register(portico: Harness, **changes: str) -> None:
    """Register Alice, who confirms her address."""
    await sign_up(portico, **changes)
    assert (await post(portico, "verify-email", token=await token_sent(portico))).status == 200


async def sign_in(portico: Harness, client: Client | None = None, *, email: str = "", password: str = "") -> Reply:
    """Sign in as Alice."""
    return await post(portico, "sign-in", client, email=email or EMAIL, password=password or PASSWORD)


async def browser(portico: Harness) -> Client:
    """Alice's browser, signed in."""
    client = portico.client()
    assert (await sign_in(portico, client)).status == 200
    return client


async def me(portico: Harness, token: str) -> Reply:
    """Who the token's bearer is."""
    return await portico.client().get(f"{AUTH}/me", {"authorization": f"Bearer {token}"})


async def alive(portico: Harness, *tokens: str) -> list[bool]:
    """Which tokens still sign somebody in."""
    return [(await me(portico, token)).status == 200 for token in tokens]


async def token_sent(portico: Harness) -> str:
    """The token in the link of the newest mail that has one."""
    found = [re.search(r"https://testserver/\S+\?token=(\S+)", mail.text) for mail in await portico.mails()]
    return next(match[1] for match in reversed(found) if match)


async def sent(portico: Harness) -> list[tuple[str, str]]:
    """The mails so far: to whom, and what they say at once."""
    return [(mail.to, mail.subject) for mail in await portico.mails()]


async def age_links(portico: Harness, by: str) -> None:
    """Let the time of every link run, by so much."""
    await portico.rows("update portico.challenges set expires_at = expires_at - $1::text::interval", by)


def told(reply: Reply) -> tuple[object, ...]:
    """A whole reply, but for what differs between any two: its request id, and the limits that count down."""
    headers = {n: v for n, v in reply.headers.items() if n != "x-request-id" and "ratelimit" not in n}
    return reply.status, headers, reply.content.replace(reply.headers["x-request-id"].encode(), b"")
