"""Every failure of the database has its code, and none of its words reaches a caller."""

import logging

import pytest

from tests.promises.shop import NOTHING, Shop, refusal
from tests.promises.workshop import waiting

pytestmark = pytest.mark.anyio
WORDS = ("the-text-of", "the-detail-of", "the-hint-of", "the_constraint_of", "provoke", "PL/pgSQL", "Traceback")
CONFLICT, DUPLICATE, GONE = (409, "CONFLICT"), (409, "BIZ_DUPLICATE_ENTRY"), (404, "NOT_FOUND")
INVALID, FORBIDDEN, SLOW = (422, "VALIDATION_ERROR"), (403, "FORBIDDEN"), (504, "SYS_TIMEOUT")
DOWN, BROKEN = (503, "EXTERNAL_SERVICE_ERROR"), (500, "INTERNAL_ERROR")
TABLE = {
    "23505": DUPLICATE,
    "23P01": CONFLICT,
    "23503": GONE,
    "23502": INVALID,
    "23514": INVALID,
    "22P02": INVALID,
    "22021": INVALID,
    "22P05": INVALID,
    "22000": INVALID,
    "22003": INVALID,
    "22008": INVALID,
    "22001": INVALID,
    "42501": FORBIDDEN,
    "40001": CONFLICT,
    "40P01": CONFLICT,
    "0A000": CONFLICT,
    "57014": SLOW,
    "53100": DOWN,
    "53200": DOWN,
    "53300": DOWN,
    "55P03": DOWN,
    "57P01": DOWN,
    "57P02": DOWN,
    "57P03": DOWN,
    "08006": DOWN,
    "42P01": BROKEN,
    "42601": BROKEN,
    "P0001": BROKEN,
    "XX000": BROKEN,
}


@pytest.mark.parametrize("state", TABLE)
async def test_each_state_has_its_answer(shop: Shop, state: str) -> None:
    """Status and code as SPEC says; no text, detail, hint, constraint or statement of the database in it."""
    reply = await shop.client.post("/api/v1/provoke", {"state": state})

    assert refusal(reply) == TABLE[state]
    assert [word for word in (*WORDS, state) if word in reply.text] == []
    assert await shop.left_behind() == NOTHING
    assert (await shop.client.get("/api/v1/notes")).status == 200


@pytest.mark.parametrize("state", ["40001", "40P01", "0A000", "57014", "53300", "08006"])
async def test_what_may_pass_says_when_to_come_back(shop: Shop, state: str) -> None:
    """Retryable, with the same number in the body and in Retry-After."""
    reply = await shop.client.post("/api/v1/provoke", {"state": state})

    assert reply.json["retryable"] is True
    assert reply.json["retry_after"] == int(reply.headers["retry-after"]) >= 1


@pytest.mark.parametrize("state", ["23505", "42501"])
async def test_what_will_not_pass_says_so(shop: Shop, state: str) -> None:
    """A duplicate stays one, however often it is sent."""
    reply = await shop.client.post("/api/v1/provoke", {"state": state})

    assert reply.json["retryable"] is False
    assert reply.json["retry_after"] is None


@pytest.mark.parametrize("state", ["40001", "40P01", "0A000"])
async def test_what_is_worth_running_again_is_run_again(shop: Shop, state: str) -> None:
    """The whole transaction runs a second time, and the caller never learns of the first."""
    reply = await shop.client.post("/api/v1/provoke/once", {"state": state, "body": "once"})

    assert reply.status == 200
    assert waiting.calls == 2
    assert (await shop.left_behind())["notes"] == 1


async def test_it_is_not_run_again_for_ever(shop: Shop) -> None:
    """Three times, then the caller is told."""
    await shop.client.post("/api/v1/provoke", {"state": "40001"})

    assert waiting.calls == 3


@pytest.mark.parametrize("state", ["40001", "40P01"])
async def test_who_was_in_the_way_has_time_to_end(shop: Shop, state: str) -> None:
    """Run again at once, a call may take the very row that the other was given, and both wait for each other anew."""
    await shop.client.post("/api/v1/provoke", {"state": state})

    first, second, third = waiting.moments
    assert min(second - first, third - second) > 0.01


async def test_the_log_has_it_all_under_the_caller_s_request_id(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    """What the caller is spared, the operator finds by the id that the caller was given."""
    with caplog.at_level(logging.ERROR, "portico"):
        reply = await shop.client.post("/api/v1/provoke", {"state": "XX000"})

    found = [record for record in caplog.records if "the-text-of-the-database" in record.getMessage()]
    assert [record.__dict__["request_id"] for record in found] == [reply.json["request_id"]]
    assert reply.headers["x-request-id"] == reply.json["request_id"]


async def test_a_query_that_writes_is_a_mistake_named_in_the_log(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    """The database refuses it; the caller sees a 500, the log says what to declare."""
    with caplog.at_level(logging.ERROR, "portico"):
        reply = await shop.client.get("/api/v1/writes")

    assert refusal(reply) == BROKEN
    assert "declare a mutation" in caplog.text
    assert "workshop.writes" in caplog.text
    assert await shop.left_behind() == NOTHING


async def test_a_careless_handler_s_words_stay_in_the_log(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    """An exception that nobody declared is one sentence to the caller."""
    with caplog.at_level(logging.ERROR, "portico"):
        reply = await shop.client.post("/api/v1/broken", {"password": "hunter2-hunter2"})

    assert refusal(reply) == BROKEN
    assert "hunter2" not in reply.text
    assert "Traceback" not in reply.text
    assert reply.json["request_id"] in {record.__dict__.get("request_id") for record in caplog.records}
