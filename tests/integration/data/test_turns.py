"""Several tasks of one call at the database: one connection, in turn."""

import pytest

from portico import Misconfigured
from portico.testing import Harness
from tests.integration.office.people import Office, code
from tests.integration.office.queue import LEFT

pytestmark = pytest.mark.anyio


async def test_tasks_of_one_call_take_turns(alpha: Office) -> None:
    """`asyncio.gather` over `ctx.db`: every task gets its own answer."""
    reply = await alpha.wire(alpha.member).get("/api/v1/crowd?size=40")

    assert reply.json["data"] == list(range(40))


async def test_cursors_take_turns_too(alpha: Office) -> None:
    """Step by step, beside each other and a statement."""
    reply = await alpha.wire(alpha.member).get("/api/v1/crowd/streams")

    assert reply.json["data"] == [1200 * 1201 // 2, 7, 700 * 701 // 2]


async def test_a_failure_waits_for_the_other_tasks_statement(alpha: Office, caplog: pytest.LogCaptureFixture) -> None:
    """The caller is told what went wrong, and the connection is not lost for it."""
    wire = alpha.wire(alpha.member)
    before = await pids(alpha.harness)

    reply = await wire.get("/api/v1/crowd/failing")

    assert code(reply) == (422, "VALIDATION_ERROR")
    assert await pids(alpha.harness) == before
    assert caplog.messages == []


async def test_a_task_that_outlives_its_call_is_refused_its_connection(alpha: Office) -> None:
    """It would open a transaction that nobody ends."""
    assert (await alpha.wire(alpha.member).get("/api/v1/crowd/left")).status == 200

    with pytest.raises(Misconfigured, match="did not wait for"):
        await LEFT.pop()


async def pids(harness: Harness) -> set[int]:
    """The server's processes that serve the application."""
    rows = await harness.rows(
        "select pid from pg_stat_activity where usename = 'portico_app' and datname = current_database()"
    )
    return {row[0] for row in rows}
