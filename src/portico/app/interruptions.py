"""Calls to other services that died with their process: told of once, and finished where their action says how."""

import logging
from collections.abc import Mapping
from datetime import datetime

from pydantic_core import to_json

from portico.adapters.postgres.interrupted import Interrupted, PostgresInterrupted
from portico.core.action import Declared
from portico.core.aside import Aside
from portico.core.enlisting import record_of
from portico.core.leaving import external_key
from portico.core.plan import Plan
from portico.core.reporting import OUTSIDE
from portico.ports.clock import Ids

MOST = 100
"""Calls that are looked at together."""
log = logging.getLogger("portico")


class Interruptions:
    """Finds what crashes have left, of all organizations. A living call is none: it ends long before its lease does."""

    def __init__(self, calls: PostgresInterrupted, plans: Mapping[str, Plan], ids: Ids) -> None:
        """The plans say which job finishes what."""
        self._calls, self._plans, self._ids = calls, plans, ids

    async def tell(self, now: datetime) -> int:
        """Tell of all that are found; how many."""
        total = 0
        while found := await self._calls.find(MOST):
            told = [await self._tell(call, now) for call in found]
            total += sum(told)
            if len(found) < MOST:
                break
        return total

    async def _tell(self, call: Interrupted, now: datetime) -> bool:
        """Into the audit and the log, and to the job that finishes it; False where another worker was quicker."""
        plan = self._plans.get(call.action)
        aside = (plan.aside if plan is not None else None) or Aside()
        key, finish = external_key(call.digest, call.fingerprint), aside.finish
        job = finish if isinstance(finish, Declared) else None
        metadata = {"service": aside.service, "external_key": key, "finished_by": job.name if job else None}
        jobs = to_json([self._record(job, key, now)] if job else []).decode()
        noted = to_json(metadata).decode()
        told = await self._calls.tell(call, jobs, metadata=noted, request_id=f"external-{key}")
        if told:
            words = (call.action, aside.service, key, f"{job.name} finishes it" if job else "nobody finishes it")
            extra = {**OUTSIDE, "action": call.action, "user": call.user, "org": call.org}
            log.error("%s died while it called %s under the key %s; %s", *words, extra=extra)
        return told

    def _record(self, job: "Declared[object, ..., object]", key: str, now: datetime) -> dict[str, object]:
        task = job.task
        if task is None:
            return {}
        return {**record_of(job, task, now, id=self._ids.new()), "input": {"key": key}, "key": key}
