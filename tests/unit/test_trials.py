"""What happens in experiments, in memory: how often it is noted, and what becomes of it when it cannot be written."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from pydantic_core import from_json

from portico.adapters.memory.trials import MemoryTrials
from portico.adapters.postgres.trials import BATCH, PostgresTrials
from portico.ports.database import Db
from portico.ports.trials import Happening

pytestmark = pytest.mark.anyio
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


class Table:
    """Takes what is written, unless it is down."""

    def __init__(self, *, down: bool = False) -> None:
        """Empty."""
        self.down = down
        self.batches: list[list[dict[str, Any]]] = []

    async def execute(self, _stmt: str, **values: object) -> int:
        """Take a batch, which must be proven."""
        if self.down:
            raise ConnectionRefusedError("nobody listens")
        written = cast("str", values["happenings"])
        assert values["proof"] == ("track" + written).encode()[::-1]
        self.batches.append(from_json(written))
        return 1

    @property
    def rows(self) -> list[dict[str, Any]]:
        """All that was written."""
        return [row for batch in self.batches for row in batch]


def trials_of(table: Table, *, most: int = 100_000) -> PostgresTrials:
    """Trials that are written there."""
    return PostgresTrials(cast("Db", table), lambda message: message[::-1], most=most)


def seen(*subjects: int) -> Sequence[Happening]:
    """These have seen a variant."""
    return [Happening("window-color", n.to_bytes(16, "big"), "control", "", NOON) for n in subjects]


def done(*subjects: int) -> Sequence[Happening]:
    """These have bought something."""
    return [Happening("window-color", n.to_bytes(16, "big"), "control", "bought", NOON) for n in subjects]


async def test_what_is_seen_again_is_not_noted_again() -> None:
    """Though it was written meanwhile; what is done is noted each time."""
    table = Table()
    trials = trials_of(table)
    for _ in range(3):
        trials.note([*seen(1), *done(1)])
        await trials.flush()

    assert [row["event"] for row in table.rows] == ["", "bought", "bought", "bought"]


async def test_many_are_written_in_few_statements() -> None:
    """With nothing to write, none is sent."""
    table = Table()
    trials = trials_of(table)
    trials.note(seen(*range(BATCH + 1)))

    await trials.flush()
    await trials.flush()

    assert [len(batch) for batch in table.batches] == [BATCH, 1]


async def test_what_cannot_be_written_is_kept() -> None:
    """And written the next time, once."""
    table = Table(down=True)
    trials = trials_of(table)
    trials.note([*seen(1), *done(1)])
    with pytest.raises(ConnectionRefusedError):
        await trials.flush()
    table.down = False

    await trials.flush()

    assert len(table.rows) == 2


async def test_memory_is_bounded() -> None:
    """Nothing is noted beyond it; whom it knows for longest is forgotten first, and noted again."""
    table = Table()
    trials = trials_of(table, most=3)
    trials.note(done(1, 2, 3, 4))
    await trials.flush()
    for subject in (1, 2, 3, 4, 1):
        trials.note(seen(subject))
        await trials.flush()

    assert [int(row["subject"], 16) for row in table.rows] == [1, 2, 3, 1, 2, 3, 4, 1]


async def test_memory_keeps_the_first_variant() -> None:
    """For calls of no application."""
    trials = MemoryTrials()
    trials.note([*seen(1), *seen(1), *done(1)])
    trials.note([seen(1)[0]._replace(variant="variant_a")])
    await trials.flush()

    assert (list(trials.seen.values()), len(trials.done)) == (["control"], 1)
