"""Events that the application sends to endpoints of others."""

from collections.abc import Iterator, Sequence

from pydantic import TypeAdapter

from portico.core.event import Event
from portico.generate.openapi.examples import FORMATS, Examples
from portico.generate.openapi.requests import JSON
from portico.generate.openapi.schemas import Schema, Schemas, Wanted

EVENT = "event"
SIGNED: tuple[tuple[str, str], ...] = (
    ("webhook-id", "The same for every delivery of one event."),
    ("webhook-timestamp", "When this delivery was signed, in seconds since 1970."),
    ("webhook-signature", "`v1,` and the HMAC-SHA256 of id, timestamp and body, in Base64 (Standard Webhooks)."),
)


def wanted_of(events: Sequence[type[Event]]) -> Iterator[Wanted]:
    """What the schemas of the events are made from."""
    for event in events:
        yield (EVENT, event.event_name), "serialization", TypeAdapter(event)


def webhooks_of(events: Sequence[type[Event]], schemas: Schemas, examples: Examples) -> Schema:
    """By name, what each delivery is like."""
    return {event.event_name: {"post": _delivery(event, schemas, examples)} for event in events}


def _delivery(event: type[Event], schemas: Schemas, examples: Examples) -> Schema:
    name, said = event.event_name, (event.__doc__ or "").strip()
    schema: Schema = {
        "type": "object",
        "properties": {
            "id": {"type": "string", "format": "uuid"},
            "event": {"const": name},
            "timestamp": {"type": "string", "format": "date-time", "example": FORMATS["date-time"]},
            "data": schemas.by_key[EVENT, name],
        },
        "required": ["id", "event", "timestamp", "data"],
    }
    headers = [
        {"name": header, "in": "header", "required": True, "description": what, "schema": {"type": "string"}}
        for header, what in SIGNED
    ]
    return {
        "operationId": f"on.{name}",
        "summary": said.partition("\n")[0].rstrip("."),
        "description": said,
        "tags": ["webhooks"],
        "security": [],
        "parameters": headers,
        "requestBody": {"required": True, "content": {JSON: {"schema": schema, **examples.beside(schema)}}},
        "responses": {"2XX": {"description": "Taken. Anything else is sent again, up to five times."}},
    }
