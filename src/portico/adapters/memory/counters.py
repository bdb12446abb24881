"""Sliding windows in memory."""

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
    """The attempts of one key by the slot that counts them, the oldest first; slots with none are not kept."""

    __slots__ = ("counts", "total")

    def __init__(self) -> None:
        self.counts: dict[int, int] = {}
        self.total = 0

    def forget(self, before: int) -> None:
        """Let go of what has left the window."""
        counts = self.counts
        for slot in [slot for slot in counts if slot < before]:
            self.total -= counts.pop(slot)

    def freeing(self, wanted: int) -> int:
        """The slot with which so much has left the window."""
        freed = 0
        for slot, count in self.counts.items():
            freed += count
            if freed >= wanted:
                return slot
        return max(self.counts)


class MemoryCounters:
    """Counts in this process alone. A slot leaves the window whole, so no window ever holds more than the limit."""

    def __init__(self, clock: Clock, most_keys: int = MOST_KEYS) -> None:
        """Nothing counted yet."""
        self._clock = clock
        self._most = most_keys
        self._windows: OrderedDict[str, _Window] = OrderedDict()

    def take(self, attempts: Sequence[Attempt]) -> list[Taken]:
        """Count them all, or none of them where one is refused."""
        now, windows = self._clock.seconds(), self._windows
        found, room = [], True
        for key, limit, window, cost in attempts:
            counted, slot = windows.get(key), int(now * SLOTS / window)
            if counted is None:
                counted = self._new(key)
            else:
                windows.move_to_end(key)
                if counted.total and next(iter(counted.counts)) < slot - SLOTS:
                    counted.forget(slot - SLOTS)
            over = counted.total + (cost or 1) - limit
            if over > 0:
                room = False
            found.append((counted, slot, over))
        taken = []
        for (counted, slot, over), (_, limit, window, cost) in zip(found, attempts, strict=True):
            counts = counted.counts
            if room and cost:
                counts[slot] = counts.get(slot, 0) + cost
                counted.total += cost
            frees = 0.0
            if counts:
                frees = ((counted.freeing(over) if over > 1 else next(iter(counts))) + RING) * window / SLOTS - now
            taken.append(taken_of((over <= 0, limit, max(0, limit - counted.total), frees, window)))
        return taken

    def _new(self, key: str) -> _Window:
        """A window for a key that has none."""
        counted = self._windows[key] = _Window()
        if len(self._windows) > self._most:
            self._windows.popitem(last=False)
        return counted
