"""Checks run together, each in its own time, and their outcome kept for a moment."""

import asyncio
from collections.abc import Sequence
from time import perf_counter

from portico.core.health import Checked, Finding, HealthCheck, Report, worst
from portico.ports.clock import Clock

KEPT = 1.0
"""Seconds for which an outcome is told again: whoever asks more often hammers nothing but this process."""


class Checkup:
    """Runs checks, at most once in a second; who asks meanwhile waits for the same outcome."""

    def __init__(self, checks: Sequence[HealthCheck], *, version: str, clock: Clock, kept: float = KEPT) -> None:
        """Nothing is checked before somebody asks."""
        self._checks = checks
        self._version = version
        self._clock = clock
        self._kept = kept
        self._running: asyncio.Task[Report] | None = None
        self._told: tuple[float, Report] | None = None

    async def report(self) -> Report:
        """How it is, as of a second ago at most."""
        if self._told is not None and self._clock.seconds() - self._told[0] < self._kept:
            return self._told[1]
        if self._running is None:
            self._running = asyncio.create_task(self._run())
            self._running.add_done_callback(self._done)
        return await asyncio.shield(self._running)  # who asked first may leave, the others still wait

    async def close(self) -> None:
        """Leave off what still runs."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    async def _run(self) -> Report:
        checks = tuple(await asyncio.gather(*[_look(check) for check in self._checks]))
        return Report(worst(checks), self._version, self._clock.now(), checks)

    def _done(self, task: asyncio.Task[Report]) -> None:
        self._running = None
        if not task.cancelled():
            self._told = self._clock.seconds(), task.result()


async def _look(check: HealthCheck) -> Checked:
    """One check; whatever it raises is what it has found."""
    started = perf_counter()  # the clock of some event loops knows whole milliseconds alone
    try:
        async with asyncio.timeout(check.timeout):
            finding = await check.probe() or Finding()
    except Exception as problem:  # noqa: BLE001  # a check that fails is the finding
        said = f"no answer in {check.timeout:g} s" if isinstance(problem, TimeoutError) else str(problem)
        detail = {"problem": f"{type(problem).__name__}: {said}"}
        finding = Finding("unhealthy" if check.vital else "degraded", detail)
    return Checked(check.name, finding, round((perf_counter() - started) * 1000, 2))
