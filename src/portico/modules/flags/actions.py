"""Flags: seen, set, set back."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from portico import Audit, Module, NotFound, Operator, RateLimit, UserContext

flags = Module("flags")

FIND = "select name, state, percentage, by, users, orgs, changed_at from portico.flags order by name"
SET = """
    insert into portico.flags (name, state, percentage, by, users, orgs)
    values (:name, :state, :percentage, :by, cast(:users as uuid[]), cast(:orgs as uuid[]))
    on conflict (name) do update
       set state = excluded.state, percentage = excluded.percentage, by = excluded.by, users = excluded.users,
           orgs = excluded.orgs, changed_at = now()
    returning name, state, percentage, by, users, orgs, changed_at
"""
RESET = "delete from portico.flags where name = :name"
Listed = Annotated[list[UUID], Field(max_length=1000)]


class Setting(BaseModel):
    """What is to hold for a flag."""

    state: Literal["off", "on", "killed"]
    """`off` leaves the lists alone; `killed` is off for everybody."""
    percentage: Annotated[float, Field(ge=0, le=100)] = 100
    """For how many of those on no list it is on, where the state is `on`."""
    by: Literal["user", "org"] = "user"
    users: Listed = []
    orgs: Listed = []


class Set(Setting):
    """What holds for a flag, as the database has it."""

    name: str
    changed_at: datetime


class FlagShown(BaseModel):
    """A flag of the application."""

    name: str
    about: str
    default: bool
    """What holds until somebody sets it."""
    setting: Setting | None = None
    changed_at: datetime | None = None


@flags.query("GET /flags", Operator())
async def find(ctx: UserContext) -> list[FlagShown]:
    """Every flag that the application declares, and what is set."""
    kept = {flag.name: flag for flag in await ctx.db.all(FIND, Set)}
    return [_shown(ctx, name, kept.get(name)) for name in sorted(ctx.switches)]


@flags.mutation("PUT /flags/{name}", Operator(), RateLimit("writes"), Audit("flag.changed", target="{name}"))
async def set_flag(ctx: UserContext, name: str, data: Setting) -> FlagShown:
    """Set a flag; every process has it within a second."""
    _refuse_unknown(ctx, name)
    ctx.audit(**data.model_dump(mode="json"))
    return _shown(ctx, name, await ctx.db.one(SET, Set, data, name=name))


@flags.mutation("DELETE /flags/{name}", Operator(), RateLimit("writes"), Audit("flag.reset", target="{name}"))
async def reset(ctx: UserContext, name: str) -> FlagShown:
    """Let the application's default hold again."""
    _refuse_unknown(ctx, name)
    await ctx.db.execute(RESET, name=name)
    return _shown(ctx, name, None)


def _shown(ctx: UserContext, name: str, kept: Set | None) -> FlagShown:
    switch = ctx.switches[name]
    shown = FlagShown(name=name, about=switch.about, default=switch.default)
    if kept is None:
        return shown
    return shown.model_copy(update={"setting": Setting(**kept.model_dump()), "changed_at": kept.changed_at})


def _refuse_unknown(ctx: UserContext, name: str) -> None:
    if name not in ctx.switches:
        raise NotFound
