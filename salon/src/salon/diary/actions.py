"""The calendar elsewhere: have it taken over, by a job; see what was."""

from datetime import datetime

import httpx2
from pydantic_core import to_jsonable_python
from sqlalchemy import bindparam, select

from portico import Allow, Audit, External, Module, OrgContext, RateLimit, TenantContext, Unavailable
from salon.diary.elsewhere import entries_of
from salon.diary.models import Diary, Entry, Synced
from salon.diary.tables import diary_entries, diary_syncs

module = Module("diary")

OUT_OF_REACH = "External service unavailable. Please try again later."
TAKE = """
    insert into diary_entries as d (source_id, title, starts_at, ends_at)
    select e.id, e.title, e.starts_at, e.ends_at
      from jsonb_to_recordset(cast(:entries as jsonb))
             as e (id text, title text, starts_at timestamptz, ends_at timestamptz)
    on conflict on constraint diary_entries_source_key do update
       set title = excluded.title, starts_at = excluded.starts_at, ends_at = excluded.ends_at
     where (d.title, d.starts_at, d.ends_at) is distinct from (excluded.title, excluded.starts_at, excluded.ends_at)
"""
DROP = "delete from diary_entries where source_id <> all (cast(:kept as text[]))"
NOTE = """
    insert into diary_syncs as s (synced_at, problem) values (cast(:at as timestamptz), cast(:problem as text))
    on conflict on constraint diary_syncs_one_each do update
       set synced_at = coalesce(excluded.synced_at, s.synced_at), problem = excluded.problem
"""
_ENTRY = diary_entries.c
ENTRIES = (
    select(_ENTRY.source_id.label("id"), _ENTRY.title, _ENTRY.starts_at, _ENTRY.ends_at)
    .where(_ENTRY.ends_at >= bindparam("now"))
    .order_by(_ENTRY.starts_at, _ENTRY.id)
    .limit(500)
)
LAST = select(diary_syncs.c.synced_at, diary_syncs.c.problem)


@module.query("GET /diary", Allow("diary:read"))
async def get(ctx: OrgContext) -> Diary:
    """What was taken over from the calendar elsewhere and is not over yet, 500 entries at most; how that went."""
    last = await ctx.db.maybe(LAST, Synced) or Synced()
    entries = await ctx.db.all(ENTRIES, Entry, now=ctx.now)
    return Diary(entries=entries, synced_at=last.synced_at, problem=last.problem)


@module.mutation("POST /diary/sync", Allow("diary:sync"), RateLimit("expensive"), Audit("diary.synced", target=""))
async def start(ctx: OrgContext) -> None:
    """Have the calendar elsewhere taken over, soon; asked for twice before it has begun, it is done once."""
    ctx.enqueue(sync.later(key="diary"))


@module.job(External("calendar", timeout=20), attempts=4)
async def sync(ctx: TenantContext) -> None:
    """Take the calendar over: what is new is added, what has changed follows, what is gone goes."""
    try:
        found = await entries_of(ctx.org.slug)
    except (Unavailable, httpx2.HTTPError) as problem:
        await _note(ctx, None, problem=OUT_OF_REACH)
        raise Unavailable(message=OUT_OF_REACH) from problem
    async with ctx.transaction():
        await ctx.db.execute(TAKE, entries=to_jsonable_python(found))
        await ctx.db.execute(DROP, kept=[entry.id for entry in found])
        await _note(ctx, ctx.now)


async def _note(ctx: TenantContext, at: datetime | None, problem: str | None = None) -> None:
    await ctx.db.execute(NOTE, at=at, problem=problem)
