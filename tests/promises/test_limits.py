"""The limits that hold where nobody says otherwise, as numbers, headers and addresses."""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from ipaddress import ip_network

import pytest

from portico.adapters.postgres.servers import Urls
from portico.ports.counters import CountersDown, Rule, Taken
from portico.testing import Client, Harness, Reply, open_harness
from salon.app import app
from tests.promises.registry import key_of
from tests.promises.shop import open_shop, refusal

pytestmark = pytest.mark.anyio
LIMITED = (429, "RATE_LIMIT_EXCEEDED")
PASSWORD = "Correct-horse-7"


@pytest.fixture
async def strict(salon_urls: Urls) -> AsyncIterator[Harness]:
    """The Salon with its limits as they are written."""
    async with open_harness(app, salon_urls) as harness:
        await harness.empty()
        yield harness


async def statuses(client: Client, path: str, times: int) -> list[int]:
    """What the same request is answered, one after another."""
    return [(await client.get(path)).status for _ in range(times)]


async def test_an_application_allows_a_hundred_calls_a_minute(workshop_urls: Urls) -> None:
    """The default of an application that names none: the 101st call is refused, other users are not."""
    async with open_shop(workshop_urls, portico_rate_limit_factor=1) as shop:
        found = await statuses(shop.client, "/api/v1/notes", 101)
        friend = await shop.portico.member("friend@example.com", org=shop.org.id)
        other = await shop.portico.client(friend, org=shop.org.id).get("/api/v1/notes")

    assert found == [200] * 100 + [429]
    assert other.status == 200


async def test_a_limit_frees_as_its_window_moves_on(workshop_urls: Urls) -> None:
    """Refused until Retry-After has passed, and not a moment longer; refused calls do not count."""
    async with open_shop(workshop_urls, portico_rate_limit_factor=1) as shop:
        replies = [await shop.client.post("/api/v1/knock") for _ in range(5)]
        wait = int(replies[-1].headers["retry-after"])
        shop.portico.clock.advance(timedelta(seconds=wait - 2))
        early = await shop.client.post("/api/v1/knock")
        shop.portico.clock.advance(timedelta(seconds=3))
        later = await shop.client.post("/api/v1/knock")

    assert [reply.status for reply in replies] == [200, 200, 429, 429, 429]
    assert 55 <= wait <= 62
    assert (early.status, later.status) == (429, 200)


async def test_a_limited_answer_says_what_is_left(workshop_urls: Urls) -> None:
    """The draft's two headers and the older trio, on success and on refusal; Retry-After not before the reset."""
    async with open_shop(workshop_urls, portico_rate_limit_factor=1) as shop:
        done, _, refused = [await shop.client.post("/api/v1/knock") for _ in range(3)]

    assert done.headers["ratelimit-policy"] == '"app";q=100;w=60, "workshop.knock";q=2;w=60'
    assert '"workshop.knock";r=1;t=' in done.headers["ratelimit"]
    assert done.headers["x-ratelimit-limit"] == "2"
    assert done.headers["x-ratelimit-remaining"] == "1"
    assert refusal(refused) == LIMITED
    assert refused.headers["x-ratelimit-remaining"] == "0"
    assert refused.json["type"] == "https://iana.org/assignments/http-problem-types#quota-exceeded"
    assert (
        refused.json["retry_after"] == int(refused.headers["retry-after"]) >= int(refused.headers["x-ratelimit-reset"])
    )


async def sign_in(client: Client, email: str, password: str = "Wrong-horse-7") -> Reply:
    """A try to sign in."""
    return await client.post("/api/auth/sign-in", {"email": email, "password": password})


