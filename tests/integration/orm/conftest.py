"""An application's table as an ORM class, and a connection lent in the middle of an action's transaction."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import asyncpg
import pytest
from pydantic_core import from_json, to_json
from sqlalchemy import CheckConstraint, Column, DateTime, Integer, Numeric, Text, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped

from portico.adapters.postgres.embedded import Embedded
from portico.adapters.postgres.migrations import revise, upgrade
from portico.adapters.postgres.servers import Urls
from portico.tables import tenant_table


class Base(DeclarativeBase):
    """The application's mapped classes."""


class Visit(Base):
    """One visit of somebody."""

    __table__ = tenant_table(
        "visits",
        Base.metadata,
        Column("notes", Text, nullable=False),
        Column("seats", Integer, nullable=False, server_default="1"),
        Column("price", Numeric(10, 2)),
        Column("details", JSONB),
        Column("made_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        CheckConstraint("seats > 0", name="visits_have_seats"),
    )
    org_id: Mapped[UUID]
    id: Mapped[UUID]
    notes: Mapped[str]
    seats: Mapped[int]
    price: Mapped[Decimal | None]
    details: Mapped[object]
    made_at: Mapped[datetime]


@dataclass
class Lender:
    """A connection in a transaction of organization `org`, with every statement sent from now on."""

    connection: asyncpg.Connection
    org: UUID
    sent: list[str] = field(default_factory=list)

    def note(self, logged: asyncpg.connection.LoggedQuery) -> None:
        """Keep a statement's text."""
        self.sent.append(logged.query)


@pytest.fixture(scope="session")
async def visits(server: Embedded, tmp_path_factory: pytest.TempPathFactory) -> tuple[Urls, UUID]:
    """A database with the table in it, and an organization."""
    urls, folder = await server.database("visits"), tmp_path_factory.mktemp("migrations")
    await upgrade(urls, app_migrations=None, report=print)
    await revise(urls, metadata=Base.metadata, app_migrations=folder, message="visits")
    await upgrade(urls, app_migrations=folder, report=print)
    owner = await asyncpg.connect(urls.owner)
    org = await owner.fetchval("insert into portico.organizations (name, slug) values ('Alpha', 'alpha') returning id")
    await owner.close()
    return urls, org


@pytest.fixture
async def lender(visits: tuple[Urls, UUID]) -> AsyncIterator[Lender]:
    """A transaction that is rolled back when the test ends."""
    urls, org = visits
    async with lent(urls.app, org) as lender:
        yield lender


@asynccontextmanager
async def lent(url: str, org: UUID) -> AsyncIterator[Lender]:
    """Open a connection as the application's pool does, and a transaction as the gate does."""
    async with asyncpg.create_pool(url, min_size=1, max_size=1, init=set_codecs) as pool, pool.acquire() as connection:
        await connection.execute(f"begin; set local app.org = '{org}'")
        lender = Lender(connection, org)
        connection.add_query_logger(lender.note)
        yield lender
        connection.remove_query_logger(lender.note)
        await connection.execute("rollback")


async def set_codecs(connection: asyncpg.Connection) -> None:
    """Let Python values go in and out of json and jsonb."""
    for name in ("json", "jsonb"):
        await connection.set_type_codec(
            name, schema="pg_catalog", encoder=lambda value: to_json(value).decode(), decoder=from_json
        )
