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
        slot = freed = 0
        for slot, count in self.counts.items():
            freed += count
            if freed >= wanted:
                break
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
        now = self._clock.seconds()
        if len(attempts) == 1:
            return [_taken(self._current(attempts[0], now), attempts[0], now)]
        found = [(self._current(attempt, now), attempt) for attempt in attempts]
        room = True
        for counted, attempt in found:
            if counted.total + (attempt.cost or 1) > attempt.limit:
                room = False
        return [_taken(counted, attempt, now, room=room) for counted, attempt in found]

    def _current(self, attempt: Attempt, now: float) -> _Window:
        """The key's window without what has left it."""
        key, _, window, _ = attempt
        windows = self._windows
        counted = windows.get(key)
        if counted is None:
            counted = windows[key] = _Window()
            if len(windows) > self._most:
                windows.popitem(last=False)
            return counted
        windows.move_to_end(key)
        if counted.total and next(iter(counted.counts)) < (before := int(now * SLOTS / window) - SLOTS):
            counted.forget(before)
        return counted


def _taken(counted: _Window, attempt: Attempt, now: float, *, room: bool = True) -> Taken:
    """What one attempt finds; it is counted where there is `room` for all that are tried together."""
    _, limit, window, cost = attempt
    over = counted.total + (cost or 1) - limit
    if room and cost and over <= 0:
        slot = int(now * SLOTS / window)
        counted.counts[slot] = counted.counts.get(slot, 0) + cost
        counted.total += cost
    total = counted.total
    frees = 0.0
    if total:
        first = next(iter(counted.counts)) if over <= 1 else counted.freeing(over)
        frees = (first + RING) * window / SLOTS - now
    return taken_of((over <= 0, limit, limit - total if total < limit else 0, frees, window))
