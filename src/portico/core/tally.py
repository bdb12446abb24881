"""How many answers of the last minutes were failures of our own."""

from collections import Counter, deque
from collections.abc import Callable
from time import monotonic

SPAN = 10.0
SPANS = 30
"""Five minutes, in parts of ten seconds."""
ENOUGH = 20
"""Fewer answers than these say nothing."""


class Tally:
    """Counts the answers of one process, and by action those that were its own fault (500 and above)."""

    __slots__ = ("_clock", "_ends", "_failed", "_now", "_past")

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        """Nothing was answered yet."""
        self._clock = clock
        self._past: deque[tuple[float, int, Counter[str]]] = deque(maxlen=SPANS)
        self._now, self._failed, self._ends = 0, Counter[str](), clock() + SPAN

    def answered(self) -> None:
        """One more answer that was none of our faults."""
        self._now += 1
        if self._clock() >= self._ends:
            self._turn()

    def failed(self, action: str) -> None:
        """One that was."""
        self._failed[action] += 1
        self.answered()

    def rate(self) -> tuple[float, int, dict[str, int]]:
        """The share of failures, of how many answers; the failures by action, most first."""
        if self._clock() >= self._ends:
            self._turn()
        since = self._clock() - SPAN * SPANS
        parts = [part for part in self._past if part[0] > since] + [(0.0, self._now, self._failed)]
        answers = sum(part[1] for part in parts)
        failures: Counter[str] = sum((part[2] for part in parts), Counter[str]())
        share = failures.total() / answers if answers >= ENOUGH else 0.0
        return share, answers, dict(failures.most_common(20))

    def _turn(self) -> None:
        self._past.append((self._ends, self._now, self._failed))
        self._now, self._failed, self._ends = 0, Counter(), self._clock() + SPAN
