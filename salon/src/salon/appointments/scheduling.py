"""Who is booked where the customer has no wish: one of two ways, as a flag says."""

from uuid import UUID
from zoneinfo import ZoneInfo

from portico import Error, OrgContext, by_flag
from salon.appointments.calendar import bounds
from salon.appointments.errors import NobodyFree, ServiceInactive, UnknownCustomer, UnknownService
from salon.appointments.models import NewAppointment, Parties
from salon.appointments.refusals import PARTIES

FIRST_FREE = """
    select w.id
      from (select cast(:scheduled_at as timestamptz) as starts) as n
      join services as s on s.id = :service_id and s.active
      join staff as w on w.active
     where not exists (
             select from appointments as a
              where a.staff_id = w.id and a.status <> 'cancelled' and a.ends_at > n.starts
                and a.scheduled_at < n.starts + s.duration_minutes * interval '1 minute')
     order by w.name, w.id limit 1
"""
LEAST_BUSY = """
    select w.id
      from (select cast(:scheduled_at as timestamptz) as starts) as n
      join services as s on s.id = :service_id and s.active
      join staff as w on w.active
      left join lateral (
             select sum(a.ends_at - a.scheduled_at) as booked,
                    bool_or(a.ends_at > n.starts
                            and a.scheduled_at < n.starts + s.duration_minutes * interval '1 minute') as taken
               from appointments as a
              where a.staff_id = w.id and a.status <> 'cancelled'
                and a.scheduled_at >= :since and a.scheduled_at < :until) as d on true
     where d.taken is not true
     order by coalesce(d.booked, interval '0'), w.name, w.id limit 1
"""


async def first_free(ctx: OrgContext, wanted: NewAppointment) -> UUID | None:
    """The first by name who is free."""
    return await ctx.db.maybe(FIRST_FREE, UUID, wanted)


async def least_busy(ctx: OrgContext, wanted: NewAppointment) -> UUID | None:
    """Of those who are free, who has the fewest hours booked that day."""
    day = wanted.scheduled_at.astimezone(ZoneInfo(ctx.org.timezone)).date()
    since, until = bounds(day, ctx.org.timezone)
    return await ctx.db.maybe(LEAST_BUSY, UUID, wanted, since=since, until=until)


choose = by_flag("least-busy-staff", on=least_busy, off=first_free)


async def staffed(ctx: OrgContext, wanted: NewAppointment) -> NewAppointment:
    """The visit with somebody to do it; raises what stands against it."""
    if wanted.staff_id is not None:
        return wanted
    chosen = await choose(ctx, wanted)
    if chosen is None:
        raise await _nobody(ctx, wanted)
    return wanted.model_copy(update={"staff_id": chosen})


async def _nobody(ctx: OrgContext, wanted: NewAppointment) -> Error:
    parties = await ctx.db.one(PARTIES, Parties, wanted)
    if not parties.customer:
        return UnknownCustomer()
    if not parties.service:
        return UnknownService() if parties.service is None else ServiceInactive()
    return NobodyFree()
