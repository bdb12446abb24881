"""RateLimit: so many attempts in any window, and every limited answer says how many are left."""

from datetime import timedelta

import pytest

from portico import App
from portico.testing import Harness, Reply, open_harness
from tests.integration.office.people import Office, code, open_office

pytestmark = pytest.mark.anyio
LIMITED = "/api/v1/limited"


async def post(office: Office, count: int, path: str = LIMITED, **json: object) -> list[int]:
    """The statuses of so many posts of a member."""
    client = office.wire(office.member)
    return [(await client.post(path, json or None)).status for _ in range(count)]


async def test_one_more_than_the_limit_is_refused(alpha: Office) -> None:
    """With the time to wait in the answer, and as a problem of the registered type."""
    assert await post(alpha, 3) == [200] * 3

    reply = await alpha.wire(alpha.member).post(LIMITED)

    assert code(reply) == (429, "RATE_LIMIT_EXCEEDED")
    assert 1 <= int(reply.headers["retry-after"]) <= 61
    assert reply.json["retry_after"] == int(reply.headers["retry-after"])
    assert (reply.json["retryable"], reply.json["type"].rpartition("#")[2]) == (True, "quota-exceeded")


async def test_every_limited_answer_says_what_is_left(alpha: Office) -> None:
    """All limits in the structured fields, the tightest in the older trio; on a refusal, too."""
    client = alpha.wire(alpha.member)
    replies = [await client.post(LIMITED) for _ in range(5)]

    assert [r.headers["x-ratelimit-remaining"] for r in replies] == ["2", "1", "0", "0", "0"]
    assert {r.headers["x-ratelimit-limit"] for r in replies} == {"3"}
    assert replies[0].headers["ratelimit-policy"] == '"app";q=100;w=60, "samples.limited";q=3;w=60'
    assert replies[0].headers["ratelimit"].startswith('"app";r=99;t=')


async def test_the_window_moves_on(portico: Harness, alpha: Office) -> None:
    """Whoever waits as told is let in again."""
    await post(alpha, 3)
    refused = await alpha.wire(alpha.member).post(LIMITED)

    portico.clock.advance(timedelta(seconds=int(refused.headers["retry-after"]) - 2))
    early = await post(alpha, 1)
    portico.clock.advance(timedelta(seconds=3))

    assert early == [429]
    assert await post(alpha, 1) == [200]


async def test_a_failed_attempt_is_an_attempt(alpha: Office) -> None:
    """Rolling back gives no try back."""
    assert await post(alpha, 4, fail=True) == [409, 409, 409, 429]


async def test_an_invalid_attempt_is_an_attempt(alpha: Office) -> None:
    """Or a form could be tried without end."""
    assert await post(alpha, 4, fail="perhaps") == [422, 422, 422, 429]


async def test_an_attempt_counts_once_however_often_its_transaction_runs(alpha: Office) -> None:
    """That the database wants it run again is not the caller's doing."""
    reply = await alpha.wire(alpha.member).post("/api/v1/limited-and-repeated")

    assert reply.json == {"data": 3}
    assert reply.headers["x-ratelimit-remaining"] == "8"


async def test_users_count_for_themselves(alpha: Office) -> None:
    """From the same address."""
    await post(alpha, 4)

    assert (await alpha.wire(alpha.other).post(LIMITED)).status == 200


async def test_one_user_counts_together_from_everywhere(alpha: Office) -> None:
    """A second address is no second allowance."""
    statuses = [(await alpha.wire(alpha.member, ip=f"192.0.2.{n}").post(LIMITED)).status for n in range(4)]

    assert statuses == [200, 200, 200, 429]


async def test_a_refused_caller_costs_no_connection(portico: Harness, alpha: Office) -> None:
    """Told again from memory: a database that is gone is not missed."""
    await post(alpha, 4)
    await portico.app.running.database.close()

    reply = await alpha.wire(alpha.member).post(LIMITED)
    other = await alpha.wire(alpha.other).post(LIMITED)

    assert code(reply) == (429, "RATE_LIMIT_EXCEEDED")
    assert reply.headers["x-ratelimit-remaining"] == "0"
    assert code(other) == (503, "EXTERNAL_SERVICE_ERROR")


async def test_an_address_counts_before_anybody_is_known(portico: Harness, alpha: Office) -> None:
    """Signed in or not; another address is another subscriber."""
    path = "/api/v1/limited-by-address"
    first = [(await portico.client(ip="192.0.2.1").post(path)).status for _ in range(2)]

    assert first == [200, 200]
    assert (await alpha.wire(alpha.member, ip="192.0.2.1").post(path)).status == 429
    assert (await portico.client(ip="192.0.2.2").post(path)).status == 200


