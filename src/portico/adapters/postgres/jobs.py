"""Jobs in PostgreSQL, as the role `portico_worker` sees them: by functions alone."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from pydantic_core import to_json

from portico.adapters.postgres.connections import Limits, connect
from portico.adapters.postgres.doorbell import Doorbell
from portico.adapters.postgres.loose import LooseLane
from portico.adapters.postgres.pool import Pool
from portico.ports.ear import Ear
from portico.ports.jobs import Claimed, Failed, Hands

PUT = "select portico.put_jobs_v1($1, $2)"
# What handles a webhook's event has no input of its own: it is read where it came in.
CLAIM = """
select id, name,
       coalesce((select convert_from(i.body, 'UTF8') from portico.inbox i where i.id = j.event_id), input::text),
       org_id, user_id, attempt, attempts, event_id, request_id, locale, lease
  from portico.claim_jobs_v1($1, $2, $3, $4, $5, $6) j
"""
EXTEND = "select * from portico.extend_leases_v1($1, $2, $3)"
FAIL = "select portico.fail_job_v1($1, $2, $3, $4)"
RELEASE = "select portico.release_job_v1($1, $2)"
SCHEDULES = "select name, cron, due_at from portico.schedules_v1()"
TICK = "select portico.tick_v1($1, $2, $3, $4, $5)"


class PostgresQueue:
    """The queue on connections as `portico_worker`, one of which listens: it must not go through a pooler."""

    def __init__(self, url: str, limits: Limits) -> None:
        """Nothing is opened yet."""
        self.pool = Pool(partial(connect, url, limits), size=limits.connections, timeout=limits.wait)
        self._lane = LooseLane(self.pool)
        self._doorbell = Doorbell(partial(connect, url, limits))

    async def put(self, jobs: str, request_id: str) -> None:
        """Enqueue jobs."""
        await self._lane.fetch(PUT, [jobs, request_id])

    async def claim(self, hands: Hands, most: int, *, as_of: datetime, strange_since: datetime) -> list[Claimed]:
        """Take jobs that are due."""
        wanted = [hands.worker, list(hands.known), most, as_of, hands.lease, strange_since]
        return [Claimed(*row) for row in await self._lane.fetch(CLAIM, wanted)]

    async def extend(self, held: Sequence[Claimed], lease: timedelta) -> set[UUID]:
        """Hold on to jobs."""
        rows = await self._lane.fetch(EXTEND, [[j.id for j in held], [j.lease for j in held], lease])
        return {row[0] for row in rows}

    async def fail(self, job: Claimed, failure: Failed) -> bool:
        """Note a failed attempt."""
        problem = to_json({"code": failure.code, "message": _kept(failure.message), "attempt": job.attempt}).decode()
        return bool((await self._lane.fetch(FAIL, [job.id, job.lease, failure.again_at, problem]))[0][0])

    async def release(self, job: Claimed) -> None:
        """Give a job back."""
        await self._lane.fetch(RELEASE, [job.id, job.lease])

    async def schedules(self) -> dict[str, tuple[str, datetime]]:
        """What is scheduled."""
        return {name: (cron, due) for name, cron, due in await self._lane.fetch(SCHEDULES, [])}

    async def tick(self, name: str, cron: str, *, seen: datetime | None, next_at: datetime, job: str) -> bool:
        """Enqueue a scheduled job, where nobody else has."""
        return bool((await self._lane.fetch(TICK, [name, cron, seen, next_at, job]))[0][0])

    def ear(self, *, soon: float, late: float) -> Ear:
        """Hears of every commit that there is work after."""
        return self._doorbell.ear(soon=soon, late=late)

    async def close(self) -> None:
        """Close every connection."""
        await self._doorbell.close()
        await self.pool.close()


def _kept(message: str) -> str:
    """A message as JSON and PostgreSQL take it; what raised it may have said anything."""
    return message.encode("utf-8", "replace").decode().replace("\0", "\ufffd")
