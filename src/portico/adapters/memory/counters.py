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

    __slots__ = ("counts", "oldest", "total")

    def __init__(self) -> None:
        self.counts: dict[int, int] = {}
        self.total = self.oldest = 0

    def forget(self, before: int) -> None:
        """Let go of what has left the window."""
        counts = self.counts
        for slot in [slot for slot in counts if slot < before]:
            self.total -= counts.pop(slot)
        self.oldest = next(iter(counts), 0)

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
        now, room = self._clock.seconds(), True
        if len(attempts) == 1:
            return [self._taken(attempts[0], now)]
        for key, limit, window, cost in attempts:
            counted = self._current(key, int(now * SLOTS / window))
            if counted.total + (cost or 1) > limit:
                room = False
        return [self._taken(attempt, now, room=room) for attempt in attempts]

    def _taken(self, attempt: Attempt, now: float, *, room: bool = True) -> Taken:
        """What one attempt finds; it is counted where there is `room` for all that are tried together."""
        key, limit, window, cost = attempt
        slot = int(now * SLOTS / window)
        counted = self._current(key, slot)
        over = counted.total + (cost or 1) - limit
        if room and cost and over <= 0:
            if counted.total == 0:
                counted.oldest = slot
            counted.total += cost
            counted.counts[slot] = counted.counts.get(slot, 0) + cost
        frees = 0.0
        if counted.total:
            frees = ((counted.oldest if over <= 1 else counted.freeing(over)) + RING) * window / SLOTS - now
        return taken_of((over <= 0, limit, max(0, limit - counted.total), frees, window))

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
        if counted.total and counted.oldest < slot - SLOTS:
            counted.forget(slot - SLOTS)
        return counted