async def test_an_ipv6_subscriber_is_one_address(portico: Harness) -> None:
    """A /64 has more addresses than anybody can count."""
    path = "/api/v1/limited-by-address"

    statuses = [(await portico.client(ip=f"2001:db8::{n}").post(path)).status for n in range(1, 4)]

    assert statuses == [200, 200, 429]
    assert (await portico.client(ip="2001:db8:0:1::1").post(path)).status == 200


async def test_a_forged_forwarded_header_is_no_new_address(portico: Harness) -> None:
    """No proxy is trusted unless the settings name it."""
    path = "/api/v1/limited-by-address"

    replies = [await portico.client().post(path, headers={"x-forwarded-for": f"192.0.2.{n}"}) for n in range(3)]

    assert [r.status for r in replies] == [200, 200, 429]


async def test_a_limit_may_count_by_input(portico: Harness) -> None:
    """Whatever its case; and other input may pass."""
    path = "/api/v1/limited-by-email"

    async def send(email: str) -> Reply:
        return await portico.client().post(path, {"email": email})

    assert [(await send(e)).status for e in ("a@x", "A@X", "b@x")] == [200, 429, 200]


async def test_an_organization_counts_together(alpha: Office, beta: Office) -> None:
    """All its people; another's are not counted."""
    path = "/api/v1/limited-by-org"
    people = [alpha.owner, alpha.member, alpha.other]

    assert [(await alpha.wire(user).post(path)).status for user in people] == [200, 200, 429]
    assert (await beta.wire(beta.owner).post(path)).status == 200


async def test_who_is_refused_at_one_address_may_pass_at_another(alpha: Office) -> None:
    """Where that counts."""
    path = "/api/v1/limited-by-user-and-address"
    here, there = alpha.wire(alpha.member, ip="192.0.2.1"), alpha.wire(alpha.member, ip="198.51.100.7")

    assert [(await client.post(path)).status for client in (here, here, there, there)] == [200, 429, 200, 429]


async def test_a_token_of_nobody_counts_by_its_address(portico: Harness) -> None:
    """A refusal at one is none at another."""
    path, token = "/api/v1/limited-by-user-or-address", {"authorization": "Bearer of-nobody"}
    ips = ("192.0.2.1", "192.0.2.1", "198.51.100.7")

    assert [(await portico.client(ip=ip).post(path, headers=token)).status for ip in ips] == [200, 429, 200]


async def test_a_better_plan_counts_at_once(portico: Harness, alpha: Office) -> None:
    """Whoever was refused on the old one need not wait for what the old one said."""
    path = "/api/v1/limited-by-plan"
    assert await post(alpha, 2, path) == [200, 429]

    await portico.rows("update portico.organizations set plan = 'pro' where id = $1", alpha.org.id)

    assert await post(alpha, 1, path) == [200]


async def test_who_changes_the_organization_is_not_refused_for_the_old_one(portico: Harness, alpha: Office) -> None:
    """Though no header says which one it is."""
    path, opened = "/api/v1/limited-by-org", "update portico.sessions set active_org = $1 where user_id = $2"
    other = await portico.organization("Delta")
    await portico.member(alpha.member.email, org=other.id)
    client = portico.client(alpha.member)
    await portico.rows(opened, alpha.org.id, alpha.member.id)
    before = [(await client.post(path)).status for _ in range(3)]

    await portico.rows(opened, other.id, alpha.member.id)

    assert before == [200, 200, 429]
    assert (await client.post(path)).status == 200


async def test_the_application_s_default_is_a_hundred_a_minute(alpha: Office) -> None:
    """Over all actions together."""
    client = alpha.wire(alpha.member)
    paths = ["/api/v1/members", "/api/v1/signed-in"] * 50
    assert {(await client.get(path)).status for path in paths} == {200}

    reply = await client.get("/api/v1/members")

    assert code(reply) == (429, "RATE_LIMIT_EXCEEDED")
    assert (await alpha.wire(alpha.other).get("/api/v1/members")).status == 200


async def test_an_operator_raises_limits_by_settings(portico: Harness, portico_app: App) -> None:
    """All of them by a factor, presets by name."""
    settings = {"portico_rate_limit_factor": 2, "portico_rate_limits": {"api": "1/m"}}
    async with open_harness(portico_app, portico.urls, **settings) as harness:
        await harness.empty()
        office = await open_office(harness, "Gamma")

        answer = await office.wire(office.member).post(LIMITED)

    assert answer.headers["ratelimit-policy"] == '"app";q=2;w=60, "samples.limited";q=6;w=60'


async def test_a_proxy_that_the_settings_name_is_believed(portico: Harness, portico_app: App) -> None:
    """Then its clients count each for themselves."""
    async with open_harness(portico_app, portico.urls, portico_trusted_proxies="127.0.0.0/8") as harness:
        statuses = [
            (await harness.client().post("/api/v1/limited-by-address", headers={"x-forwarded-for": ip})).status
            for ip in ("192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.2")
        ]

    assert statuses == [200, 200, 429, 200]
