"""A depot whose packing fails as long as it is told to, and operators who look after it."""

import asyncio
from typing import ClassVar

from portico import Anyone, App, Conflict, Module, OrgContext, Raises, TenantContext
from portico.modules import identity, jobs

depot = Module("depot")


class Belt:
    """Whether the belt runs, and what it has carried."""

    broken: ClassVar[bool] = False
    packed: ClassVar[list[int]] = []
    moved: ClassVar[asyncio.Event] = asyncio.Event()


class Stuck(Conflict, code="TEST_BELT_STUCK"):
    """The belt is stuck."""

    retryable = False


@depot.mutation("POST /boxes", Anyone("members send"))
async def send(ctx: OrgContext, box: int, *, key: str | None = None, pin: str | None = None) -> None:
    """Have a box packed."""
    if pin is None:
        ctx.enqueue(pack.later(key=key), box=box)
    else:
        ctx.enqueue(lock, pin=pin)


@depot.job(Raises(Stuck))
async def pack(ctx: TenantContext, box: int) -> None:
    """Pack a box."""
    if Belt.broken:
        raise Stuck
    Belt.packed.append(box)
    Belt.moved.set()


@depot.job(sealed=True, priority="low")
async def lock(ctx: TenantContext, pin: str) -> None:
    """Lock a box; the PIN is nobody's business."""


app = App("depot", modules=[depot, identity, jobs])
