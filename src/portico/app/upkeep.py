"""What workers do for an installation: removing what is past its time, kind by kind and batch by batch; and more."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from portico.adapters.postgres.sealing import PostgresSealer
from portico.adapters.postgres.sweeping import PostgresSweeper
from portico.app.interruptions import Interruptions
from portico.app.settings import Settings
from portico.core.reporting import STORAGE

BATCHES = 1_000
"""Of one kind in one run, at most; what is left then is for the next one."""
AT_ONCE = timedelta(0)
log = logging.getLogger("portico")


class Upkeep:
    """Removes what is over, of all organizations."""

    def __init__(
        self, sweeper: PostgresSweeper, sealer: PostgresSealer, interruptions: Interruptions, *, settings: Settings
    ) -> None:
        """The settings say how long each kind is kept, and how many rows a transaction removes."""
        self._sweeper = sweeper
        self._sealer = sealer
        self._interruptions = interruptions
        self._audit = settings.portico_keep_audit_days
        self._most = settings.portico_upkeep_batch
        self._kept = kept(settings)

    async def sweep(self, now: datetime) -> dict[str, int]:
        """How many of each kind were removed. One that fails stops no other; then the first failure is raised."""
        removed, failures = {}, []
        for kind, long in self._kept.items():
            try:
                removed[kind] = await self._all(kind, now - long)
            except Exception as problem:
                log.exception("what is over of %s was not removed", kind, extra=STORAGE)
                failures.append(problem)
        if any(removed.values()):
            log.info("removed what was over: %s", ", ".join(f"{n} {kind}" for kind, n in removed.items() if n))
        if failures:
            raise failures[0]
        return removed

    async def seal(self, now: datetime) -> int:
        """Seal all that can be; then let go of what is kept no longer."""
        total = 0
        for _ in range(BATCHES):
            batch = await self._sealer.seal(self._most, now)
            total += batch
            if batch < self._most:
                break
        for _ in range(BATCHES if self._audit is not None else 0):
            if not await self._sealer.let_go(now - timedelta(days=self._audit or 0), now):
                break
        return total

    async def finish(self, now: datetime) -> int:
        """Tell of calls to other services that died with their process, and have them finished."""
        return await self._interruptions.tell(now)

    async def _all(self, kind: str, before: datetime) -> int:
        total = 0
        for _ in range(BATCHES):
            batch = await self._sweeper.sweep(kind, before, self._most)
            total += batch
            if batch < self._most:
                break
        return total


def kept(settings: Settings) -> Mapping[str, timedelta]:
    """How long each kind is kept beyond its time; listeners come before the events that they have kept."""
    terms = {
        **dict.fromkeys(("sessions", "keys", "challenges", "tokens", "drafts"), AT_ONCE),
        "jobs": timedelta(days=settings.portico_keep_jobs_days),
        "webhooks": timedelta(days=settings.portico_keep_webhooks_days),
        "listeners": timedelta(days=settings.portico_keep_listeners_days),
        "events": timedelta(days=settings.portico_keep_events_days),
        "deliveries": timedelta(days=settings.portico_keep_deliveries_days),
        "delivery ids": timedelta(days=settings.portico_keep_delivery_ids_days),
        "refusals": timedelta(days=settings.portico_keep_delivery_ids_days),
    }
    if settings.portico_email_verification == "required":  # else whoever has not confirmed may well be at work
        terms["accounts"] = timedelta(days=settings.portico_keep_accounts_days)
    return terms
