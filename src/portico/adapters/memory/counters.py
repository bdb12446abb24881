"""Sliding windows in memory."""

from collections import OrderedDict, deque
from dataclasses import dataclass, field

from portico.ports.clock import Clock
from portico.ports.counters import Taken

MOST_KEYS = 100_000
"""So many keys are kept; the one unused for longest is forgotten first."""
SLOTS = 64
"""A window is counted in so many slots: bounded memory whatever the limit, at most 1/64 of the window too strict."""


@dataclass(slots=True)
class _Window:
    """The attempts of one key: slot numbers with their counts, oldest first."""

    total: int = 0
    slots: deque[list[int]] = field(default_factory=deque)


class MemoryCounters:
    """Counts in this process alone. A slot leaves the window whole, so no window ever holds more than the limit."""

    def __init__(self, clock: Clock, most_keys: int = MOST_KEYS) -> None:
        """Nothing counted yet."""
        self._clock = clock
        self._most = most_keys
        self._windows: OrderedDict[str, _Window] = OrderedDict()

    def take(self, key: str, limit: int, window: float) -> Taken:
        """Count one attempt, unless the window is full."""
        counted, now, width = self._current(key, window)
        allowed = counted.total < limit
        if allowed:
            self._count(counted, int(now / width))
        return self._taken(counted, limit, window, allowed=allowed)

    def peek(self, key: str, limit: int, window: float) -> Taken:
        """What an attempt would find."""
        counted, _, _ = self._current(key, window)
        return self._taken(counted, limit, window, allowed=counted.total < limit)

    def _current(self, key: str, window: float) -> tuple[_Window, float, float]:
        now, width = self._clock.seconds(), window / SLOTS
        windows = self._windows
        counted = windows.get(key)
        if counted is None:
            counted = windows[key] = _Window()
            if len(windows) > self._most:
                windows.popitem(last=False)
        else:
            windows.move_to_end(key)
        slots = counted.slots
        oldest = int(now / width) - SLOTS
        while slots and slots[0][0] < oldest:
            counted.total -= slots.popleft()[1]
        return counted, now, width

    @staticmethod
    def _count(counted: _Window, slot: int) -> None:
        counted.total += 1
        if counted.slots and counted.slots[-1][0] == slot:
            counted.slots[-1][1] += 1
        else:
            counted.slots.append([slot, 1])

    def _taken(self, counted: _Window, limit: int, window: float, *, allowed: bool) -> Taken:
        reset = 0.0
        if counted.slots:
            width = window / SLOTS
            reset = (counted.slots[0][0] + SLOTS + 1) * width - self._clock.seconds()
        return Taken(allowed, limit, max(0, limit - counted.total), reset, window)
