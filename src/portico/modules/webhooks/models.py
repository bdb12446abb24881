"""What goes in and comes out of webhooks."""

from typing import Annotated, Literal, TypeAlias
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field, JsonValue, StringConstraints

from portico.core.event import LONGEST_NAME, NAME

State: TypeAlias = Literal["waiting", "done", "failed"]
Url = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
EventName = Annotated[str, Field(pattern=rf"^{NAME.pattern}$", max_length=LONGEST_NAME)]
Filter = Annotated[str, Field(pattern=rf"^(\*|{NAME.pattern}(\.\*)?)$", max_length=LONGEST_NAME)]
Filters = Annotated[list[Filter], Field(min_length=1, max_length=100)]
Description = Annotated[str, Field(max_length=500)]
AtOnce = Annotated[int, Field(ge=1, le=10)]


class NewEndpoint(BaseModel):
    """Where an organization wants to be told, and of what."""

    url: Url
    events: Filters
    """Names such as `visit.booked`, `visit.*` for all of a thing, `*` for all there are."""
    description: Description = ""
    plain_headers: bool = False
    """Whether X-Webhook-Signature, X-Webhook-Event and X-Webhook-Timestamp are sent too."""
    at_once: AtOnce = 1
    """How many deliveries are under way at a time; with 1 they keep the order of the events."""


class EndpointChanges(BaseModel):
    """What to change; what is not sent stays."""

    url: Url | None = None
    events: Filters | None = None
    description: Description | None = None
    enabled: bool | None = None
    plain_headers: bool | None = None
    at_once: AtOnce | None = None
    version: int | None = None


class Endpoint(BaseModel):
    """Where events are sent."""

    id: UUID
    url: str
    events: list[str]
    description: str
    enabled: bool
    plain_headers: bool
    at_once: int
    stopped: Literal["gone", "failing"] | None
    """Why it was switched off by itself, if it was: it answered 410, or it failed again and again."""
    stopped_at: AwareDatetime | None
    failures: int
    """Deliveries that were given up since the last one that arrived."""
    former_until: AwareDatetime | None
    """Until when the former secret signs too, after it was replaced."""
    version: int
    created_by: UUID | None
    created_at: AwareDatetime


class IssuedEndpoint(Endpoint):
    """An endpoint with a new secret, which is shown here once."""

    secret: str


class Delivery(BaseModel):
    """An event on its way to an endpoint."""

    id: UUID
    endpoint_id: UUID
    message_id: UUID
    """The `webhook-id`: the same in every attempt."""
    event: str
    sample: bool
    state: State
    attempts: int
    status: int | None
    """Of the last answer."""
    problem: str | None
    due_at: AwareDatetime
    """When the next attempt is due, while it waits."""
    created_at: AwareDatetime
    ended_at: AwareDatetime | None


class Attempt(BaseModel):
    """One try to deliver."""

    attempt: int
    at: AwareDatetime
    status: int | None
    """None where there was no answer."""
    problem: str | None
    answer: str
    """The first 1,000 bytes of it."""
    milliseconds: int
    next_at: AwareDatetime | None
    """When the next one was due then."""


class DeliveryShown(Delivery):
    """A delivery with what is sent, and every attempt."""

    body: str
    log: list[Attempt]


class DeliveryFilter(BaseModel):
    """Which deliveries are wanted: all that fit all of what is given."""

    state: State | None = None
    event: EventName | None = None


class Missed(BaseModel):
    """Deliveries that are to be made again."""

    state: Literal["failed", "done"] = "failed"
    since: AwareDatetime | None = None
    """Of events from then on."""
    until: AwareDatetime | None = None
    """And before then."""


class EventKind(BaseModel):
    """An event that endpoints can be told of."""

    name: str
    description: str
    json_schema: dict[str, JsonValue]
    """Of the member `data` of what is sent."""
    example: JsonValue
