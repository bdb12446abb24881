"""How long the contract of a large application takes: 1,000 actions, each with its own models."""

import gc
import statistics
import time
from collections.abc import Mapping
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, create_model
from pydantic_core import to_json

from benchmarks.figures import Most
from portico import (
    Allow,
    App,
    Audit,
    Conflict,
    Created,
    Idempotent,
    Invalidates,
    Keyset,
    Module,
    OrgContext,
    Raises,
    RateLimit,
    Slice,
)
from portico.app.contract import document

WANTED: Mapping[str, Most] = {"openapi_1000_actions_s": Most(2)}
ACTIONS, MODULES, ROUNDS = 1000, 40, 3


def add_four(module: Module, number: int) -> None:
    """Create, list, get and delete of one thing, with a model for what goes in and one for what comes out."""
    shape = {"name": (Annotated[str, Field(min_length=1, max_length=200)], ...), "kind": (Literal["a", "b"], "a")}
    new = create_model(f"New{number}", __doc__="A thing to be.", amount=(Annotated[int, Field(ge=0)], 0), **shape)
    thing = create_model(f"Thing{number}", __doc__="A thing.", id=(UUID, ...), note=(str | None, None), **shape)
    path = f"/things{number}"

    async def create(ctx: OrgContext, data: new) -> thing:
        """Make a thing."""

    async def find(ctx: OrgContext, page: Keyset, kind: str | None = None) -> Slice[thing]:
        """List things."""

    async def get(ctx: OrgContext, id: UUID) -> thing:
        """Read a thing."""

    async def delete(ctx: OrgContext, id: UUID) -> None:
        """Delete a thing."""

    for handler in (create, find, get, delete):
        handler.__name__ += str(number)
    reads, writes = Allow("things:read"), (Allow("things:write"), RateLimit("30/m"), Invalidates("things"))
    made = (Idempotent(required=True), Audit("thing.made"), Created(path + "/{result.id}"), Raises(Conflict))
    module.mutation(f"POST {path}", *writes, *made)(create)
    module.query(f"GET {path}", reads)(find)
    module.query(f"GET {path}/{{id}}", reads)(get)
    module.mutation(f"DELETE {path}/{{id}}", *writes, Audit("thing.deleted", target="{id}"))(delete)


def large_app() -> App:
    """An application of 1,000 actions."""
    modules = [Module(f"part{number}") for number in range(MODULES)]
    for number in range(ACTIONS // 4):
        add_four(modules[number % MODULES], number)
    return App("large", modules=modules)


def seconds(app: App) -> float:
    """One drawing, to bytes."""
    gc.collect()
    began = time.perf_counter()
    made = document(app, "v1")
    to_json(made)
    took = time.perf_counter() - began
    assert sum(map(len, made["paths"].values())) == ACTIONS
    return took


async def measure(*_: object) -> dict[str, float]:
    """Seconds for the document of 1,000 actions, from the plans to bytes; the median of three."""
    app = large_app()
    return {"openapi_1000_actions_s": round(statistics.median(seconds(app) for _ in range(ROUNDS)), 3)}
