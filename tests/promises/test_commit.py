"""A COMMIT that fails, that was not one, and of which nobody knows: the answer never says more than is true."""

from uuid import uuid4

import pytest

from tests.promises.proxy import Proxy
from tests.promises.shop import NOTHING, ONE, Shop, refusal

pytestmark = pytest.mark.anyio
DOWN = (503, "EXTERNAL_SERVICE_ERROR")
KEPT = "/api/v1/notes/kept"


async def test_a_failed_commit_is_no_success(shop: Shop) -> None:
    """A deferred constraint fails at COMMIT: the constraint's own error, and nothing of the call is left."""
    reply = await shop.write("orphan", key="k", parent_id=str(uuid4()))

    assert refusal(reply) == (404, "WORKSHOP_NO_PARENT")
    assert await shop.left_behind() == NOTHING
    assert "location" not in reply.headers


async def test_after_a_failed_commit_the_key_is_free(shop: Shop) -> None:
    """The same key does what it should, once it can."""
    await shop.write("orphan", key="k", parent_id=str(uuid4()))

    reply = await shop.write("mended", key="k")

    assert reply.status == 201
    assert await shop.left_behind() == ONE


@pytest.mark.parametrize("path", ["swallow", "swallow-audited"])
async def test_a_swallowed_error_is_no_success(shop: Shop, path: str) -> None:
    """A handler that goes on after a failed statement answers 500: its COMMIT was a ROLLBACK."""
    reply = await shop.client.post(f"/api/v1/notes/{path}", {"body": "never"})

    assert refusal(reply) == (500, "INTERNAL_ERROR")
    assert await shop.left_behind() == NOTHING
    assert (await shop.write("next")).status == 201


async def test_a_commit_that_never_arrived_is_done_once_under_its_key(wired: Shop, proxy: Proxy) -> None:
    """The connection breaks before COMMIT reaches the server: retryable, and the retry is the first to do it."""
    proxy.cut_before = "commit"
    lost = await wired.write("one", key="k")
    proxy.cut_before = ""

    again = await wired.write("one", key="k")

    assert refusal(lost) == DOWN
    assert lost.json["retryable"] is True
    assert again.status == 201
    assert "idempotent-replayed" not in again.headers
    assert await wired.left_behind() == ONE


async def test_a_commit_whose_answer_was_lost_is_done_once_under_its_key(wired: Shop, proxy: Proxy) -> None:
    """The connection breaks after the server has committed: retryable, and the retry replays what was done."""
    proxy.cut_after = "commit"
    lost = await wired.write("one", key="k")
    proxy.cut_after = ""

    again = await wired.write("one", key="k")

    assert refusal(lost) == DOWN
    assert lost.json["retryable"] is True
    assert again.status == 201
    assert again.headers["idempotent-replayed"] == "true"
    assert await wired.left_behind() == ONE


@pytest.mark.parametrize("moment", ["cut_before", "cut_after"])
async def test_without_a_key_a_lost_commit_is_not_worth_a_retry(wired: Shop, proxy: Proxy, moment: str) -> None:
    """Nobody knows whether it was done, and only a key would make a second try safe: the answer says so."""
    setattr(proxy, moment, "commit")
    lost = await wired.write("one")
    setattr(proxy, moment, "")

    assert refusal(lost) == DOWN
    assert lost.json["retryable"] is False
    assert "retry-after" not in lost.headers
    assert (await wired.left_behind())["notes"] == (0 if moment == "cut_before" else 1)


async def test_a_query_s_lost_commit_is_worth_a_retry(wired: Shop, proxy: Proxy) -> None:
    """Reading twice is always safe."""
    await wired.write("one")
    proxy.cut_before = "commit"
    lost = await wired.client.get("/api/v1/notes")
    proxy.cut_before = ""

    assert refusal(lost) == DOWN
    assert lost.json["retryable"] is True
    assert (await wired.client.get("/api/v1/notes")).status == 200


async def test_a_lost_commit_never_counts_as_failed(wired: Shop, proxy: Proxy) -> None:
    """What may have been done is not on record as failed: the audit says `done` where it was, and nothing where not."""
    proxy.cut_after = "commit"
    await wired.write("one", key="k")
    proxy.cut_after = ""

    rows = await wired.portico.rows("select outcome from portico.audit")

    assert [row["outcome"] for row in rows] == ["done"]


async def test_a_commit_that_may_have_been_done_makes_kept_answers_stale(wired: Shop, proxy: Proxy) -> None:
    """Who reads after it sees what is in the database, not what was before."""
    before = await wired.client.get(KEPT)
    proxy.cut_after = "commit"
    lost = await wired.client.post(KEPT, {"body": "done"})
    proxy.cut_after = ""

    after = await wired.client.get(KEPT)

    assert refusal(lost) == DOWN
    assert (before.json["data"], [note["body"] for note in after.json["data"]]) == ([], ["done"])
