"""FastAPI on a bare asyncpg pool: one statement per concern, as one writes it by hand."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Annotated, TypeAlias
from uuid import UUID, uuid4

import asyncpg
from fastapi import Depends, FastAPI, Header, Query, Request
from fastapi.responses import Response
from fastapi.security import HTTPAuthorizationCredentials

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

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

    Connection: TypeAlias = PoolConnectionProxy[asyncpg.Record]
else:
    Connection = asyncpg.Connection

SESSION_USER = """
    select u.id, u.email, u.name from sessions s join users u on u.id = s.user_id
    where s.token_hash = $1 and s.expires_at > now()"""
MEMBERSHIP = "select role from memberships where user_id = $1 and org_id = $2"
SET_SCOPE = "select set_config('app.org', $1, true), set_config('app.user', $2, true)"
CLAIM_KEY = """
    insert into idempotency_keys (org_id, user_id, key, fingerprint) values ($1, $2, $3, $4)
    on conflict do nothing returning key"""
STORED_ANSWER = """
    select fingerprint, status, location, body from idempotency_keys where org_id = $1 and user_id = $2 and key = $3"""
STORE_ANSWER = """
    update idempotency_keys set status = $4, location = $5, body = $6 where org_id = $1 and user_id = $2 and key = $3"""
COLUMNS = "id, customer_id, service_id, staff_id, scheduled_at, ends_at, status, notes, version, created_at"
INSERT_APPOINTMENT = f"""
    insert into appointments (org_id, customer_id, service_id, staff_id, scheduled_at, ends_at, slot, notes, created_by)
    select $1, $2, s.id, t.id, $5, $5 + make_interval(mins => s.minutes),
           int8range((t.number << 32) + m.minute, (t.number << 32) + m.minute + s.minutes), $6, $7
    from services s, staff t, (select extract(epoch from $5::timestamptz)::bigint / 60 as minute) m
    where s.org_id = $1 and s.id = $3 and t.org_id = $1 and t.id = $4
    returning {COLUMNS}"""
INSERT_AUDIT = """
    insert into audit_log (org_id, user_id, action, target, ip, user_agent, request_id)
    values ($1, $2, $3, $4, $5, $6, $7)"""
INSERT_EVENT = "insert into outbox (org_id, name, payload) values ($1, $2, $3)"
FIRST_PAGE = f"select {COLUMNS} from appointments where org_id = $1 order by scheduled_at, id limit $2"
NEXT_PAGE = f"""
    select {COLUMNS} from appointments where org_id = $1 and (scheduled_at, id) > ($3, $4)
    order by scheduled_at, id limit $2"""


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Opens the pool."""
    async with asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=POOL_SIZE, max_size=POOL_SIZE) as pool:
        app.state.pool = pool
        yield


app = FastAPI(title="fastapi-asyncpg", lifespan=lifespan)
install_problems(app)


async def connection(request: Request) -> AsyncIterator[Connection]:
    """One connection for the whole request."""
    async with request.app.state.pool.acquire() as lent:
        yield lent


