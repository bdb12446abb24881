"""What both FastAPI peers share: models, errors, roles, the rate limiter, the cursor."""

from __future__ import annotations

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from time import monotonic
from typing import Annotated, Generic, Literal, TypeVar
from uuid import UUID, uuid4

from fastapi import FastAPI, Header, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.security import HTTPBearer
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

T = TypeVar("T")

POOL_SIZE = int(os.environ.get("POOL_SIZE", "10"))
RATE_LIMIT = int(os.environ.get("RATE_LIMIT", "100"))
ROLES = {
    "owner": frozenset({"appointments:read", "appointments:create", "appointments:write"}),
    "member": frozenset({"appointments:read", "appointments:create"}),
    "guest": frozenset({"appointments:read"}),
}


class NewAppointment(BaseModel):
    """The body of a booking."""

    customer_id: UUID
    service_id: UUID
    staff_id: UUID
    scheduled_at: AwareDatetime
    notes: Annotated[str, Field(max_length=500)] = ""


class AppointmentOut(BaseModel):
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


class Data(BaseModel, Generic[T]):
    """The envelope of one thing."""

    data: T


class Meta(BaseModel):
    """Where a list goes on."""

    limit: int
    after: str | None


class Page(BaseModel, Generic[T]):
    """The envelope of a list."""

    data: list[T]
    meta: Meta


class Problem(Exception):
    """An error that is answered as problem+json."""

    def __init__(self, status: int, code: str, detail: str, *, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail, self.headers = status, code, detail, headers


UNAUTHORIZED = ("UNAUTHORIZED", "Sign in first.")
FORBIDDEN = ("FORBIDDEN", "You may not do this here.")


def install_problems(app: FastAPI) -> None:
    """Answers every error as problem+json."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(RequestValidationError, _invalid)


async def _problem(request: Request, error: Exception) -> Response:
    if not isinstance(error, Problem):
        raise error
    return _answer(error.status, error.code, error.detail, headers=error.headers)


async def _invalid(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    errors: dict[str, list[dict[str, str]]] = {}
    for one in error.errors():
        path = ".".join(str(part) for part in one["loc"][1:])
        errors.setdefault(path, []).append({"code": one["type"], "message": one["msg"]})
    return _answer(422, "VALIDATION_ERROR", "Some fields are not valid.", errors=errors)


def _answer(
    status: int,
    code: str,
    detail: str,
    *,
    errors: dict[str, list[dict[str, str]]] | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    content: dict[str, object] = {"type": "about:blank", "title": code, "status": status, "code": code}
    content |= {"detail": detail, "request_id": uuid4().hex} | ({"errors": errors} if errors else {})
    return JSONResponse(content, status, headers=headers, media_type="application/problem+json")


class SlidingWindow:
    """A sliding-window counter in memory: this window's count and the weighed rest of the last one's."""

    def __init__(self, limit: int, seconds: float = 60.0) -> None:
        self._limit, self._seconds = limit, seconds
        self._counts: dict[str, tuple[int, int, int]] = {}
        self._policy = f'"user";q={limit};w={int(seconds)}'

    def take(self, key: str) -> dict[str, str]:
        """Counts one call and gives the headers of its answer; refuses when there were too many."""
        window, passed = divmod(monotonic(), self._seconds)
        seen, count, previous = self._counts.get(key, (int(window), 0, 0))
        if seen != window:
            count, previous = 0, count if seen == window - 1 else 0
        used = count + previous * (1 - passed / self._seconds)
        reset = max(1, int(self._seconds - passed))
        if used >= self._limit:
            raise Problem(429, "RATE_LIMIT_EXCEEDED", "Too many requests.", headers={"Retry-After": str(reset)})
        self._counts[key] = (int(window), count + 1, previous)
        left = int(self._limit - used - 1)
        return {"RateLimit-Policy": self._policy, "RateLimit": f'"user";r={left};t={reset}'}


limiter = SlidingWindow(RATE_LIMIT)


async def limited_by_address(request: Request, response: Response) -> None:
    """Counts the call of nobody in particular against the limit of the address."""
    response.headers.update(limiter.take(request.client.host if request.client else ""))


bearer = HTTPBearer(auto_error=False)


def idempotency_key(idempotency_key: Annotated[str | None, Header(max_length=257)] = None) -> str:
    """The key of a mutation that must have one."""
    if not idempotency_key:
        raise Problem(400, "IDEMPOTENCY_KEY_REQUIRED", "Send an Idempotency-Key header.")
    return idempotency_key.strip('"')


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a list goes on: after this moment and id."""

    scheduled_at: datetime
    id: UUID

    def encode(self) -> str:
        """As a caller carries it."""
        return urlsafe_b64encode(f"{self.scheduled_at.isoformat()}|{self.id}".encode()).decode().rstrip("=")


def cursor(after: Annotated[str | None, Query(max_length=200)] = None) -> Cursor | None:
    """The caller's cursor."""
    if after is None:
        return None
    try:
        moment, _, row = urlsafe_b64decode(after + "=" * (-len(after) % 4)).decode().partition("|")
        return Cursor(datetime.fromisoformat(moment), UUID(row))
    except ValueError as error:
        raise Problem(422, "VALIDATION_ERROR", "The cursor is not one of ours.") from error


def page_of(rows: list[AppointmentOut], limit: int) -> Page[AppointmentOut]:
    """One page of `limit` rows out of at most one more."""
    more = len(rows) > limit
    rows = rows[:limit]
    following = Cursor(rows[-1].scheduled_at, rows[-1].id).encode() if more else None
    return Page[AppointmentOut](data=rows, meta=Meta(limit=limit, after=following))


def fingerprint_of(action: str, data: BaseModel) -> bytes:
    """What a second use of an idempotency key must agree with."""
    return sha256(f"{action} {data.model_dump_json()}".encode()).digest()


@dataclass(frozen=True, slots=True)
class Stored:
    """The remembered answer of an idempotency key."""

    fingerprint: bytes
    status: int
    location: str
    body: str

    def replay(self, fingerprint: bytes, limits: dict[str, str]) -> Response:
        """The same answer again, marked; another payload is refused."""
        if self.fingerprint != fingerprint:
            raise Problem(422, "IDEMPOTENCY_KEY_REUSED", "This key was used for another request.")
        headers = {"Location": self.location, "Idempotent-Replayed": "true", **limits}
        return Response(self.body, self.status, headers, media_type="application/json")
