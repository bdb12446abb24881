"""Sliding windows in memory."""

from array import array
from collections import OrderedDict
from collections.abc import Sequence

from portico.ports.clock import Clock
from portico.ports.counters import Attempt, Taken, taken_of

MOST_KEYS = 100_000
"""So many keys are kept; the one unused for longest is forgotten first."""
SLOTS = 64
"""A window is counted in so many slots: bounded memory whatever the limit, at most 1/64 of the window too strict."""


class _Window:
    """The attempts of one key by the slot that counts them; slots with none are not kept."""

    __slots__ = ("before", "ends", "passed", "total", "until")

    ends: float
    """When its slot is over."""
    until: float
    """When the oldest attempt leaves the window."""

    def __init__(self, now: float, window: float) -> None:
        self.total = self.passed = 0
        self.before = array("d")
        """The slots before this one: when each ended, then its count, the oldest first; `passed` is their sum."""
        self.move(now, window)

    def move(self, now: float, window: float) -> None:
        """Begin the slot of this moment, and let go of what has left the window."""
        total, slot = self.total, window / SLOTS
        if total > self.passed:
            self.before.extend((self.ends, total - self.passed))
            self.passed = total
        self.ends = (now // slot + 1) * slot
        if not total or now >= self.until:
            self._forget(now, window)

    def _forget(self, now: float, window: float) -> None:
        """Let go of the slots that ended a window ago."""
        before, left = self.before, 0
        while left < len(before) and before[left] + window <= now:
            self.total -= int(before[left + 1])
            left += 2
        del before[:left]
        self.passed = self.total
        self.until = (before[0] if before else self.ends) + window

    def freed(self, wanted: int, window: float) -> float:
        """When so many attempts have left the window."""
        for ended, count in zip(self.before[::2], self.before[1::2], strict=True):
            wanted -= int(count)
            if wanted <= 0:
                return ended + window
        return self.ends + window


class MemoryCounters:
    """Counts in this process alone. A slot leaves the window whole, so no window ever holds more than the limit."""

    def __init__(self, clock: Clock, most_keys: int = MOST_KEYS) -> None:
        """Nothing counted yet."""
        self._clock = clock
        self._most = most_keys
        self._windows: OrderedDict[str, _Window] = OrderedDict()

    def take(self, attempts: Sequence[Attempt]) -> list[Taken]:
        """Count them all, or none of them where one is refused."""
        now, windows, taken, room = self._clock.seconds(), self._windows, [], True
        for key, limit, window, cost in attempts:
            counted = windows.get(key)
            if counted is None:
                counted = self._added(key, now, window)
            elif now >= counted.ends:
                counted.move(now, window)
            windows.move_to_end(key)
            total = counted.total + cost
            if total < limit or (total == limit and cost):
                counted.total = total
                taken.append(taken_of((True, limit, limit - total, counted.until - now if total else 0.0, window)))
            else:
                room = False
                frees = counted.freed(counted.total + (cost or 1) - limit, window) - now
                taken.append(taken_of((False, limit, max(0, limit - counted.total), frees, window)))
        return taken if room else self._untaken(attempts, taken)

    def _untaken(self, attempts: Sequence[Attempt], taken: list[Taken]) -> list[Taken]:
        """What each finds where one was refused: nothing is counted."""
        for n, (key, limit, _, cost) in enumerate(attempts):
            if taken[n].allowed:
                counted = self._windows[key]
                counted.total -= cost
                reset = taken[n].reset if counted.total else 0.0
                taken[n] = taken[n]._replace(remaining=limit - counted.total, reset=reset)
        return taken

    def _added(self, key: str, now: float, window: float) -> _Window:
        """A new key; the one unused for longest makes room for it."""
        counted = self._windows[key] = _Window(now, window)
        if len(self._windows) > self._most:
            self._windows.popitem(last=False)
        return counted
