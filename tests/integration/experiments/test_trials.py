"""What is noted of experiments, as the database keeps it."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from portico.adapters.postgres.trials import PostgresTrials
from portico.ports.trials import Happening
from portico.testing import Harness

pytestmark = pytest.mark.anyio
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
EXPOSED = "select variant, at from portico.exposures where experiment = 'front-page' order by subject"
DONE = "select times, latest from portico.conversions where experiment = 'front-page' order by subject"


def trials_of(portico: Harness) -> PostgresTrials:
    """One more process's notes."""
    services = portico.app.running.pipeline.services
    return PostgresTrials(services.database.db, services.prove)


def happening(subject: int, event: str = "", *, variant: str = "control", minutes: int = 0) -> Happening:
    """Something that somebody has seen or done."""
    at = NOON + timedelta(minutes=minutes)
    return Happening("front-page", subject.to_bytes(16, "big"), variant, event, at)


async def written(portico: Harness, happenings: Sequence[Happening]) -> None:
    """What another process has noted, and written."""
    trials = trials_of(portico)
    trials.note(happenings)
    await trials.flush()


async def test_the_first_variant_seen_is_the_one_that_counts(portico: Harness) -> None:
    """Of several processes, and in one batch the earliest."""
    await written(portico, [happening(1, minutes=1)])
    await written(portico, [happening(1, variant="variant_a", minutes=2), happening(2, variant="variant_a")])

    rows = await portico.rows(EXPOSED)

    assert [tuple(row) for row in rows] == [("control", NOON + timedelta(minutes=1)), ("variant_a", NOON)]


async def test_what_is_done_is_counted_as_often(portico: Harness) -> None:
    """With the latest time, whichever process writes later."""
    await written(portico, [happening(1, "signed_up", minutes=5), happening(1, "signed_up", minutes=9)])
    await written(portico, [happening(1, "signed_up", minutes=7)])

    assert [tuple(row) for row in await portico.rows(DONE)] == [(3, NOON + timedelta(minutes=9))]


async def test_processes_that_write_at_once_lose_nothing(portico: Harness) -> None:
    """And do not wait for each other in a circle."""
    forth = [happening(n, event) for n in range(50) for event in ("", "signed_up")]

    await asyncio.gather(*(written(portico, order) for order in (forth, forth[::-1]) * 3))

    assert len(await portico.rows(EXPOSED)) == 50
    assert {row["times"] for row in await portico.rows(DONE)} == {6}


async def test_what_is_done_before_it_was_seen_does_not_count(portico: Harness) -> None:
    """The report takes those alone who have seen a variant, and what they did since."""
    await written(portico, [happening(1, "signed_up", minutes=-5), happening(1), happening(2, "signed_up")])
    await written(portico, [happening(3), happening(3, "signed_up", minutes=1)])

    assert await counted(portico) == {"exposures": 2, "conversions": 1, "times": 1}


async def test_what_is_done_again_once_it_was_seen_counts_from_then_on(portico: Harness) -> None:
    """Whether it was noted before anybody knew of the exposure, with it, or long after."""
    early = [happening(1, "signed_up", minutes=-minutes) for minutes in (9, 8, 7)]
    await written(portico, early)
    await written(portico, [happening(1), happening(1, "signed_up", minutes=-1), happening(1, "signed_up", minutes=1)])
    first = await counted(portico)
    await written(portico, [happening(1, "signed_up", minutes=2), happening(1, "signed_up", minutes=-2)])

    assert first == {"exposures": 1, "conversions": 1, "times": 1}
    assert await counted(portico) == {"exposures": 1, "conversions": 1, "times": 2}


async def counted(portico: Harness) -> dict[str, int]:
    """What the report says of control."""
    user = await portico.member("operator@office.test")
    await portico.rows("update portico.users set operator = true where id = $1", user.id)
    control = (await portico.client(user).get("/api/v1/experiments/front-page")).json["data"]["variants"][0]
    score = control["scores"][0]
    return {"exposures": control["exposures"], "conversions": score["conversions"], "times": score["times"]}


async def test_notes_without_a_proof_are_refused(portico: Harness) -> None:
    """Nobody but the application writes them."""
    services = portico.app.running.pipeline.services
    forger = PostgresTrials(services.database.db, lambda _: bytes(32))
    forger.note([happening(1)])

    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="needs a proof of the application"):
        await forger.flush()
    assert await portico.rows(EXPOSED) == []
