"""What refuses a request is not stored under its key; what was done is replayed, whatever happened since."""

import asyncio
from datetime import timedelta

import pytest

from portico.adapters.postgres.servers import Urls
from portico.testing import Harness, open_harness
from salon.app import app
from tests.promises.business import Business, colleague, open_business
from tests.promises.shop import Shop, refusal, until
from tests.promises.workshop import waiting

pytestmark = pytest.mark.anyio


async def stored(portico: Harness) -> int:
    """How many answers are kept."""
    return int((await portico.rows("select count(*) from portico.idempotency"))[0][0])


async def test_an_invalid_request_may_be_mended_under_its_key(salon: Harness, alpha: Business) -> None:
    """422 is not stored."""
    visit = alpha.visit()
    refused = await alpha.book("mended", visit | {"notes": "x" * 501})
    kept = await stored(salon)

    mended = await alpha.book("mended", visit)

    assert (refused.status, kept) == (422, 0)
    assert mended.status == 201


async def test_a_forbidden_request_may_be_repeated_once_allowed(salon: Harness, alpha: Business) -> None:
    """401 and 403 are not stored."""
    friend = await colleague(salon, alpha, "helper@example.com", role="guest")
    visit = alpha.visit()
    nobody = await alpha.book("allowed", visit, salon.client())
    refused = await alpha.book("allowed", visit, friend)
    kept = await stored(salon)

    await salon.rows("update portico.members set role = 'member' where role = 'guest'")
    allowed = await alpha.book("allowed", visit, friend)

    assert [nobody.status, refused.status, kept] == [401, 403, 0]
    assert allowed.status == 201


async def test_a_limited_request_may_be_repeated_in_time(salon_urls: Urls) -> None:
    """429 is not stored."""
    async with open_harness(app, salon_urls) as portico:
        await portico.empty()
        alpha = await open_business(portico, "Limited")
        visits = [alpha.visit() for _ in range(31)]
        replies = [await alpha.book(f"limited-{i}", visit) for i, visit in enumerate(visits)]

        portico.clock.advance(timedelta(seconds=int(replies[-1].headers["retry-after"])))
        again = await alpha.book("limited-30", visits[-1])

    assert [reply.status for reply in replies] == [201] * 30 + [429]
    assert again.status == 201
    assert "idempotent-replayed" not in again.headers


async def test_a_refused_booking_may_be_repeated_once_its_slot_is_free(alpha: Business) -> None:
    """409 of the handler wrote nothing and is not stored; the same key books when the slot is free again."""
    visit = alpha.visit()
    first = await alpha.book("first", visit)
    taken = await alpha.book("second", visit)
    await alpha.client.post(f"/api/v1/appointments/{first.json['data']['id']}/cancel", {"reason": "ill"})

    booked = await alpha.book("second", visit)

    assert refusal(taken) == (409, "BIZ_SLOT_TAKEN")
    assert booked.status == 201
    assert "idempotent-replayed" not in booked.headers


async def test_a_booking_is_replayed_where_its_slot_would_now_refuse(alpha: Business) -> None:
    """Cancelled, and its slot given to another: the first answer comes back all the same."""
    visit = alpha.visit()
    first = await alpha.book("first", visit)
    await alpha.client.post(f"/api/v1/appointments/{first.json['data']['id']}/cancel", {"reason": "ill"})
    await alpha.book("second", visit)

    again = await alpha.book("first", visit)

    assert again.headers["idempotent-replayed"] == "true"
    assert again.content == first.content


async def test_a_booking_is_replayed_where_its_customer_is_gone(salon: Harness, alpha: Business) -> None:
    """References are judged when the work is done, not when its answer is repeated."""
    visit = alpha.visit()
    first = await alpha.book("gone", visit)
    await salon.rows("delete from appointments")
    await salon.rows("delete from customers")

    again = await alpha.book("gone", visit)

    assert again.content == first.content


async def test_a_replay_needs_the_permission_still(salon: Harness, alpha: Business) -> None:
    """Who may no longer book is not told what was booked."""
    friend = await colleague(salon, alpha, "left@example.com")
    visit = alpha.visit()
    await alpha.book("mine", visit, friend)
    await salon.rows("update portico.members set role = 'guest' where role = 'member'")

    again = await alpha.book("mine", visit, friend)

    assert refusal(again) == (403, "FORBIDDEN")
    assert "data" not in again.json


async def test_a_failure_is_not_stored(shop: Shop) -> None:
    """A 500 under a key leaves the key new, and nothing else behind."""
    failed = await shop.client.post("/api/v1/provoke", {"state": "XX000"}, headers={"idempotency-key": "k"})

    reply = await shop.write("now", key="k")

    assert failed.status == 500
    assert reply.status == 201


async def test_a_twin_of_a_running_request_is_told_to_wait(shop: Shop) -> None:
    """While the first runs, its twin is 409 at once, with Retry-After; when it is done, the twin is a replay."""
    path, body, headers = "/api/v1/hold", {"body": "held"}, {"idempotency-key": "k"}
    first = asyncio.create_task(shop.client.post(path, body, headers=headers))
    await until(waiting.arrived)

    twin = await shop.client.post(path, body, headers=headers)
    waiting.go_on.set()
    done = await first
    later = await shop.client.post(path, body, headers=headers)

    assert refusal(twin) == (409, "IDEMPOTENCY_IN_PROGRESS")
    assert int(twin.headers["retry-after"]) >= 1
    assert (later.status, later.content) == (done.status, done.content)
    assert later.headers["idempotent-replayed"] == "true"


async def test_an_anonymous_key_is_the_address_s_own(shop: Shop) -> None:
    """Nobody signed in: the same key from the same address replays, from another address it is another key."""
    headers = {"idempotency-key": "k"}
    here, there = shop.portico.client(ip="192.0.2.1"), shop.portico.client(ip="198.51.100.7")

    first = await here.post("/api/v1/guest", {"name": "Ada"}, headers=headers)
    again = await here.post("/api/v1/guest", {"name": "Ada"}, headers=headers)
    elsewhere = await there.post("/api/v1/guest", {"name": "Ada"}, headers=headers)

    assert again.headers["idempotent-replayed"] == "true"
    assert again.content == first.content
    assert elsewhere.status == 200
    assert elsewhere.content != first.content
