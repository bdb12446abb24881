"""Sliding windows in memory."""

from array import array
from collections import OrderedDict

from portico.ports.clock import Clock
from portico.ports.counters import Taken

MOST_KEYS = 100_000
"""So many keys are kept; the one unused for longest is forgotten first."""
SLOTS = 64
"""A window is counted in so many slots: bounded memory whatever the limit, at most 1/64 of the window too strict."""
RING = SLOTS + 1
"""The slots of a window and the one that is being filled."""


class _Window:
    """The attempts of one key in a ring of slots; its size is the same from the first attempt on."""

    __slots__ = ("counts", "newest", "oldest", "total")

    def __init__(self, slot: int) -> None:
        self.counts = array("L", bytes(array("L").itemsize * RING))
        self.total = 0
        self.newest = self.oldest = slot

    def move_to(self, slot: int) -> None:
        """Forget what has left the window that ends in this slot."""
        counts = self.counts
        for passed in range(self.newest + 1, min(slot, self.newest + RING) + 1):
            place = passed % RING
            self.total -= counts[place]
            counts[place] = 0
        self.newest = max(self.newest, slot)
        self.oldest = max(self.oldest, slot - SLOTS)
        while self.oldest < slot and not counts[self.oldest % RING]:
            self.oldest += 1


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
        allowed = counted.total < limit
        if allowed:
            counted.total += 1
            counted.counts[slot % RING] += 1
        return Taken(allowed, limit, max(0, limit - counted.total), _frees(counted, width, now), window)

    def peek(self, key: str, limit: int, window: float) -> Taken:
        """What an attempt would find."""
        width = window / SLOTS
        now = self._clock.seconds()
        counted = self._current(key, int(now / width))
        remaining = max(0, limit - counted.total)
        return Taken(remaining > 0, limit, remaining, _frees(counted, width, now), window)

    def _current(self, key: str, slot: int) -> _Window:
        """The key's window without what has left it."""
        windows = self._windows
        counted = windows.get(key)
        if counted is None:
            counted = windows[key] = _Window(slot)
            if len(windows) > self._most:
                windows.popitem(last=False)
            return counted
        windows.move_to_end(key)
        if slot > counted.newest:
            counted.move_to(slot)
        return counted


def _frees(counted: _Window, width: float, now: float) -> float:
    """Seconds until the oldest slot leaves the window."""
    return (counted.oldest + SLOTS + 1) * width - now if counted.total else 0.0
