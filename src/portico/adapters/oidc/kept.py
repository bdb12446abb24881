"""Documents of issuers, fetched once and kept for a while."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from portico.adapters.oidc.fetching import FetchFailed
from portico.core.reporting import OUTSIDE
from portico.errors import Unavailable
from portico.ports.clock import Clock

FRESH = 600.0
"""Seconds that a document is used without asking again."""
STALE = 600.0
"""Seconds more that it is used while its issuer does not answer."""
AGAIN = 30.0
"""Seconds between two early renewals: whoever sends made-up key ids cannot hammer the issuer."""
PAUSE = 5.0
"""Seconds that an issuer is left alone once it has failed to answer."""
NEVER = float("-inf")

T = TypeVar("T")
log = logging.getLogger("portico")


class Kept(Generic[T]):
    """One document; however many wait for it, one fetch is under way."""

    def __init__(self, fetch: Callable[[], Awaitable[T]], clock: Clock) -> None:
        """`fetch` raises FetchFailed where the issuer does not answer as it should."""
        self._fetch = fetch
        self._clock = clock
        self._lock = asyncio.Lock()
        self._held: tuple[T] | None = None
        self._since = self._failed = self._renewed = NEVER

    async def get(self) -> T:
        """The document; raises Unavailable where there is none young enough."""
        if self._age >= FRESH and not (self._lock.locked() and self._usable):
            async with self._lock:
                if self._age >= FRESH:
                    await self._try()
        return self._current()

    async def renew(self) -> T:
        """The document as the issuer has it now, unless it was just renewed."""
        since = self._since
        async with self._lock:
            now = self._clock.seconds()
            if self._since == since and now - self._renewed >= AGAIN:
                self._renewed = now
                await self._try()
        return self._current()

    @property
    def _age(self) -> float:
        return self._clock.seconds() - self._since

    @property
    def _usable(self) -> bool:
        return self._age < FRESH + STALE

    async def _try(self) -> None:
        if self._clock.seconds() - self._failed < PAUSE:
            return
        try:
            self._held = (await self._fetch(),)
            self._since = self._clock.seconds()
        except FetchFailed as problem:
            self._failed = self._clock.seconds()
            log.warning("an issuer of tokens does not answer: %s", problem, extra=OUTSIDE)

    def _current(self) -> T:
        if self._held is None or not self._usable:
            raise Unavailable(retry_after=PAUSE)
        return self._held[0]
