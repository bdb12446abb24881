"""Remembers who was just told to wait, so that asking again costs no connection."""

from collections import OrderedDict
from typing import NamedTuple

from portico.core.call import Call
from portico.errors import RateLimited
from portico.ports.clock import Clock
from portico.ports.counters import Taken

MOST = 10_000
"""So many refusals are remembered; the oldest is forgotten first."""


class _Known(NamedTuple):
    """What is kept of a refusal: never the error, which holds on to the whole call by its traceback."""

    until: float
    violated: tuple[str, ...]
    limits: Taken | None


class Recall:
    """Refused credentials by action, until their limit frees a place."""

    def __init__(self, clock: Clock) -> None:
        """Nobody was refused yet."""
        self._clock = clock
        self._until: OrderedDict[tuple[bytes, str], _Known] = OrderedDict()

    def remember(self, action: str, call: Call, refusal: RateLimited) -> None:
        """Keep a refusal whose limit counts by the user alone: no other call of theirs would pass meanwhile."""
        if call.credential is None or call.facts.user_id is None or refusal.by_input or refusal.retry_after is None:
            return
        until = self._clock.seconds() + refusal.retry_after
        known = _Known(until, refusal.violated, call.answer.limits)
        self._until[call.credential + _org(call), action] = known
        if len(self._until) > MOST:
            self._until.popitem(last=False)

    def check(self, action: str, call: Call) -> None:
        """Raise RateLimited at once where the caller is still to wait."""
        if not self._until or call.credential is None:
            return
        key = (call.credential + _org(call), action)
        known = self._until.get(key)
        if known is None:
            return
        left = known.until - self._clock.seconds()
        if left <= 0:
            del self._until[key]
            return
        call.answer.limits = known.limits
        raise RateLimited(retry_after=left, violated=known.violated)


def _org(call: Call) -> bytes:
    return call.wanted_org.bytes if call.wanted_org else b""
