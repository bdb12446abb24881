"""Portico's own contestant: the same booking, list and empty action as the peers', declared as a user would."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Literal
from uuid import UUID

import asyncpg
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, SecretStr
from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Index,
    Integer,
    MetaData,
    Text,
    Uuid,
    bindparam,
    cast,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import INT8RANGE, ExcludeConstraint
from sqlalchemy.orm import DeclarativeBase

from benchmarks.world import WORLD, Booking
from portico import (
    Allow,
    App,
    Audit,
    Created,
    Event,
    Idempotent,
    Keyset,
    Listing,
    Module,
    NotFound,
    OrgContext,
    Public,
    PublicContext,
    Raises,
    RateLimit,
    Slice,
)
from portico.adapters.postgres.servers import Urls
from portico.app.settings import read_settings
from portico.errors import Conflict
from portico.tables import belongs_to, tenant_table

metadata = MetaData()
SECRET = "the benchmark's own secret, known to everybody"
TABLES = {
    "appointments": "appointments",
    "audit": "portico.audit where outcome = 'done'",
    "outbox": "portico.outbox",
    "idempotency": "portico.idempotency",
}

tenant_table("customers", metadata, Column("name", Text, nullable=False), Column("email", Text, nullable=False))
services = tenant_table(
    "services", metadata, Column("name", Text, nullable=False), Column("minutes", Integer, nullable=False)
)
staff = tenant_table(
    "staff", metadata, Column("number", BigInteger, nullable=False), Column("name", Text, nullable=False)
)
appointments = tenant_table(
    "appointments",
    metadata,
    Column("customer_id", Uuid, nullable=False),
    Column("service_id", Uuid, nullable=False),
    Column("staff_id", Uuid, nullable=False),
    Column("scheduled_at", DateTime(timezone=True), nullable=False),
    Column("ends_at", DateTime(timezone=True), nullable=False),
    Column("slot", INT8RANGE, nullable=False),
    Column("status", Text, nullable=False, server_default=text("'booked'")),
    Column("notes", Text, nullable=False, server_default=text("''")),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("created_by", Uuid, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    # The peers' table has no index of these either.
    belongs_to("customers", column="customer_id", indexed=False),
    belongs_to("services", column="service_id", indexed=False),
    belongs_to("staff", column="staff_id", indexed=False),
    ExcludeConstraint(("slot", "&&"), where=text("status = 'booked'"), name="appointments_no_overlap", using="gist"),
)
Index("appointments_list_idx", appointments.c.org_id, appointments.c.scheduled_at, appointments.c.id)


class NewAppointment(BaseModel):
    """The body of a booking."""

    customer_id: UUID
    service_id: UUID
    staff_id: UUID
    scheduled_at: AwareDatetime
    notes: Annotated[str, Field(max_length=500)] = ""


class Appointment(BaseModel):
    """An appointment as callers see it."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    customer_id: UUID
    service_id: UUID
    staff_id: UUID
    scheduled_at: datetime
    ends_at: datetime
    status: Literal["booked", "cancelled"]
    notes: str
    version: int
    created_at: datetime


class Small(BaseModel):
    """The body of the empty action."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    count: Annotated[int, Field(ge=0, le=1000)]


class Booked(Event, name="appointment.created"):
    """A slot was booked."""

    appointment: Appointment


class SlotTaken(Conflict, code="BIZ_SLOT_TAKEN"):
    """That time is already taken."""


COLUMNS = "id, customer_id, service_id, staff_id, scheduled_at, ends_at, status, notes, version, created_at"
BOOK = f"""
    insert into appointments (customer_id, service_id, staff_id, scheduled_at, ends_at, slot, notes, created_by)
    select :customer_id, s.id, t.id, :scheduled_at, :scheduled_at + make_interval(mins => s.minutes),
           int8range((t.number << 32) + m.minute, (t.number << 32) + m.minute + s.minutes), :notes, :user
    from services s, staff t, (select extract(epoch from :scheduled_at::timestamptz)::bigint / 60 as minute) m
    where s.org_id = :org and s.id = :service_id and t.org_id = :org and t.id = :staff_id
    returning {COLUMNS}"""
LIST = Listing(
    select(*(appointments.c[name] for name in Appointment.model_fields)),
    order=(appointments.c.scheduled_at, appointments.c.id),
)
bench = Module("appointments")
BOOKING = (
    Allow("appointments:create"),
    Idempotent(required=True),
    Audit("appointment.created"),
    Created("/appointments/{result.id}"),
    Raises(SlotTaken, on="appointments_no_overlap"),
)


@bench.mutation("POST /appointments", *BOOKING)
async def create(ctx: OrgContext, data: NewAppointment) -> Appointment:
    """Book a slot for a customer."""
    row = await ctx.db.one(BOOK, Appointment, data, org=ctx.org.id, user=ctx.user.id)
    ctx.emit(Booked(appointment=row))
    return row


class Base(DeclarativeBase):
    """The ORM's base, on the same tables."""

    metadata = metadata


class Visit(Base):
    """An appointment."""

    __table__ = appointments


