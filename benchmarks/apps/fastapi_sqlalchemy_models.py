"""The mapped classes of the FastAPI + SQLAlchemy peer, over the tables of schema.sql."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, ForeignKey, LargeBinary, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import INT8RANGE, JSONB, Range
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NOW = text("now()")
NEW_ID = text("uuidv7()")


class Base(DeclarativeBase):
    """The registry of the mapped classes."""

    type_annotation_map = {str: Text(), datetime: DateTime(timezone=True), bytes: LargeBinary()}


class User(Base):
    """Somebody who signs in."""

    __tablename__ = "users"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str]
    name: Mapped[str]


class Session(Base):
    """A signed-in browser or client; only the hash of its token is kept."""

    __tablename__ = "sessions"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    expires_at: Mapped[datetime]


class Membership(Base):
    """What a user is in an organization."""

    __tablename__ = "memberships"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    org_id: Mapped[UUID] = mapped_column(primary_key=True)
    role: Mapped[str]


class Service(Base):
    """What can be booked."""

    __tablename__ = "services"

    org_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    minutes: Mapped[int]


class Staff(Base):
    """Who can be booked."""

    __tablename__ = "staff"

    org_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)


class Appointment(Base):
    """A booking; `slot` keeps two of one staff member apart."""

    __tablename__ = "appointments"

    org_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=NEW_ID)
    customer_id: Mapped[UUID]
    service_id: Mapped[UUID]
    staff_id: Mapped[UUID]
    scheduled_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    slot: Mapped[Range[int]] = mapped_column(INT8RANGE, deferred=True)
    status: Mapped[str] = mapped_column(default="booked")
    notes: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)

    __mapper_args__ = {"eager_defaults": True}


class AuditEntry(Base):
    """Who did what."""

    __tablename__ = "audit_log"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    org_id: Mapped[UUID]
    user_id: Mapped[UUID]
    action: Mapped[str]
    target: Mapped[str]
    ip: Mapped[str | None]
    user_agent: Mapped[str | None]
    request_id: Mapped[str]


class OutboxEvent(Base):
    """An event that waits for its relay."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    org_id: Mapped[UUID]
    name: Mapped[str]
    payload: Mapped[dict[str, object]] = mapped_column(JSONB)


class IdempotencyKey(Base):
    """A used key and what it answered."""

    __tablename__ = "idempotency_keys"

    org_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[bytes]
    status: Mapped[int | None] = mapped_column(SmallInteger)
    location: Mapped[str | None]
    body: Mapped[str | None]
