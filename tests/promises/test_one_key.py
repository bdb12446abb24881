"""A key is one booking, however often, how fast and from how many hands its request comes."""

import asyncio
from collections import Counter

import pytest

from portico.testing import Harness, Reply
from tests.promises.business import Business, colleague, left_behind
from tests.promises.shop import refusal

pytestmark = pytest.mark.anyio
ONCE = {"bookings": 1, "audits": 1, "events": 1, "answers": 1}


async def test_two_hundred_posts_at_once_are_one_booking(salon: Harness, alpha: Business) -> None:
    """One row, one audit row; every answer is the same 201, a marked replay, or 409 that says when to come back."""
    visit = alpha.visit()

    replies = await asyncio.gather(*(alpha.book("one-key", visit) for _ in range(200)))

    done = [reply for reply in replies if reply.status == 201]
    busy = [reply for reply in replies if reply.status != 201]
    assert len({reply.content for reply in done}) == 1
    assert len([reply for reply in done if "idempotent-replayed" not in reply.headers]) == 1
    assert {refusal(reply) for reply in busy} <= {(409, "IDEMPOTENCY_IN_PROGRESS")}
    assert all(int(reply.headers["retry-after"]) >= 1 and reply.json["retryable"] for reply in busy)
    assert await left_behind(salon, alpha.org.id) == ONCE


async def test_whoever_was_told_to_wait_gets_the_answer_later(alpha: Business) -> None:
    """Repeated until they succeed, all of them end with the one booking."""
    visit = alpha.visit()

    async def persist() -> Reply:
        while (reply := await alpha.book("patience", visit)).status == 409:
            pass
        return reply

    replies = await asyncio.gather(*(persist() for _ in range(20)))

    assert Counter(reply.status for reply in replies) == {201: 20}
    assert len({reply.content for reply in replies}) == 1


async def test_a_replay_is_the_first_answer_marked(alpha: Business) -> None:
    """Status, Location, tags and every byte of the body come again; the request id is the new request's."""
    visit = alpha.visit()
    first = await alpha.book("again", visit)

    again = await alpha.book("again", visit)

    assert again.headers["idempotent-replayed"] == "true"
    assert (again.status, again.content) == (first.status, first.content)
    for name in ("location", "invalidates", "content-type"):
        assert again.headers[name] == first.headers[name]
    assert first.headers["location"] == f"/api/v1/appointments/{first.json['data']['id']}"
    assert again.headers["x-request-id"] != first.headers["x-request-id"]
    assert "set-cookie" not in again.headers


async def test_input_spelled_otherwise_is_the_same_request(alpha: Business) -> None:
    """The fingerprint is of the validated input: the order of members and the zone of a time do not matter."""
    visit = alpha.visit(scheduled_at="2031-03-01T10:00:00+00:00")
    first = await alpha.book("spelled", visit)
    reordered = {name: visit[name] for name in reversed(visit)} | {"scheduled_at": "2031-03-01T11:00:00+01:00"}

    again = await alpha.book("spelled", reordered)

    assert again.headers["idempotent-replayed"] == "true"
    assert again.content == first.content


async def test_the_same_key_for_something_else_is_refused(salon: Harness, alpha: Business) -> None:
    """Other input, or another action, under a used key is 422 and does nothing."""
    booked = await alpha.book("used", alpha.visit())
    cancel = f"/api/v1/appointments/{booked.json['data']['id']}/cancel"

    other_input = await alpha.book("used", alpha.visit())
    other_action = await alpha.client.post(cancel, {"reason": "ill"}, headers={"idempotency-key": "used"})

    assert refusal(other_input) == refusal(other_action) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert not other_input.json["retryable"]
    assert await left_behind(salon, alpha.org.id) == ONCE


async def test_a_key_belongs_to_who_sent_it(salon: Harness, alpha: Business, beta: Business) -> None:
    """A colleague's, and another organization's, same key is a key of its own."""
    friend = await colleague(salon, alpha, "friend@example.com")

    replies = [
        await alpha.book("shared", alpha.visit()),
        await alpha.book("shared", alpha.visit(), friend),
        await beta.book("shared", beta.visit()),
    ]

    assert [reply.status for reply in replies] == [201, 201, 201]
    assert not any("idempotent-replayed" in reply.headers for reply in replies)
    assert len({reply.json["data"]["id"] for reply in replies}) == 3


async def test_one_person_s_key_is_another_one_in_another_organization(
    salon: Harness, alpha: Business, beta: Business
) -> None:
    """Who belongs to two organizations has the key once in each."""
    await salon.rows(
        "insert into portico.members (org_id, user_id, role) values ($1, $2, 'admin')", beta.org.id, alpha.owner.id
    )
    elsewhere = salon.client(alpha.owner, org=beta.org.id)

    here = await alpha.book("both", alpha.visit())
    there = await beta.book("both", beta.visit(), elsewhere)

    assert here.status == there.status == 201
    assert "idempotent-replayed" not in there.headers


@pytest.mark.parametrize("key", ["", '"', '""', '"open', 'in"side', "x" * 256, f'"{"x" * 256}"', "tab\tin", "ümlaut"])
async def test_a_malformed_key_is_refused(alpha: Business, key: str) -> None:
    """What is no key of 1 to 255 printable characters is 400."""
    reply = await alpha.book(key, alpha.visit())

    expected = "IDEMPOTENCY_KEY_MALFORMED" if key else "IDEMPOTENCY_KEY_MISSING"
    assert refusal(reply) == (400, expected)


async def test_a_missing_key_is_refused_where_one_is_required(alpha: Business) -> None:
    """400, and nothing was booked."""
    reply = await alpha.client.post("/api/v1/appointments", alpha.visit())

    assert refusal(reply) == (400, "IDEMPOTENCY_KEY_MISSING")


async def test_a_key_may_be_quoted(alpha: Business) -> None:
    """The draft's quotes are no part of the key."""
    visit = alpha.visit()
    first = await alpha.book('"9f-1"', visit)

    again = await alpha.book("9f-1", visit)

    assert again.headers["idempotent-replayed"] == "true"
    assert again.content == first.content


async def test_after_a_day_the_key_is_new(salon: Harness, alpha: Business) -> None:
    """Kept for 24 hours, to the minute; then the same key may mean something else."""
    await alpha.book("old", alpha.visit())
    kept = await salon.rows("select expires_at - now() as left from portico.idempotency")
    await salon.rows("update portico.idempotency set expires_at = now() - interval '1 second'")

    reply = await alpha.book("old", alpha.visit())

    assert 23.9 * 3600 < kept[0]["left"].total_seconds() <= 24 * 3600
    assert reply.status == 201
    assert "idempotent-replayed" not in reply.headers
