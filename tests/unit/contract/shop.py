"""A shop small enough to know its contract by heart; nothing of it is ever run."""

from collections.abc import Sequence
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from portico import (
    Allow,
    App,
    Conflict,
    Created,
    Event,
    From,
    Idempotent,
    Invalidates,
    Keyset,
    Module,
    NotFound,
    Numbered,
    OrgContext,
    Public,
    PublicContext,
    Raises,
    RateLimit,
    Slice,
)
from portico.app.contract import document
from portico.generate.openapi.schemas import Schema


class SoldOut(Conflict, code="TEST_SOLD_OUT"):
    """This is sold out."""

    left: int
    wish: str | None = None


class NoSuchShelf(NotFound):
    """There is no such shelf."""


class Sold(Event, name="test.sold"):
    """Something was sold."""

    price: int


class Thing(BaseModel):
    """Something for sale."""

    id: UUID
    name: str
    kind: Literal["new", "used"]


class NewThing(BaseModel):
    """Something to be sold."""

    name: Annotated[str, Field(min_length=2, max_length=40)]
    price: Annotated[int, Field(ge=0)]
    kind: Literal["new", "used"] = "new"


shop = Module("shop")


@shop.mutation(
    "POST /things",
    Allow("things:create"),
    Idempotent(required=True),
    Invalidates("things"),
    Created("/things/{result.id}"),
    Raises(SoldOut),
    Raises(NoSuchShelf),
)
async def offer(ctx: OrgContext, data: NewThing) -> Thing:
    """Offer a thing.

    It is for sale
    at once.
    """
    raise NotImplementedError


@shop.query("GET /things", Allow("things:read"))
async def find(ctx: OrgContext, at: Keyset, kinds: list[str] | None = None) -> Slice[Thing]:
    """List the things."""
    raise NotImplementedError


@shop.query("GET /counted", Allow("things:read"))
async def count(ctx: OrgContext, at: Numbered) -> Slice[Thing]:
    """List the things by page."""
    raise NotImplementedError


@shop.mutation("PATCH /things/{id}", Allow("things:update"))
async def rename(
    ctx: OrgContext,
    id: UUID,
    name: str,
    *,
    note: str | None = None,
    seen: Annotated[str | None, From("header", "X-Seen")] = None,
) -> Thing:
    """Rename a thing."""
    raise NotImplementedError


@shop.mutation("DELETE /things/{thing}", Allow("things:delete"))
async def remove(ctx: OrgContext, thing: UUID) -> None:
    """Remove a thing."""
    raise NotImplementedError


@shop.mutation("POST /visits", Public("anybody may look"), RateLimit("5/m", by="ip"))
async def visit(ctx: PublicContext) -> None:
    """Note a visit."""
    raise NotImplementedError


app = App("shop", modules=[shop])


def drawn(version: str = "v1") -> Schema:
    """The shop's document."""
    return document(app, version)


def operation(method: str, path: str) -> Schema:
    """One operation of it."""
    found: Schema = drawn()["paths"][path][method]
    return found


def parameters(method: str, path: str) -> dict[str, Schema]:
    """Its parameters, by name."""
    found: Sequence[Schema] = operation(method, path).get("parameters", ())
    return {each["name"]: each for each in found}
