"""A small application for the command line to serve; `migrations` beside it holds its revisions."""

import os
from pathlib import Path
from uuid import UUID

import anyio
from pydantic import BaseModel
from sqlalchemy import Column, MetaData, Text, Uuid

from portico import (
    Allow,
    Allowance,
    App,
    Audit,
    Experiment,
    In,
    Module,
    OrgContext,
    Owns,
    Policy,
    Public,
    PublicContext,
    Quotas,
    RateLimit,
    Refine,
    Signature,
    Switch,
    SystemContext,
)
from portico.core.call import Call
from portico.errors import Error
from portico.tables import tenant_table

TURNS = 2000
metadata = MetaData()
orders = tenant_table(
    "orders", metadata, Column("name", Text, nullable=False), Column("created_by", Uuid, nullable=False)
)
shop = Module("shop")


class Weekday(Policy):
    """A policy of the application's own, whose decision needs the input."""

    def decide(self, call: Call) -> Error | None:
        """Look at the day."""
        return None if call.values["day"] else Error()


async def free(_: OrgContext, name: str) -> Error | None:
    """Every name is free but one."""
    return Error() if name == "taken" else None


@shop.query("GET /hello", Public("whoever walks by"))
async def hello(_: PublicContext) -> str:
    """Greet."""
    return "Hello."


@shop.query("GET /process", Public("whoever asks"))
async def process(_: PublicContext) -> int:
    """Say which process answers."""
    return os.getpid()


@shop.query("GET /wait", Public("whoever has time"))
async def wait(_: PublicContext, begun: str, until: str) -> str:
    """Say that the request has begun, and answer when the file is there."""
    await anyio.Path(begun).touch()
    for _turn in range(TURNS):
        if await anyio.Path(until).exists():
            break
        await anyio.sleep(0.01)
    return "done"


@shop.mutation(
    "DELETE /orders/{id}", Owns("orders", unless="orders:any"), RateLimit("5/15m", by="ip"), Audit("order.removed")
)
async def remove(_: OrgContext, id: UUID) -> None:
    """Remove an order."""


@shop.mutation("POST /orders", Allow("orders:create"), Weekday(), Refine("name", free))
async def order(_: OrgContext, name: str, day: str) -> None:
    """Order something."""


@shop.query("GET /shops/{slug}", Public("whoever walks by"), In("{slug}"))
async def window(_: PublicContext, slug: str) -> str:
    """Look into the window."""
    return slug


suppliers = shop.webhook("POST /suppliers", Signature("hmac", secret="SHOP_SUPPLIERS_SECRET", optional=True))


class Restocked(BaseModel):
    """What a supplier has brought."""

    loaf: str


@suppliers.on("bread.sold")
async def restocked(_: SystemContext, bread: Restocked) -> None:
    """Take note of bread."""


app = App(
    "shop",
    modules=[shop],
    roles={"admin": ("orders:*",), "member": ("orders:read",)},
    migrations=Path(__file__).parent / "migrations",
    metadata=metadata,
    quotas=Quotas(
        {
            "free": Allowance({"people": 3, "members": 30}),
            "pro": Allowance({"people": -1, "members": -1}, features=("gifts",)),
        },
        counted={"people": "select count(user_id) from portico.members"},
    ),
    flags={"new-window": Switch("Another window."), "late-hours": Switch("Open late.", default=True)},
    experiments={"window-color": Experiment("Red or blue.", events=("entered", "bought"))},
)
