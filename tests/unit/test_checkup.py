"""Checks run together, each in its own time."""

import asyncio

import pytest

from portico.adapters.memory.clock import SettableClock
from portico.core.checkup import Checkup
from portico.core.health import Finding, HealthCheck, Probe

pytestmark = pytest.mark.anyio


def checkup(*probes: Probe, timeout: float = 5.0) -> Checkup:
    """Checks of these probes, numbered."""
    checks = [HealthCheck(f"c{n}", probe, timeout=timeout) for n, probe in enumerate(probes)]
    return Checkup(checks, version="1", clock=SettableClock())


async def test_checks_run_at_the_same_time() -> None:
    """Two that wait for each other are both done."""
    first, second = asyncio.Event(), asyncio.Event()

    async def one() -> None:
        first.set()
        await second.wait()

    async def other() -> None:
        second.set()
        await first.wait()

    assert (await checkup(one, other).report()).status == "healthy"


async def test_a_check_that_never_ends_is_left_off() -> None:
    """Its time over, it has failed; the others are told as they are."""

    async def never() -> None:
        await asyncio.Event().wait()

    async def unused() -> Finding:
        return Finding("unused")

    report = await checkup(never, unused, timeout=0.01).report()

    assert report.status == "degraded"
    assert [c.finding.status for c in report.checks] == ["degraded", "unused"]
    assert report.checks[0].finding.detail == {"problem": "TimeoutError: no answer in 0.01 s"}


async def test_who_leaves_takes_the_checks_from_nobody() -> None:
    """The first asker is cancelled; the second still gets the outcome of the same look."""
    looks, go_on = list[int](), asyncio.Event()

    async def slow() -> None:
        looks.append(1)
        await go_on.wait()

    subject = checkup(slow)
    first, second = asyncio.create_task(subject.report()), asyncio.create_task(subject.report())
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.sleep(0)
    go_on.set()

    assert (await second).status == "healthy"
    assert looks == [1]


async def test_closing_leaves_off_what_runs() -> None:
    """Whoever still waits is cancelled with it."""

    async def never() -> None:
        await asyncio.Event().wait()

    subject = checkup(never)
    waiting = asyncio.create_task(subject.report())
    await asyncio.sleep(0)
    await subject.close()

    with pytest.raises(asyncio.CancelledError):
        await waiting
