"""The events that an application tells of: their schemas, and an example of each."""

from functools import cache

from pydantic import JsonValue, TypeAdapter

from portico import Event, Public, PublicContext, RateLimit
from portico.core.context import call_of
from portico.generate.openapi.examples import Examples
from portico.generate.openapi.schemas import Plain, collect
from portico.generate.openapi.webhooks import EVENT, wanted_of
from portico.modules.webhooks.models import EventKind
from portico.modules.webhooks.module import webhooks


@webhooks.query(
    "GET /webhooks/events",
    Public("what is sent is part of the API's documentation"),
    RateLimit("30/m", by="ip", scope="event-catalog"),
)
async def find_events(ctx: PublicContext) -> list[EventKind]:
    """Every event that an endpoint can be told of, with the JSON Schema of its data."""
    return [kind_of(event) for event in call_of(ctx).services.events.values()]


@cache
def kind_of(event: type[Event]) -> EventKind:
    """What is told of an event."""
    return EventKind(
        name=event.event_name,
        description=(event.__doc__ or "").strip(),
        json_schema=event.model_json_schema(mode="serialization", schema_generator=Plain),
        example=example_of(event),
    )


def example_of(event: type[Event]) -> JsonValue:
    """Its data by way of example, as OpenAPI shows it."""
    schemas = collect((), wanted_of([event]))
    return TypeAdapter[JsonValue](JsonValue).validate_python(
        Examples(schemas).of(schemas.by_key[EVENT, event.event_name])
    )
