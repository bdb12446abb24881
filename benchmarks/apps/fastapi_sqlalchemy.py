"""FastAPI with SQLAlchemy's async ORM on asyncpg, as its documentation and templates teach it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Annotated
from uuid import UUID, uuid4

from asyncpg import ExclusionViolationError
from fastapi import Depends, FastAPI, Header, Query, Request
from fastapi.responses import Response
from fastapi.security import HTTPAuthorizationCredentials
from sqlalchemy import func, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import Range, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from benchmarks.apps.fastapi_parts import (
    FORBIDDEN,
    POOL_SIZE,
    ROLES,
    UNAUTHORIZED,
    AppointmentOut,
    Cursor,
    Data,
    NewAppointment,
    Page,
    Problem,
    Small,
    Stored,
    bearer,
    cursor,
    fingerprint_of,
    idempotency_key,
    install_problems,
    limited_by_address,
    limiter,
    page_of,
)
from benchmarks.apps.fastapi_sqlalchemy_models import (
    Appointment,
    AuditEntry,
    IdempotencyKey,
    Membership,
    OutboxEvent,
    Service,
    Session,
    Staff,
    User,
)

SET_SCOPE = text("select set_config('app.org', :org, true), set_config('app.user', :user, true)")

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


app = FastAPI(title="fastapi-sqlalchemy", lifespan=lifespan)
install_problems(app)


async def session() -> AsyncIterator[AsyncSession]:
    """One ORM session for the whole request."""
    async with sessions() as opened:
        yield opened


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, and in which organization."""

    user: User
    org_id: UUID


Db = Annotated[AsyncSession, Depends(session)]


async def current_user(credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)], db: Db) -> User:
    """The user of the bearer session token."""
    if credentials is None:
        raise Problem(401, *UNAUTHORIZED, headers={"WWW-Authenticate": "Bearer"})
    token_hash = sha256(credentials.credentials.encode()).digest()
    user = await db.scalar(
        select(User)
        .join(Session, Session.user_id == User.id)
        .where(Session.token_hash == token_hash, Session.expires_at > func.now())
    )
    if user is None:
        raise Problem(401, *UNAUTHORIZED, headers={"WWW-Authenticate": "Bearer"})
    return user


def allow(permission: str) -> Callable[..., Awaitable[Caller]]:
    """A dependency: members of the organization whose role holds the permission; opens its scope."""

    async def member(
        user: Annotated[User, Depends(current_user)], db: Db, x_org_id: Annotated[UUID, Header()]
    ) -> Caller:
        membership = await db.scalar(
            select(Membership).where(Membership.user_id == user.id, Membership.org_id == x_org_id)
        )
        if membership is None or permission not in ROLES.get(membership.role, ()):
            raise Problem(403, *FORBIDDEN)
        await db.execute(SET_SCOPE, {"org": str(x_org_id), "user": str(user.id)})
        return Caller(user, x_org_id)

    return member


async def limited(user: Annotated[User, Depends(current_user)]) -> dict[str, str]:
    """Counts the call against the user's limit."""
    return limiter.take(str(user.id))


@app.post("/api/v1/appointments", status_code=201, response_model=Data[AppointmentOut])
async def create(
    request: Request,
    data: NewAppointment,
    caller: Annotated[Caller, Depends(allow("appointments:create"))],
    limits: Annotated[dict[str, str], Depends(limited)],
    key: Annotated[str, Depends(idempotency_key)],
    db: Db,
) -> Response:
    """Book a slot for a customer."""
    scope: dict[str, UUID | str] = {"org_id": caller.org_id, "user_id": caller.user.id, "key": key}
    fingerprint = fingerprint_of("create", data)
    claimed = await db.scalar(
        insert(IdempotencyKey)
        .values(**scope, fingerprint=fingerprint)
        .on_conflict_do_nothing()
        .returning(IdempotencyKey.key)
    )
    if claimed is None:
        return (await stored(db, scope)).replay(fingerprint, limits)
    appointment = await book(db, caller, data)
    location = f"/api/v1/appointments/{appointment.id}"
    body = Data[AppointmentOut](data=appointment).model_dump_json()
    note(db, caller, request, appointment)
    await db.execute(
        update(IdempotencyKey).filter_by(**scope).values(status=201, location=location, body=body),
        execution_options={"synchronize_session": False},
    )
    await db.commit()
    return Response(body, 201, {"Location": location, **limits}, media_type="application/json")


