"""Actions that take their time, or do several things at once."""

import asyncio
from typing import LiteralString

from portico import Anyone, Audit, Invalid, Module, OrgContext, Timeout

queue = Module("queue", Anyone("a test"))
SLEEP: LiteralString = "select pg_sleep(:seconds)::text"
COUNT: LiteralString = "select cast(:number as int)"


@queue.query("GET /impatient", Timeout(0.2))
async def impatient(ctx: OrgContext, seconds: float) -> None:
    """Sleep in the database; two tenths of a second are allowed."""
    await ctx.db.one(SLEEP, str, seconds=seconds)


@queue.mutation("POST /impatient", Timeout(0.2), Audit("queue.jumped", target="{title}"))
async def write_impatiently(ctx: OrgContext, title: str) -> None:
    """Write, then think for too long."""
    await ctx.db.execute("insert into papers (title) values (:title)", title=title)
    await asyncio.Event().wait()


@queue.query("GET /patient", Timeout(60))
async def patient(ctx: OrgContext) -> list[str]:
    """The statement timeout that holds, and whether the transaction writes."""
    return [
        await ctx.db.one("select current_setting('statement_timeout')", str),
        await ctx.db.one("select current_setting('transaction_read_only')", str),
    ]


@queue.query("GET /settled-timeout")
async def settled_timeout(ctx: OrgContext) -> str:
    """The statement timeout that holds where the action says nothing."""
    return await ctx.db.one("select current_setting('statement_timeout')", str)


@queue.query("GET /sleep")
async def sleep(ctx: OrgContext, seconds: float) -> None:
    """Sleep in the database."""
    await ctx.db.one(SLEEP, str, seconds=seconds)


@queue.query("GET /think")
async def think(ctx: OrgContext) -> None:
    """Hold the connection, and wait for what does not come."""
    await ctx.db.one("select 1", int)
    await asyncio.Event().wait()


@queue.query("GET /crowd")
async def crowd(ctx: OrgContext, size: int) -> list[int]:
    """Many tasks on the one connection."""
    return await asyncio.gather(*(ctx.db.one(COUNT, int, number=number) for number in range(size)))


@queue.query("GET /crowd/streams")
async def streams(ctx: OrgContext) -> list[int]:
    """Two cursors and a statement at a time."""

    async def total(upto: int) -> int:
        rows = ctx.db.stream("select generate_series(1, :upto)", int, upto=upto)
        return sum([number async for number in rows])

    return list(await asyncio.gather(total(1200), ctx.db.one("select 7", int), total(700)))


@queue.query("GET /crowd/failing")
async def failing(ctx: OrgContext) -> None:
    """One of several tasks fails while another's statement runs."""

    async def refuse() -> None:
        raise Invalid

    await asyncio.gather(ctx.db.one(SLEEP, str, seconds=0.2), refuse())


LEFT: list[asyncio.Task[int]] = []


@queue.query("GET /crowd/left")
async def left(ctx: OrgContext) -> None:
    """Start a task, and do not wait for it."""
    over = asyncio.Event()

    async def late() -> int:
        await over.wait()
        return await ctx.db.one("select 1", int)

    await ctx.db.one("select 1", int)
    LEFT.append(asyncio.create_task(late()))
    asyncio.get_running_loop().call_later(0.1, over.set)
