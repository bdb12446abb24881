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

    def freeing(self, wanted: int) -> int:
        """The slot with which so much has left the window."""
        slot, freed = self.oldest, self.counts[self.oldest % RING]
        while freed < wanted and slot < self.newest:
            slot += 1
            freed += self.counts[slot % RING]
        return slot


class MemoryCounters:
    """Counts in this process alone. A slot leaves the window whole, so no window ever holds more than the limit."""

    def __init__(self, clock: Clock, most_keys: int = MOST_KEYS) -> None:
        """Nothing counted yet."""
        self._clock = clock
        self._most = most_keys
        self._windows: OrderedDict[str, _Window] = OrderedDict()

    def take(self, attempts: Sequence[Attempt]) -> list[Taken]:
        """Count them all, or none of them where one is refused."""
        now, refused = self._clock.seconds(), False
        if len(attempts) == 1:
            return [self._alone(attempts[0], now)]
        found: list[tuple[_Window, int, int]] = []
        for key, limit, window, cost in attempts:
            slot = int(now * SLOTS / window)
            counted = self._current(key, slot)
            over = counted.total + (cost or 1) - limit
            if over > 0:
                refused = True
            found.append((counted, slot, over))
        taken = []
        for (counted, slot, over), attempt in zip(found, attempts, strict=True):
            cost = attempt.cost
            if cost and not refused:
                counted.total += cost
                counted.counts[slot % RING] += cost
            taken.append(_told(counted, over, attempt=attempt, now=now))
        return taken

    def _alone(self, attempt: Attempt, now: float) -> Taken:
        """Count the commonest, one that depends on no other."""
        key, limit, window, cost = attempt
        slot = int(now * SLOTS / window)
        counted = self._current(key, slot)
        over = counted.total + (cost or 1) - limit
        if cost and over <= 0:
            counted.total += cost
            counted.counts[slot % RING] += cost
        return _told(counted, over, attempt=attempt, now=now)

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


def _told(counted: _Window, over: int, *, attempt: Attempt, now: float) -> Taken:
    """What an attempt has found that goes so much over the limit, or not."""
    _, limit, window, _ = attempt
    left = limit - counted.total
    first = counted.oldest if over <= 1 else counted.freeing(over)
    frees = (first + RING) * window / SLOTS - now if counted.total else 0.0
    return taken_of((over <= 0, limit, max(0, left), frees, window))
