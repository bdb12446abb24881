"""FastAPI with SQLAlchemy: an export as their documentation teaches it, and the same hastened by who has measured it.

Both stream by a server-side cursor with `yield_per` and send a chunk for every thousand rows. The first reads entities
and writes them by the endpoint's Pydantic model, the second reads columns and writes them by orjson, without a model.
They believe X-Org-Id and ask for no session, no role, no limit and no audit, which is less than Portico's export does.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated
from uuid import UUID

import orjson
from fastapi import FastAPI, Header
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict
from sqlalchemy import BigInteger, DateTime, Text, select, text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from benchmarks.apps.fastapi_parts import POOL_SIZE, Data, Small

STREAMED = {"yield_per": 1000}
SET_ORG = text("select set_config('app.org', :org, true)")
AS_LINE = orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z


class Base(DeclarativeBase):
    """The ORM's base."""


class Visit(Base):
    """A visit."""

    __tablename__ = "visits"
    org_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)
    guest: Mapped[str] = mapped_column(Text)
    room: Mapped[int | None] = mapped_column(BigInteger)
    notes: Mapped[str] = mapped_column(Text)
    paid: Mapped[bool]
    came_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class VisitOut(BaseModel):
    """A visit as callers see it."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    number: int
    guest: str
    room: int | None
    notes: str
    paid: bool
    came_at: datetime


NAMES = tuple(VisitOut.model_fields)
ENTITIES = select(Visit).order_by(Visit.number)
COLUMNS = select(*(getattr(Visit, name) for name in NAMES)).order_by(Visit.number)
engine = create_async_engine(
    os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+asyncpg://", 1),
    pool_size=POOL_SIZE,
    max_overflow=0,
)
sessions = async_sessionmaker(engine, expire_on_commit=False)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Closes the engine at the end."""
    yield
    await engine.dispose()


app = FastAPI(title="fastapi-export", lifespan=lifespan)


@app.get("/api/v1/visits/export")
async def export(x_org_id: Annotated[UUID, Header()]) -> StreamingResponse:
    """Stream the organization's visits."""
    return StreamingResponse(by_model(x_org_id), media_type="application/x-ndjson")


@app.get("/api/v1/visits/export-hastened")
async def export_hastened(x_org_id: Annotated[UUID, Header()]) -> StreamingResponse:
    """The same."""
    return StreamingResponse(by_orjson(x_org_id), media_type="application/x-ndjson")


async def by_model(org: UUID) -> AsyncIterator[str]:
    """Entities, each as its model writes it."""
    async with sessions() as session:
        await session.execute(SET_ORG, {"org": str(org)})
        visits = await session.stream_scalars(ENTITIES.where(Visit.org_id == org), execution_options=STREAMED)
        async for part in visits.partitions():
            yield "".join([VisitOut.model_validate(visit).model_dump_json() + "\n" for visit in part])


async def by_orjson(org: UUID) -> AsyncIterator[bytes]:
    """Columns, each row as orjson writes it."""
    async with sessions() as session:
        await session.execute(SET_ORG, {"org": str(org)})
        rows = await session.stream(COLUMNS.where(Visit.org_id == org), execution_options=STREAMED)
        async for part in rows.partitions():
            yield b"".join([orjson.dumps(dict(zip(NAMES, row, strict=True)), str, AS_LINE) for row in part])


@app.post("/api/v1/empty")
async def empty(data: Small) -> Data[Small]:
    """Validates and echoes."""
    return Data[Small](data=data)