@dataclass(frozen=True, slots=True)
class User:
    """Who is signed in."""

    id: UUID
    email: str
    name: str


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, and in which organization."""

    user: User
    org_id: UUID


Lent = Annotated[Connection, Depends(connection)]


async def current_user(
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)], connection: Lent
) -> User:
    """The user of the bearer session token."""
    if credentials is None:
        raise Problem(401, *UNAUTHORIZED, headers={"WWW-Authenticate": "Bearer"})
    row = await connection.fetchrow(SESSION_USER, sha256(credentials.credentials.encode()).digest())
    if row is None:
        raise Problem(401, *UNAUTHORIZED, headers={"WWW-Authenticate": "Bearer"})
    return User(row["id"], row["email"], row["name"])


def allow(permission: str) -> Callable[..., Awaitable[Caller]]:
    """A dependency: members of the organization whose role holds the permission."""

    async def member(
        user: Annotated[User, Depends(current_user)], connection: Lent, x_org_id: Annotated[UUID, Header()]
    ) -> Caller:
        role = await connection.fetchval(MEMBERSHIP, user.id, x_org_id)
        if role is None or permission not in ROLES.get(role, ()):
            raise Problem(403, *FORBIDDEN)
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
    connection: Lent,
) -> Response:
    """Book a slot for a customer."""
    scope = (caller.org_id, caller.user.id, key)
    fingerprint = fingerprint_of("create", data)
    async with connection.transaction():
        await connection.execute(SET_SCOPE, str(caller.org_id), str(caller.user.id))
        if await connection.fetchval(CLAIM_KEY, *scope, fingerprint) is None:
            return (await stored(connection, scope)).replay(fingerprint, limits)
        appointment = await book(connection, caller, data)
        location = f"/api/v1/appointments/{appointment.id}"
        body = Data[AppointmentOut](data=appointment).model_dump_json()
        await note(connection, caller, request, appointment)
        await connection.execute(STORE_ANSWER, *scope, 201, location, body)
    return Response(body, 201, {"Location": location, **limits}, media_type="application/json")


async def stored(connection: Connection, scope: tuple[UUID, UUID, str]) -> Stored:
    """What the key answered the first time."""
    row = await connection.fetchrow(STORED_ANSWER, *scope)
    if row is None or row["status"] is None:
        raise Problem(409, "IDEMPOTENCY_KEY_IN_USE", "The first request still runs.", headers={"Retry-After": "1"})
    return Stored(**row)


async def book(connection: Connection, caller: Caller, data: NewAppointment) -> AppointmentOut:
    """Inserts the appointment; the database refuses a slot that is taken."""
    try:
        row = await connection.fetchrow(
            INSERT_APPOINTMENT,
            caller.org_id,
            data.customer_id,
            data.service_id,
            data.staff_id,
            data.scheduled_at,
            data.notes,
            caller.user.id,
        )
    except asyncpg.ExclusionViolationError as error:
        raise Problem(409, "BIZ_SLOT_TAKEN", "That time is already taken.") from error
    except asyncpg.ForeignKeyViolationError as error:
        raise Problem(404, "NOT_FOUND", "There is no such customer.") from error
    if row is None:
        raise Problem(404, "NOT_FOUND", "There is no such service or staff member.")
    return AppointmentOut.model_validate(dict(row))


async def note(connection: Connection, caller: Caller, request: Request, appointment: AppointmentOut) -> None:
    """Writes the audit row and the event."""
    await connection.execute(
        INSERT_AUDIT,
        caller.org_id,
        caller.user.id,
        "appointment.created",
        str(appointment.id),
        request.client.host if request.client else None,
        request.headers.get("user-agent"),
        uuid4().hex,
    )
    await connection.execute(INSERT_EVENT, caller.org_id, "appointment.booked", appointment.model_dump_json())


@app.get("/api/v1/appointments")
async def find(
    caller: Annotated[Caller, Depends(allow("appointments:read"))],
    connection: Lent,
    after: Annotated[Cursor | None, Depends(cursor)],
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Page[AppointmentOut]:
    """The organization's appointments by time."""
    async with connection.transaction(readonly=True):
        await connection.execute(SET_SCOPE, str(caller.org_id), str(caller.user.id))
        if after is None:
            rows = await connection.fetch(FIRST_PAGE, caller.org_id, limit + 1)
        else:
            rows = await connection.fetch(NEXT_PAGE, caller.org_id, limit + 1, after.scheduled_at, after.id)
    return page_of([AppointmentOut.model_validate(dict(row)) for row in rows], limit)


@app.post("/api/v1/empty", dependencies=[Depends(limited_by_address)])
async def empty(data: Small) -> Data[Small]:
    """Limits, validates and echoes."""
    return Data[Small](data=data)
