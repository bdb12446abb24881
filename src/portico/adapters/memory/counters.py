"""Sliding windows in memory."""

from collections import OrderedDict
from collections.abc import Sequence

from portico.ports.clock import Clock
from portico.ports.counters import Left, Rule, Taken, taken_of

MOST_KEYS = 100_000
"""So many keys are kept; the one whose last slot began the longest ago is forgotten first."""
SLOTS = 64
"""A window is counted in so many slots: bounded memory whatever the limit, at most 1/64 of the window too strict."""


class _Window:
    """The attempts of one key by the slot that counts them; slots with none are not kept."""

    __slots__ = ("before", "ends", "passed", "total", "until")

    before: list[float]
    """The slots before this one: when each ended, then its count, the oldest first; `passed` is their sum."""
    ends: float
    """When its slot is over."""
    until: float
    """When the oldest attempt leaves the window."""

    def __init__(self, now: float, window: float) -> None:
        self.total = self.passed = 0
        self.before = []
        slot = window / SLOTS
        self.ends = (now // slot + 1) * slot
        self.until = self.ends + window

    def move(self, now: float, window: float) -> None:
        """Begin the slot of this moment, and let go of the slots that ended a window ago."""
        before, total, slot = self.before, self.total, window / SLOTS
        if total > self.passed:
            before.append(self.ends)
            before.append(total - self.passed)
            self.passed = total
        self.ends = (now // slot + 1) * slot
        if not total:  # the next to come is the oldest
            self.until = self.ends + window
        while now >= self.until:
            self.total = self.passed = total = total - int(before[1])
            del before[:2]
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

    def take(self, keys: Sequence[str], rules: tuple[Rule, ...]) -> Taken:
        """Count an attempt under each rule, or under none where one refuses it."""
        now, windows = self._clock.seconds(), self._windows
        left: list[Left] = []
        refused: list[int] = []
        for rule in rules:
            key = keys[len(left)]  # most calls have one: `zip` would take longer
            try:
                counted = windows[key]
            except KeyError:
                counted = self._added(key, now, rule.window, beside=keys)
            if now >= counted.ends:
                counted.move(now, rule.window)
                windows.move_to_end(key)
            limit, cost = rule.limit, rule.cost
            total = counted.total + cost
            if cost and total <= limit:
                counted.total = total
                left.append((limit - total, counted.until - now))
            elif total < limit:
                left.append((limit - total, counted.until - now if total else 0.0))
            else:
                refused.append(len(left))
                frees = counted.freed(counted.total + (cost or 1) - limit, rule.window)
                left.append((max(0, limit - counted.total), frees - now))
        taken = taken_of((rules, left, refused))
        if refused:
            self._untake(keys, taken)
        return taken

    def _untake(self, keys: Sequence[str], taken: Taken) -> None:
        """Count it under no rule, as one of them refuses; each says what is left without it."""
        for n, (key, rule) in enumerate(zip(keys, taken.rules, strict=True)):
            if n not in taken.refused:
                counted = self._windows[key]
                counted.total -= rule.cost
                taken.left[n] = (rule.limit - counted.total, taken.left[n][1] if counted.total else 0.0)

    def _added(self, key: str, now: float, window: float, *, beside: Sequence[str]) -> _Window:
        """A new key; another one makes room for it, none that the same attempt is counted by."""
        if len(self._windows) >= self._most:
            for known in self._windows:
                if known not in beside:
                    del self._windows[known]
                    break
        counted = self._windows[key] = _Window(now, window)
        return counted
