"""The statements of jobs; row level security shows them to operators alone."""

from functools import lru_cache
from typing import TYPE_CHECKING

from portico import Listing

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

ONE = """
    select id, name, state, case priority when 1 then 'high' when 2 then 'normal' else 'low' end as priority,
           attempt, attempts, due_at, org_id, user_id, key, problem, created_at, ended_at,
           case when jsonb_typeof(input) = 'object' then input end as input,
           lane, event_id, request_id, worker, leased_until
      from portico.jobs where id = :id
"""
CHANGE = "select portico.change_job_v1(:how, :id, :now, :proof)"


@lru_cache(maxsize=1)
def listed() -> Listing:
    """The newest first: ids are in the order of enqueuing."""
    from sqlalchemy import DateTime, Uuid, bindparam, case, column, select, table  # loads when it is used
    from sqlalchemy.dialects.postgresql import JSONB

    words = ("name", "state", "attempt", "attempts", "key", "request_id")
    ids = [column(name, Uuid) for name in ("id", "org_id", "user_id")]
    times = [column(name, DateTime(timezone=True)) for name in ("due_at", "created_at", "ended_at")]
    j = table(
        "jobs", *ids, *times, *map(column, words), column("priority"), column("problem", JSONB), schema="portico"
    ).c
    rank = case({1: "high", 2: "normal"}, value=j.priority, else_="low").label("priority")
    told = [each for each in j if each.name not in {"priority", "request_id"}]
    same = ("name", "state", "org_id", "key", "request_id")
    where: dict[str, ColumnElement[bool]] = {name: j[name] == bindparam(name) for name in same}
    return Listing(
        select(*told, rank), order=(j.id.desc(),), where={**where, "priority": rank == bindparam("priority")}
    )
