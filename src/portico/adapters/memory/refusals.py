"""Who must wait, remembered in this process in front of counters elsewhere."""

from collections import OrderedDict
from collections.abc import Sequence

from portico.ports.clock import Clock
from portico.ports.counters import Attempt, Counted, Counters, Taken

MOST = 10_000
"""So many refusals are remembered; the oldest is forgotten first."""


class RefusalsFirst:
    """Counters elsewhere, asked only where it is not known yet that the answer is no: asking again costs no trip."""

    def __init__(self, counters: Counters, clock: Clock) -> None:
        """Nobody must wait yet."""
        self._counters = counters
        self._clock = clock
        self._refused: OrderedDict[tuple[Attempt, ...], tuple[float, list[Taken]]] = OrderedDict()

    def take(self, attempts: Sequence[Attempt]) -> Counted:
        """Count them all, or none; at once where the same attempts were refused and have not waited."""
        same = tuple(attempts)
        known = self._refused.get(same)
        if known is not None:
            at, taken = known
            now = _later(taken, self._clock.seconds() - at)
            if not all(found.allowed for found in now):
                return now
            del self._refused[same]
        return self._ask(same)

    async def _ask(self, attempts: tuple[Attempt, ...]) -> list[Taken]:
        asked = self._clock.seconds()
        taken = self._counters.take(attempts)
        found = taken if isinstance(taken, list) else await taken
        if not all(one.allowed for one in found):
            self._refused[attempts] = asked, found
            if len(self._refused) > MOST:
                self._refused.popitem(last=False)
        return found


def _later(taken: Sequence[Taken], seconds: float) -> list[Taken]:
    """What was found, so many seconds later."""
    return [
        one._replace(allowed=one.allowed or one.reset <= seconds, reset=max(0.0, one.reset - seconds)) for one in taken
    ]
