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
        width = window / SLOTS
        now = self._clock.seconds()
        slot = int(now / width)
        counted = self._current(key, slot)
        slots = counted.slots
        allowed = counted.total < limit
        if allowed:
            counted.total += 1
            if slots and slots[-1][0] == slot:
                slots[-1][1] += 1
            else:
                slots.append([slot, 1])
        return Taken(allowed, limit, max(0, limit - counted.total), _frees(slots, width, now), window)

    def peek(self, key: str, limit: int, window: float) -> Taken:
        """What an attempt would find."""
        width = window / SLOTS
        now = self._clock.seconds()
        counted = self._current(key, int(now / width))
        remaining = max(0, limit - counted.total)
        return Taken(remaining > 0, limit, remaining, _frees(counted.slots, width, now), window)

    def _current(self, key: str, slot: int) -> _Window:
        """The key's window without what has left it."""
        windows = self._windows
        counted = windows.get(key)
        if counted is None:
            counted = windows[key] = _Window()
            if len(windows) > self._most:
                windows.popitem(last=False)
            return counted
        windows.move_to_end(key)
        slots, oldest = counted.slots, slot - SLOTS
        while slots and slots[0][0] < oldest:
            counted.total -= slots.popleft()[1]
        return counted


def _frees(slots: deque[list[int]], width: float, now: float) -> float:
    """Seconds until the oldest slot leaves the window."""
    return (slots[0][0] + SLOTS + 1) * width - now if slots else 0.0
