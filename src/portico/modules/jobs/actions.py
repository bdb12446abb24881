"""What operators do with jobs."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from portico import Audit, Keyset, Operator, Policy, Raises, RateLimit, Slice, UserContext
from portico.modules.jobs.errors import AnotherWaits, WrongState
from portico.modules.jobs.models import Job, JobFilter, JobShown
from portico.modules.jobs.module import jobs
from portico.modules.jobs.statements import CHANGE, ONE, listed

CHANGES: tuple[Policy, ...] = (
    Operator(),
    RateLimit("writes", scope="jobs", fail="closed"),
    Raises(WrongState),
    Raises(AnotherWaits),
)


@jobs.query("GET /jobs", Operator())
async def find(ctx: UserContext, wanted: JobFilter, page: Keyset) -> Slice[Job]:
    """Jobs of all organizations, the newest first; one that is done is gone."""
    return await ctx.db.page(listed(), Job, page, wanted)


@jobs.query("GET /jobs/{id}", Operator())
async def get(ctx: UserContext, id: UUID) -> JobShown:
    """A job whole: its input, where it came from, why it failed."""
    return await ctx.db.one(ONE, JobShown, id=id)


@jobs.mutation("POST /jobs/{id}/retry", *CHANGES, Audit("job.retried", target="{id}"))
async def retry(ctx: UserContext, id: UUID) -> JobShown:
    """Try a job again that was given up or called off, with all its attempts."""
    job = await ctx.db.one(ONE, JobShown, id=id)
    if job.state not in {"dead", "cancelled"}:
        raise WrongState(state=job.state, allowed="dead or cancelled", wanted="tried again")
    if not await _change(ctx, "retry", job, now=ctx.now):
        raise AnotherWaits
    return await ctx.db.one(ONE, JobShown, id=id)


@jobs.mutation("POST /jobs/{id}/cancel", *CHANGES, Audit("job.cancelled", target="{id}"))
async def cancel(ctx: UserContext, id: UUID) -> JobShown:
    """Call a job off: one that waits is not run, one that runs is interrupted and undone, a dead one is put away."""
    job = await ctx.db.one(ONE, JobShown, id=id)
    if job.state == "cancelled":
        raise WrongState(state=job.state, allowed="waiting, held, running or dead", wanted="called off")
    await _change(ctx, "cancel", job, now=ctx.now)
    return await ctx.db.one(ONE, JobShown, id=id)


async def _change(ctx: UserContext, how: Literal["retry", "cancel"], job: JobShown, *, now: datetime) -> bool:
    """Do it, and put on record which job it was; False where nothing could be done any more."""
    ctx.audit(job=job.name, state=job.state, org=job.org_id)
    proof = ctx.proof(b"change-job", how.encode(), job.id.bytes)
    return await ctx.db.one(CHANGE, bool, how=how, id=job.id, now=now, proof=proof)