async def test_five_failed_sign_ins_lock_the_account_for_that_address_alone(strict: Harness) -> None:
    """The sixth try from there is refused even with the right password; from elsewhere the owner comes in."""
    here, elsewhere = strict.client(ip="192.0.2.1"), strict.client(ip="198.51.100.7")
    await strict.member("ada@example.com", password=PASSWORD)

    failed = [await sign_in(here, "Ada@Example.com") for _ in range(5)]
    locked = await sign_in(here, "ada@example.com", PASSWORD)
    owner = await sign_in(elsewhere, "ada@example.com", PASSWORD)

    assert {refusal(reply) for reply in failed} == {(401, "AUTH_INVALID_CREDENTIALS")}
    assert refusal(locked) == LIMITED
    assert owner.status == 200


async def test_a_lock_ends_after_fifteen_minutes(strict: Harness) -> None:
    """Not after fourteen."""
    here = strict.client(ip="192.0.2.1")
    await strict.member("ada@example.com", password=PASSWORD)
    for _ in range(5):
        await sign_in(here, "ada@example.com")

    strict.clock.advance(timedelta(minutes=14))
    early = await sign_in(here, "ada@example.com", PASSWORD)
    strict.clock.advance(timedelta(minutes=1, seconds=20))
    later = await sign_in(here, "ada@example.com", PASSWORD)

    assert (early.status, later.status) == (429, 200)


async def test_a_refusal_tells_the_limit_that_refuses(strict: Harness) -> None:
    """Not another one, which this call uses up as well: Retry-After and the reset are of the same."""
    here = strict.client(ip="192.0.2.1")

    *_, tenth = [await sign_in(here, "ada@example.com") for _ in range(10)]

    assert refusal(tenth) == LIMITED
    assert tenth.headers["ratelimit"].count(";r=0;") == 2
    assert tenth.headers["x-ratelimit-limit"] == "5"
    assert tenth.headers["x-ratelimit-reset"] == tenth.headers["retry-after"]


async def test_success_uses_up_no_failures(strict: Harness) -> None:
    """Who signs in rightly nine times a minute is never locked."""
    ip = "192.0.2.1"
    await strict.member("ada@example.com", password=PASSWORD)

    found = [(await sign_in(strict.client(ip=ip), "ada@example.com", PASSWORD)).status for _ in range(9)]

    assert set(found) == {200}


async def test_a_person_may_found_ten_organizations_an_hour(strict: Harness) -> None:
    """The eleventh has to wait, and the hour is the window."""
    founder = strict.client(await strict.member("founder@example.com"))

    found = [
        (await founder.post("/api/v1/organizations", {"name": f"Org {i}", "slug": f"org-{i}"})).status
        for i in range(11)
    ]

    strict.clock.advance(timedelta(minutes=62))
    later = await founder.post("/api/v1/organizations", {"name": "Later", "slug": "later"})
    assert found == [201] * 10 + [429]
    assert later.status == 201


async def test_an_address_may_try_ten_accounts_a_minute(strict: Harness) -> None:
    """Whatever the accounts: the eleventh try is refused, and another address's first is not."""
    here = strict.client(ip="192.0.2.1")

    found = [(await sign_in(here, f"user{i}@example.com")).status for i in range(11)]

    assert found == [401] * 10 + [429]
    assert (await sign_in(strict.client(ip="192.0.2.2"), "user0@example.com")).status == 401


async def test_one_subscriber_of_ipv6_is_one_address(strict: Harness) -> None:
    """A /64 counts as one; the next one is another."""
    found = [
        (await sign_in(strict.client(ip=f"2001:db8:0:1::{i:x}"), f"user{i}@example.com")).status for i in range(11)
    ]
    neighbor = await sign_in(strict.client(ip="2001:db8:0:2::1"), "user0@example.com")

    assert found[-1] == 429
    assert neighbor.status == 401


async def test_x_forwarded_for_changes_nothing_by_itself(strict: Harness) -> None:
    """Whoever makes up addresses stays one address."""
    here = strict.client(ip="192.0.2.1")

    found = [
        (
            await here.post(
                "/api/auth/sign-in",
                {"email": f"user{i}@example.com", "password": "x"},
                headers={"x-forwarded-for": f"203.0.113.{i}"},
            )
        ).status
        for i in range(11)
    ]

    assert found[-1] == 429


