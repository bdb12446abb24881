"""What collides is run again, and what a migration changed is read anew."""

import asyncio

import pytest

from tests.promises.shop import Shop
from tests.promises.workshop import meeting

pytestmark = pytest.mark.anyio


async def test_two_calls_that_lock_each_other_out_both_succeed(shop: Shop) -> None:
    """The database ends one of a deadlock; it runs again, and both rows are written twice."""
    one, two = [(await shop.write(body)).json["data"]["id"] for body in ("one", "two")]

    replies = await asyncio.gather(
        shop.client.post("/api/v1/swap", {"first": one, "second": two}),
        shop.client.post("/api/v1/swap", {"first": two, "second": one}),
    )

    assert [reply.status for reply in replies] == [200, 200]
    assert meeting.came > 2
    notes = (await shop.client.get("/api/v1/notes")).json["data"]
    assert [note["version"] for note in notes] == [3, 3]


async def test_a_migration_under_a_running_server_costs_nobody_an_answer(shop: Shop) -> None:
    """Statements prepared before a column came are prepared anew: every answer is right, on every connection."""
    await shop.write("before")
    await asyncio.gather(*(shop.client.get("/api/v1/notes") for _ in range(8)))
    await shop.portico.rows("alter table notes add column mood text")
    try:
        replies = await asyncio.gather(*(shop.client.get("/api/v1/notes") for _ in range(8)))
    finally:
        await shop.portico.rows("alter table notes drop column mood")

    assert {reply.status for reply in replies} == {200}
    assert all(reply.json["data"][0]["body"] == "before" for reply in replies)


async def test_twins_that_race_for_one_row_leave_one(shop: Shop) -> None:
    """Twenty callers write the same note at once without a key: one is done, the others are told of a duplicate."""
    replies = await asyncio.gather(*(shop.write("same") for _ in range(20)))

    assert sorted(reply.status for reply in replies) == [201] + [409] * 19
    assert (await shop.left_behind())["notes"] == 1
