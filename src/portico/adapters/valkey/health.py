"""Whether a server is worth asking."""

import logging
from collections.abc import Callable
from time import monotonic

from portico.core.reporting import OUTSIDE

PAUSE = 1.0
"""Seconds between two questions to a server that does not answer."""
log = logging.getLogger("portico")


class Health:
    """Remembers that a server does not answer, so that one caller each second finds out and nobody else waits."""

    def __init__(self, name: str, clock: Callable[[], float] = monotonic) -> None:
        """Of the server of that name; well until it fails."""
        self._name = name
        self._clock = clock
        self._again: float | None = None
        """When the next caller may ask; None while the server answers."""
        self.reason = ""
        """Why it did not answer the last time."""

    def hopeless(self) -> bool:
        """Whether asking is in vain just now; who is told otherwise while the server is gone asks for all others."""
        if self._again is None:
            return False
        now = self._clock()
        if now < self._again:
            return True
        self._again = now + PAUSE
        return False

    def failed(self, problem: BaseException) -> None:
        """It did not answer: say so once."""
        self.reason = str(problem) or type(problem).__name__
        if self._again is None:
            words = "Valkey at %s does not answer (%s); it is asked again every second"
            log.warning(words, self._name, self.reason, extra=OUTSIDE)
        self._again = self._clock() + PAUSE

    def answered(self) -> None:
        """It did answer."""
        if self._again is not None:
            self._again = None
            log.warning("Valkey at %s answers again", self._name)