async def stored(db: AsyncSession, scope: dict[str, UUID | str]) -> Stored:
    """What the key answered the first time."""
    entry = await db.scalar(select(IdempotencyKey).filter_by(**scope))
    if entry is None or entry.status is None:
        raise Problem(409, "IDEMPOTENCY_KEY_IN_USE", "The first request still runs.", headers={"Retry-After": "1"})
    return Stored(entry.fingerprint, entry.status, entry.location or "", entry.body or "")


async def book(db: AsyncSession, caller: Caller, data: NewAppointment) -> AppointmentOut:
    """Adds the appointment; the database refuses a slot that is taken."""
    found = await db.execute(
        select(Service.minutes, Staff.number).where(
            Service.org_id == caller.org_id,
            Service.id == data.service_id,
            Staff.org_id == caller.org_id,
            Staff.id == data.staff_id,
        )
    )
    row = found.one_or_none()
    if row is None:
        raise Problem(404, "NOT_FOUND", "There is no such service or staff member.")
    low = (row.number << 32) + int(data.scheduled_at.timestamp()) // 60
    appointment = Appointment(
        **data.model_dump(),
        org_id=caller.org_id,
        ends_at=data.scheduled_at + timedelta(minutes=row.minutes),
        slot=Range(low, low + row.minutes),
        created_by=caller.user.id,
    )
    db.add(appointment)
    try:
        await db.flush()
    except IntegrityError as error:
        raise refused(error) from error
    return AppointmentOut.model_validate(appointment)


def refused(error: IntegrityError) -> Problem:
    """What the violated constraint means."""
    if error.orig is not None and isinstance(error.orig.__cause__, ExclusionViolationError):
        return Problem(409, "BIZ_SLOT_TAKEN", "That time is already taken.")
    return Problem(404, "NOT_FOUND", "There is no such customer.")


def note(db: AsyncSession, caller: Caller, request: Request, appointment: AppointmentOut) -> None:
    """Adds the audit row and the event; the next flush writes them."""
    db.add(
        AuditEntry(
            org_id=caller.org_id,
            user_id=caller.user.id,
            action="appointment.created",
            target=str(appointment.id),
            ip=request.client.host if request.client else None,
            user_agent=request.headers.get("user-agent"),
            request_id=uuid4().hex,
        )
    )
    db.add(OutboxEvent(org_id=caller.org_id, name="appointment.booked", payload=appointment.model_dump(mode="json")))


@app.get("/api/v1/appointments")
async def find(
    caller: Annotated[Caller, Depends(allow("appointments:read"))],
    db: Db,
    after: Annotated[Cursor | None, Depends(cursor)],
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Page[AppointmentOut]:
    """The organization's appointments by time."""
    wanted = (
        select(Appointment)
        .where(Appointment.org_id == caller.org_id)
        .order_by(Appointment.scheduled_at, Appointment.id)
        .limit(limit + 1)
    )
    if after is not None:
        wanted = wanted.where(tuple_(Appointment.scheduled_at, Appointment.id) > (after.scheduled_at, after.id))
    rows = await db.scalars(wanted)
    return page_of([AppointmentOut.model_validate(row) for row in rows], limit)


@app.post("/api/v1/empty", dependencies=[Depends(limited_by_address)])
async def empty(data: Small) -> Data[Small]:
    """Limits, validates and echoes."""
    return Data[Small](data=data)
