"""Whether an address has an account costs as much work as whether it has none: nobody learns it with a watch."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from portico.adapters.postgres.servers import Urls
from portico.testing import Harness, open_harness
from salon.app import app
from tests.promises.conftest import GENEROUS
from tests.promises.proxy import Proxy, proxy_before

pytestmark = pytest.mark.anyio
PASSWORD = "Correct-horse-7"
TRIPS = ["begin", "prepared", "call portico.close_v5; commit"]


@pytest.fixture
async def wire(salon_urls: Urls) -> AsyncIterator[Proxy]:
    """What stands between the Salon and its database."""
    async with proxy_before(salon_urls.app) as standing:
        yield standing


@pytest.fixture
async def watched(salon_urls: Urls, wire: Proxy) -> AsyncIterator[Harness]:
    """The Salon on one connection, with somebody who has confirmed their address and somebody who has not."""
    settings = {"portico_rate_limit_factor": GENEROUS, "database_connections": 1}
    async with open_harness(app, replace(salon_urls, app=wire.url), **settings) as portico:
        await portico.empty()
        await portico.member("known@example.com", password=PASSWORD)
        await portico.client().post("/api/auth/sign-up", {"email": "waiting@example.com", "password": PASSWORD})
        yield portico


async def work(portico: Harness, wire: Proxy, path: str, **body: str) -> tuple[int, str, list[str], bool]:
    """The answer, the round trips that it took, and whether the account or what waits for it was written to."""
    wire.sent.clear()
    reply = await portico.client().post(f"/api/auth/{path}", body)
    trips = [re.sub(r"\(.*\)", "", query, flags=re.DOTALL) for query in wire.sent]
    said = re.sub(r'"request_id":"\w+"', "", reply.text).replace(body["email"], "")
    return reply.status, said, trips, await wrote(portico)


async def wrote(portico: Harness) -> bool:
    """Whether challenges were written, even those that were taken back at once; the table is emptied."""
    size = (await portico.rows("select pg_relation_size('portico.challenges')"))[0][0]
    await portico.rows("truncate portico.challenges")
    return bool(size)


async def test_signing_up_takes_as_much_for_a_known_address(watched: Harness, wire: Proxy) -> None:
    """The same statements, which write both times."""
    await work(watched, wire, "sign-up", email="warm@example.com", password=PASSWORD)

    seen = [
        await work(watched, wire, "sign-up", email=email, password=PASSWORD)
        for email in ("known@example.com", "new@example.com", "waiting@example.com")
    ]

    assert seen == [seen[0]] * 3
    assert (seen[0][0], seen[0][3], seen[0][2]) == (201, True, [*TRIPS[:1], "prepared", *TRIPS[1:]])


@pytest.mark.parametrize("path", ["password/forgot", "verify-email/resend"])
async def test_a_mail_takes_as_much_for_an_unknown_address(watched: Harness, wire: Proxy, path: str) -> None:
    """The same statements, which write whether or not there is somebody to send it to."""
    await work(watched, wire, path, email="warm@example.com")

    seen = [
        await work(watched, wire, path, email=email)
        for email in ("known@example.com", "nobody@example.com", "waiting@example.com")
    ]

    assert seen == [seen[0]] * 3
    assert (seen[0][0], seen[0][3], seen[0][2]) == (200, True, TRIPS)


async def test_a_refused_sign_in_takes_as_much_whatever_is_wrong(watched: Harness, wire: Proxy) -> None:
    """An unknown address, or a wrong password, confirmed or not.

    Who knows the right one of an address that is not confirmed yet gets the same answer, and a mail, which is written
    in a transaction of its own: only they could tell by the time that it takes.
    """
    await work(watched, wire, "sign-in", email="warm@example.com", password=PASSWORD)

    seen = [
        await work(watched, wire, "sign-in", email=email, password=password)
        for email, password in (
            ("nobody@example.com", PASSWORD),
            ("known@example.com", "Wrong-horse-7"),
            ("waiting@example.com", "Wrong-horse-7"),
            ("waiting@example.com", PASSWORD),
        )
    ]

    *wrong, right = seen
    assert wrong == [wrong[0]] * 3
    assert (wrong[0][0], wrong[0][3]) == (401, True)
    assert (right[:2], right[2][:-2]) == (wrong[0][:2], wrong[0][2])