async def test_a_trusted_proxy_is_believed(salon_urls: Urls) -> None:
    """Behind it, each client is itself; what the client wrote into the header before it is not believed."""
    trusted = (ip_network("10.0.0.0/8"),)
    async with open_harness(app, salon_urls, portico_trusted_proxies=trusted) as portico:
        await portico.empty()
        proxy = portico.client(ip="10.1.2.3")
        found = []
        for i in range(11):
            forwarded = {"x-forwarded-for": f"203.0.113.{i}, 198.51.100.7"}
            body = {"email": f"user{i}@example.com", "password": "x"}
            found.append((await proxy.post("/api/auth/sign-in", body, headers=forwarded)).status)
        body = {"email": "user0@example.com", "password": "x"}
        other = await proxy.post("/api/auth/sign-in", body, headers={"x-forwarded-for": "198.51.100.8"})

    assert found == [401] * 10 + [429]
    assert other.status == 401


async def test_a_limit_is_a_setting(workshop_urls: Urls) -> None:
    """A preset's number, and a factor over all of them."""
    presets = {"portico_rate_limits": {"api": "3/m"}, "portico_rate_limit_factor": 1}
    async with open_shop(workshop_urls, **presets) as shop:
        by_preset = await statuses(shop.client, "/api/v1/notes", 4)
    async with open_shop(workshop_urls, portico_rate_limit_factor=2) as shop:
        by_factor = [(await shop.client.post("/api/v1/knock")).status for _ in range(5)]

    assert by_preset == [200, 200, 200, 429]
    assert by_factor == [200] * 4 + [429]


async def test_one_limit_does_not_use_up_another(workshop_urls: Urls) -> None:
    """Each layer counts for itself: the action's two are gone, the application's hundred are not."""
    async with open_shop(workshop_urls, portico_rate_limit_factor=1) as strict:
        for _ in range(3):
            await strict.client.post("/api/v1/knock")

        assert (await strict.client.get("/api/v1/notes")).status == 200


async def test_where_nobody_can_count_accounts_are_closed(strict: Harness) -> None:
    """Nobody guesses while limits are not held: 503, whatever is asked; what fails open is answered."""
    await strict.member("ada@example.com", password=PASSWORD)
    bob = await strict.member("bob@example.com")
    client, key = strict.client(bob), await key_of(strict, bob, "*")
    await strict.rows("update portico.api_keys set rate = '60/m'")
    object.__setattr__(strict.app.running.pipeline.services, "counters", Down())

    guess = await sign_in(strict.client(), "ada@example.com", PASSWORD)
    found = await client.post("/api/v1/organizations", {"name": "Org", "slug": "org"})
    me = await client.get("/api/auth/me")
    counted = await key.get("/api/auth/me")

    assert refusal(guess) == refusal(found) == refusal(counted) == (503, "EXTERNAL_SERVICE_ERROR")
    assert me.status == 200


def test_every_limit_of_accounts_and_organizations_is_closed() -> None:
    """And every action that writes has one of its own, by which the application's default is not meant."""
    own = {n: plan for n, plan in app.plans.items() if n.startswith(("identity.", "organizations.", "users"))}
    held = {
        n: [limit for limit in (*p.caller_limits, *p.limits) if vars(limit)["scope"] != "app"] for n, p in own.items()
    }

    assert {vars(limit)["fail"] for limits in held.values() for limit in limits} == {"closed"}
    assert [n for n, plan in own.items() if not plan.read_only and not held[n]] == []


class Down:
    """Counters that do not answer."""

    def take(self, keys: Sequence[str], rules: tuple[Rule, ...]) -> Taken:
        """Fail."""
        raise CountersDown
