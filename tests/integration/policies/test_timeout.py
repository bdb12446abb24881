"""Timeout: how long a call may take."""

import pytest

from portico import Err, Misconfigured, TimedOut, Timeout
from portico.testing import Harness
from tests.integration.office.people import Office, code
from tests.integration.office.queue import impatient

pytestmark = pytest.mark.anyio
HELD = """
select count(*) from pg_stat_activity a join pg_locks l using (pid)
 where l.locktype = 'virtualxid' and a.usename = 'portico_app' and a.datname = current_database()
"""


async def test_a_call_that_takes_too_long_is_cut_off(portico: Harness, alpha: Office) -> None:
    """504 in the one envelope, worth another try; the server has stopped its statement, and nothing is held."""
    reply = await alpha.wire(alpha.member).get("/api/v1/impatient?seconds=30")

    assert code(reply) == (504, "SYS_TIMEOUT")
    assert reply.json["retryable"] is True
    assert reply.headers["content-type"].startswith("application/problem+json")
    assert (await portico.rows(HELD))[0][0] == 0


async def test_what_a_cut_off_call_wrote_is_undone(alpha: Office) -> None:
    """And on record as failed."""
    reply = await alpha.wire(alpha.member).post("/api/v1/impatient", {"title": "Half"})

    assert code(reply) == (504, "SYS_TIMEOUT")
    assert await alpha.titles() == []
    assert await alpha.audit() == [("queue.jumped", "failed", "Half")]


async def test_a_quick_call_is_left_alone(alpha: Office) -> None:
    """Its time is not over."""
    reply = await alpha.wire(alpha.member).get("/api/v1/impatient?seconds=0")

    assert reply.status == 200


async def test_the_statement_timeout_follows(alpha: Office) -> None:
    """Longer or shorter than the settings', in reads as in writes, and for that call alone."""
    wire = alpha.wire(alpha.member)

    assert (await wire.get("/api/v1/patient")).json["data"] == ["1min", "on"]
    assert (await wire.get("/api/v1/settled-timeout")).json["data"] == "10s"


async def test_a_caller_in_the_process_gets_the_error_as_a_value(portico: Harness, alpha: Office) -> None:
    """And its own task is not cancelled."""
    result = await portico.app.as_(alpha.member, org=alpha.org.id).call(impatient, seconds=30)

    assert isinstance(result, Err)
    assert type(result.error) is TimedOut


@pytest.mark.parametrize("seconds", [0, 0.01, -1, 3601, float("nan")])
def test_a_time_that_cannot_be_kept_is_refused(seconds: float) -> None:
    """At once, saying what to write."""
    with pytest.raises(Misconfigured, match=r"write seconds, from 0\.1 to 3600"):
        Timeout(seconds)
