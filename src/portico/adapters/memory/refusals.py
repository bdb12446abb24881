"""Who must wait, remembered in this process in front of counters elsewhere."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import TypeAlias

from portico.ports.clock import Clock
from portico.ports.counters import Counted, Counters, Rule, Taken, counted

Same: TypeAlias = tuple[tuple[str, ...], tuple[Rule, ...]]
"""By which the same attempts are known again: their keys, and their rules."""
MOST = 10_000
"""So many refusals are remembered; the oldest is forgotten first."""


class RefusalsFirst:
    """Counters elsewhere, asked only where it is not known yet that the answer is no: asking again costs no trip.

    That holds while they are down, too: who did too much before has still done so.
    """

    def __init__(self, counters: Counters, clock: Clock) -> None:
        """Nobody must wait yet."""
        self._counters = counters
        self._clock = clock
        self._refused: OrderedDict[Same, tuple[float, Taken]] = OrderedDict()

    def take(self, keys: Sequence[str], rules: tuple[Rule, ...]) -> Counted:
        """Count an attempt under each rule, or under none; at once where the same was refused and has not waited."""
        same = tuple(keys), rules
        known = self._refused.get(same)
        if known is not None:
            at, taken = known
            now = _later(taken, self._clock.seconds() - at)
            if now.refused:
                return now
            del self._refused[same]
        return self._ask(same)

    async def _ask(self, same: Same) -> Taken:
        asked = self._clock.seconds()
        found = await counted(self._counters.take(*same))
        if found.refused:
            self._refused[same] = asked, found
            if len(self._refused) > MOST:
                self._refused.popitem(last=False)
        return found


def _later(taken: Taken, seconds: float) -> Taken:
    """What was found, so many seconds later."""
    left = [(remaining, max(0.0, reset - seconds)) for remaining, reset in taken.left]
    return Taken(taken.rules, left, [n for n in taken.refused if taken.left[n][1] > seconds])
