"""Loaders, settle and batches, as type checkers see them: they accept every line, but for those that are marked."""

from collections.abc import Mapping, Sequence
from typing import assert_type
from uuid import UUID

from pydantic import BaseModel

from portico import (
    Batch,
    Invalid,
    NotFound,
    OrgContext,
    PublicContext,
    Settled,
    Timeout,
    UserContext,
    batch_loader,
    item_errors,
    loader,
    part,
    settle,
)


class Thing(BaseModel):
    id: UUID


@loader
async def plan_of(ctx: UserContext, upto: int, *, strict: bool = False) -> str:
    return f"{ctx.user.email} {upto} {strict}"


@batch_loader(most=50)
async def things(ctx: OrgContext, ids: Sequence[UUID]) -> Mapping[UUID, Thing]:
    found = await ctx.db.all("select id from things where id = any(:ids)", Thing, ids=list(ids))
    return {thing.id: thing for thing in found}


async def total(ctx: PublicContext) -> int:
    return await ctx.db.one("select 1", int)


async def used(ctx: OrgContext, id: UUID, items: Batch[Thing]) -> None:
    assert_type(await plan_of(ctx, 1, strict=True), str)
    plan_of.forget(ctx, 1)
    assert_type(await things(ctx, id), Thing)
    assert_type(await things.maybe(ctx, id), Thing | None)
    assert_type(await things.all(ctx, [id]), list[Thing | None])

    plan, number, one = await settle(ctx, part(plan_of, 1), part(total).otherwise(0), part(things, id), at_once=2)
    assert_type(plan, Settled[str | None])
    assert_type(number, Settled[int])
    assert_type(one, Settled[Thing | None])
    assert_type(await ctx.db.many("select 1", int, items), list[int])
    assert_type(item_errors("items", {3: NotFound()}), Invalid)


async def misused(ctx: PublicContext, id: UUID) -> None:
    await plan_of(ctx, 1)  # type: ignore[arg-type]
    await things(ctx, id)  # type: ignore[arg-type]
    part(total, 1)  # type: ignore[call-arg]
    await settle(ctx, part(total), part(plan_of, 1))  # type: ignore[misc]
    item_errors("items", {"a": NotFound()})  # type: ignore[dict-item]
    Timeout("5")  # type: ignore[arg-type]