STARTS = bindparam("scheduled_at", type_=DateTime(timezone=True))
MINUTE = cast(func.floor(func.extract("epoch", STARTS) / 60), BigInteger)
LINE = staff.c.number * 2**32 + MINUTE
BOOK_ORM = (
    insert(Visit)
    .from_select(
        ["customer_id", "service_id", "staff_id", "scheduled_at", "ends_at", "slot", "notes", "created_by"],
        select(
            bindparam("customer_id", type_=Uuid()),
            services.c.id,
            staff.c.id,
            STARTS,
            STARTS + func.make_interval(0, 0, 0, 0, 0, services.c.minutes),
            func.int8range(LINE, LINE + services.c.minutes),
            bindparam("notes", type_=Text()),
            bindparam("created_by", type_=Uuid()),
        ).where(
            services.c.id == bindparam("service_id", type_=Uuid()), staff.c.id == bindparam("staff_id", type_=Uuid())
        ),
    )
    .returning(*(getattr(Visit, name) for name in Appointment.model_fields))
)


@bench.mutation("POST /appointments-orm", *BOOKING)
async def create_orm(ctx: OrgContext, data: NewAppointment) -> Appointment:
    """The same booking through the ORM."""
    booked = await ctx.orm.execute(
        BOOK_ORM, {**data.model_dump(), "created_by": ctx.user.id}, execution_options={"dml_strategy": "raw"}
    )
    row = booked.one_or_none()
    if row is None:
        raise NotFound
    answer = Appointment.model_validate(row)
    ctx.emit(Booked(appointment=answer))
    return answer


@bench.query("GET /appointments", Allow("appointments:read"))
async def find(ctx: OrgContext, page: Keyset) -> Slice[Appointment]:
    """The organization's appointments."""
    return await ctx.db.page(LIST, Appointment, page)


@bench.mutation("POST /empty", Public("anybody may try it"), RateLimit("100/m", by="ip"))
async def empty(ctx: PublicContext, data: Small) -> Small:
    """Validated, and sent back."""
    return data


app = App("bench", modules=[bench], roles={"member": ("appointments:read", "appointments:create")}, metadata=metadata)


def environment(urls: Urls) -> dict[str, str]:
    """What the server's process needs: the database, and limits that no load reaches."""
    from benchmarks.servers import POOL_SIZE  # no server loads what starts servers

    return {
        "DATABASE_URL": urls.app,
        "SECRET_KEY": SECRET,
        "DATABASE_CONNECTIONS": str(POOL_SIZE),
        "PORTICO_RATE_LIMIT_FACTOR": "10000000",
        "PORTICO_ACCESS_LOG": "false",
    }


async def seed(urls: Urls) -> None:
    """Migrate, make the tables, and fill them with the world."""
    from portico.adapters.postgres.migrations import revise, upgrade  # Alembic, which no server loads
    from portico.app.migrating import migrate

    settings = read_settings(
        database_url=SecretStr(urls.app), database_owner_url=SecretStr(urls.owner), secret_key=SecretStr(SECRET)
    )
    await migrate(app, urls, settings, report=lambda _: None)
    with TemporaryDirectory() as folder:
        await revise(urls, metadata=metadata, app_migrations=Path(folder), message="The benchmark's tables")
        await upgrade(urls, app_migrations=Path(folder), report=lambda _: None)
    connection = await asyncpg.connect(urls.owner, timeout=10)
    try:
        for table, columns, rows in _records(datetime.now(UTC) + timedelta(days=30)):
            await _insert(connection, table, columns, rows)
    finally:
        await connection.close()


async def _insert(connection: asyncpg.Connection, table: str, columns: str, rows: list[tuple[object, ...]]) -> None:
    """COPY knows no row level security: rows go in as arrays."""
    names = [column.split("::")[0] for column in columns.split()]
    places = ", ".join(f"${n}::{column.split('::')[1]}[]" for n, column in enumerate(columns.split(), 1))
    statement = f"insert into {table} ({', '.join(names)}) select * from unnest({places})"
    for start in range(0, len(rows), 20_000):
        chunk = rows[start : start + 20_000]
        await connection.execute(statement, *(list(values) for values in zip(*chunk, strict=True)), timeout=300)


def _records(expires: datetime) -> list[tuple[str, str, list[tuple[object, ...]]]]:
    people = WORLD.members
    return [
        (
            "portico.organizations",
            "id::uuid name::text slug::text",
            [(o.id, o.name, o.slug) for o in WORLD.organizations],
        ),
        ("portico.users", "id::uuid email::text name::text", [(m.id, m.email, m.name) for m in people]),
        ("portico.members", "user_id::uuid org_id::uuid role::text", [(m.id, m.org_id, m.role) for m in people]),
        (
            "portico.sessions",
            "token_hash::bytea user_id::uuid active_org::uuid expires_at::timestamptz",
            [(m.token_hash, m.id, m.org_id, expires) for m in people],
        ),
        (
            "customers",
            "org_id::uuid id::uuid name::text email::text",
            [(c.org_id, c.id, c.name, c.email) for c in WORLD.customers],
        ),
        (
            "services",
            "org_id::uuid id::uuid name::text minutes::integer",
            [(s.org_id, s.id, s.name, s.minutes) for s in WORLD.services],
        ),
        (
            "staff",
            "org_id::uuid id::uuid number::bigint name::text",
            [(s.org_id, s.id, s.number, s.name) for s in WORLD.staff],
        ),
        ("appointments", BOOKED, [_booking(b) for b in WORLD.bookings()]),
    ]


BOOKED = (
    "id::uuid org_id::uuid customer_id::uuid service_id::uuid staff_id::uuid scheduled_at::timestamptz "
    "ends_at::timestamptz slot::int8range notes::text created_by::uuid"
)


def _booking(b: Booking) -> tuple[object, ...]:
    slot = asyncpg.Range(b.low, b.high)
    return (
        b.id, b.org_id, b.customer_id, b.service_id, b.staff_id, b.scheduled_at, b.ends_at, slot, b.notes, b.created_by,
    )  # fmt: skip
