"""Last uses in memory: how many, how often, and what becomes of them when they cannot be written."""

from datetime import UTC, datetime, timedelta
from typing import cast
from uuid import UUID, uuid4

import anyio
import pytest

from portico.adapters.postgres.touches import BATCH, OFTEN, PostgresTouches
from portico.app.touching import flushing
from portico.ports.database import Db
from portico.ports.touches import Drift

pytestmark = pytest.mark.anyio
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


class Table:
    """Takes what is written, unless it is down."""

    def __init__(self, *, down: bool = False) -> None:
        """Empty."""
        self.down = down
        self.written: list[dict[str, object]] = []
        self.asked = anyio.Event()

    async def execute(self, _stmt: str, **values: object) -> int:
        """Take a batch."""
        self.asked.set()
        if self.down:
            raise ConnectionRefusedError("nobody listens")
        self.written.append(values)
        return 1

    @property
    def sessions(self) -> dict[UUID, datetime]:
        """The sessions' last uses, over all batches."""
        found: dict[UUID, datetime] = {}
        for values in self.written:
            pairs = zip(
                cast("list[UUID]", values["sessions"]), cast("list[datetime]", values["session_uses"]), strict=True
            )
            found |= dict(pairs)
        return found


def touches_of(table: Table, *, most: int = 100_000) -> PostgresTouches:
    """Touches that are written there."""
    return PostgresTouches(cast("Db", table), idle=timedelta(days=14), most=most)


async def test_many_sessions_are_written_in_few_statements() -> None:
    """In batches, each session once; with nothing to write none is sent."""
    table = Table()
    touches = touches_of(table)
    used = [uuid4() for _ in range(BATCH + 1)]
    for session in used * 2:
        touches.session(session, NOON)

    await touches.flush()
    await touches.flush()

    assert (len(table.written), set(table.sessions)) == (2, set(used))


async def test_a_use_is_noted_again_after_a_minute() -> None:
    """Not before."""
    table, session = Table(), uuid4()
    touches = touches_of(table)
    for at in (NOON, NOON + OFTEN / 2, NOON + OFTEN, NOON + OFTEN * 1.5):
        touches.session(session, at)
        await touches.flush()

    assert [values["session_uses"] for values in table.written] == [[NOON], [NOON + OFTEN]]


async def test_memory_is_bounded_while_nothing_can_be_written() -> None:
    """What is beyond the bound is not noted; what was noted stays, at its last use."""
    table, early, late = Table(down=True), [uuid4() for _ in range(3)], uuid4()
    touches = touches_of(table, most=3)
    for session in (*early, late):
        touches.session(session, NOON)
        touches.drift(Drift(session, "curl", "10.0.0.0/24", False, NOON, None, None, "r"))
    with pytest.raises(ConnectionRefusedError):
        await touches.flush()
    for session in (*early, late):
        touches.session(session, NOON + OFTEN)
    table.down = False

    await touches.flush()

    assert table.sessions == dict.fromkeys(early, NOON + OFTEN)
    assert str(table.written[0]["drifts"]).count("curl") == 3


async def test_a_failed_flush_is_logged_and_the_next_one_writes(caplog: pytest.LogCaptureFixture) -> None:
    """The background task lives on."""
    table, session = Table(down=True), uuid4()
    touches = touches_of(table)
    touches.session(session, NOON)

    async with flushing(touches, 0.01, what="last uses"):
        with anyio.fail_after(5):
            await table.asked.wait()
        table.down = False

    assert table.sessions == {session: NOON}
    assert "were not written: ConnectionRefusedError('nobody listens')" in caplog.text
