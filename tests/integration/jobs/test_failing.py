"""Failed attempts: tried again later and later, given up in sight of everybody, taken up again by hand."""

import asyncio
from datetime import timedelta

import pytest

from portico import Conflict, Unavailable
from tests.integration.jobs import bakery
from tests.integration.jobs.conftest import Shop

pytestmark = pytest.mark.anyio


async def test_a_failed_attempt_is_undone_and_tried_again(shop: Shop) -> None:
    """What it emitted is rolled back; the next attempt comes after a pause, longer each time."""
    bakery.TROUBLES += [Conflict(), ValueError("no flour")]
    (await shop.caller.call(bakery.order_later, loaf="rye", minutes=0)).unwrap()

    runs = []
    for _ in range(3):
        runs.append(await shop.portico.run_jobs())
        assert await shop.portico.run_jobs() == 0
        shop.portico.clock.advance(timedelta(seconds=11))

    assert runs == [1, 1, 1]
    assert [event.event_name for event in await shop.portico.emitted()] == ["loaf.baked"]
    assert await shop.dead() == []


async def test_who_has_no_attempts_left_is_a_dead_letter(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    """With the reason, which callers of actions are never told; the log says which command shows it."""
    bakery.TROUBLES += [ValueError("no flour")] * 3
    (await shop.caller.call(bakery.order_later, loaf="rye", minutes=0)).unwrap()

    for _ in range(3):
        await shop.portico.run_jobs()
        shop.portico.clock.advance(timedelta(hours=1))

    (dead,) = await shop.portico.rows("select id, state, attempt, problem from portico.jobs")
    assert (dead["state"], dead["attempt"]) == ("dead", 3)
    assert caplog.messages[-1].endswith(f"given up: portico jobs show {dead['id']}")
    assert "ValueError: no flour" in str(dead["problem"])


@pytest.mark.parametrize("end", [asyncio.CancelledError(), SystemExit(3)])
async def test_a_handler_that_ends_itself_has_failed(shop: Shop, end: BaseException) -> None:
    """A task that it awaited was cancelled, or a command was called: the worker goes on, and attempts are counted."""
    bakery.TROUBLES += [end] * 3
    (await shop.caller.call(bakery.order_later, loaf="rye", minutes=0)).unwrap()

    for _ in range(3):
        assert await shop.portico.run_jobs() == 1
        shop.portico.clock.advance(timedelta(hours=1))

    (dead,) = await shop.portico.rows("select state, attempt, problem ->> 'message' as message from portico.jobs")
    assert (dead["state"], dead["attempt"]) == ("dead", 3)
    assert dead["message"] == f"RuntimeError: the handler raised {end!r}, which nobody else wanted"


async def test_an_error_says_when_to_come_again(shop: Shop) -> None:
    """And what takes too long is interrupted: its statement, too."""
    (await shop.caller.call(bakery.send_out)).unwrap()

    assert await shop.portico.run_jobs() == 2
    shop.portico.clock.advance(timedelta(seconds=80))
    assert await shop.portico.run_jobs() == 0
    shop.portico.clock.advance(timedelta(seconds=20))
    assert await shop.portico.run_jobs() == 1

    assert await shop.dead() == [
        ("bakery.deliver", "EXTERNAL_SERVICE_ERROR"),
        ("bakery.wait_for_ever", "SYS_TIMEOUT"),
    ]


async def test_whatever_an_error_says_is_noted(shop: Shop) -> None:
    """Also what no row can hold: else the job would seem to run, and its reason be lost."""
    bakery.TROUBLES += [ValueError("no\0flour")]
    (await shop.caller.call(bakery.order_later, loaf="rye", minutes=0)).unwrap()

    assert await shop.portico.run_jobs() == 1

    (job,) = await shop.portico.rows("select state, problem ->> 'message' as message from portico.jobs")
    assert tuple(job) == ("waiting", "ValueError: no\ufffdflour")


@pytest.mark.parametrize("wish", [1e300, float("inf"), 10.0**11])
async def test_an_error_that_asks_for_ages_gets_a_day(shop: Shop, wish: float) -> None:
    """What another service asks for may be any number."""
    bakery.TROUBLES += [Unavailable(retry_after=wish)]
    (await shop.caller.call(bakery.order_later, loaf="rye", minutes=0)).unwrap()

    assert await shop.portico.run_jobs() == 1
    shop.portico.clock.advance(timedelta(days=1, seconds=1))
    assert await shop.portico.run_jobs() == 1

    assert await shop.portico.rows("select from portico.jobs") == []


async def test_a_job_whose_function_is_gone_is_named(shop: Shop) -> None:
    """It is left for a while to workers that may know it; then it is a dead letter that says so."""
    (await shop.caller.call(bakery.order_later, loaf="rye", minutes=0)).unwrap()
    await shop.portico.rows("update portico.jobs set name = 'bakery.fry'")

    assert await shop.portico.run_jobs() == 0
    shop.portico.clock.advance(timedelta(minutes=16))
    await shop.portico.run_jobs()

    assert await shop.dead() == [("bakery.fry", "UNKNOWN_JOB")]


async def test_input_that_no_longer_fits_is_a_dead_letter(shop: Shop) -> None:
    """It is validated by the types that the job has when it runs, and not tried again."""
    (await shop.caller.call(bakery.order_later, loaf="rye", minutes=0)).unwrap()
    await shop.portico.rows("""update portico.jobs set input = '{"bread": "rye"}'""")

    assert await shop.portico.run_jobs() == 1

    assert await shop.dead() == [("bakery.bake", "VALIDATION_ERROR")]
    (row,) = await shop.portico.rows("select problem ->> 'message' as message from portico.jobs")
    assert "loaf: VAL_REQUIRED_FIELD" in row["message"]
