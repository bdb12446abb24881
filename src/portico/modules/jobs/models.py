"""Jobs, as operators see them."""

from datetime import datetime
from typing import Annotated, Literal, TypeAlias
from uuid import UUID

from pydantic import BaseModel, Field, JsonValue

State: TypeAlias = Literal["waiting", "held", "running", "dead", "cancelled"]
"""`held` are those of a lane whose turn has not come; `dead` those that were given up. A job that is done is gone."""
Priority: TypeAlias = Literal["high", "normal", "low"]
Text: TypeAlias = Annotated[str, Field(min_length=1, max_length=200)]


class Problem(BaseModel):
    """Why the last attempt failed, as the people who run the installation may know it."""

    code: str
    message: str
    attempt: int | None = None


class Job(BaseModel):
    """A job that waits, runs, or has come to its end without being done."""

    id: UUID
    name: str
    state: State
    priority: Priority
    attempt: int
    """How often it was begun since it was last asked for."""
    attempts: int
    due_at: datetime
    org_id: UUID | None
    user_id: UUID | None
    key: str | None
    problem: Problem | None
    created_at: datetime
    ended_at: datetime | None


class JobShown(Job):
    """A job whole."""

    input: dict[str, JsonValue] | None
    """None where it is kept sealed."""
    lane: str | None
    """Jobs of one lane run one after another."""
    event_id: UUID | None
    """The event that it handles."""
    request_id: str
    """The request that it came from."""
    worker: str | None
    """Who has, or had, it in hand."""
    leased_until: datetime | None


class JobFilter(BaseModel):
    """Which jobs are wanted: all that fit all of what is given."""

    state: State | None = None
    name: Text | None = None
    """The job's, such as `salon.remind`."""
    priority: Priority | None = None
    org_id: UUID | None = None
    key: Text | None = None
    request_id: Text | None = None
