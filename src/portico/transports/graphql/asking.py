"""GraphQL over HTTP: what a request asks for, and in which media type it wants the answer."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic_core import from_json

from portico.transports.accepting import liked_best, takes
from portico.transports.answers import JSON
from portico.transports.frames import EventStream
from portico.transports.graphql.documents import Refused
from portico.transports.wire import Exchange

RESPONSE = "application/graphql-response+json"
EVENTS = EventStream.media_type
KINDS = (JSON, RESPONSE, EVENTS)
"""The media types of answers: the first for who takes any."""
BAD = "BAD_REQUEST"


class Asked(NamedTuple):
    """The parameters of a request (GraphQL over HTTP, section 5)."""

    query: str | None
    variables: dict[str, Any] | None
    operation: str | None
    digest: str | None
    """The SHA-256 that stands for a document."""


async def read_request(exchange: Exchange, most: int) -> Asked:
    """The request's parameters; raises Refused that says what is wrong with them, TooLarge past `most` bytes."""
    wire = exchange.wire
    if wire.method in {"GET", "HEAD"}:
        return asked_of({name: _opened(name, value) for name, value in wire.query().items()})
    media_type, _, parameters = wire.headers.get("content-type", "").partition(";")
    charset = parameters.strip().lower().replace('"', "")
    if media_type.strip().lower() != JSON or charset not in {"", "charset=utf-8"}:
        raise Refused.because("Please send application/json.", "UNSUPPORTED_MEDIA_TYPE", status=415)
    try:
        body = from_json(await wire.body(most), allow_inf_nan=False)
    except ValueError:
        raise Refused.because("The body is no JSON.", BAD, status=400) from None
    if isinstance(body, list):
        raise Refused.because("Please send one operation at a time.", BAD, status=400)
    if not isinstance(body, dict):
        raise Refused.because("The body is no JSON object.", BAD, status=400)
    return asked_of(body)


def wants_page(exchange: Exchange) -> bool:
    """Whether a person came by a browser, with nothing to ask yet."""
    wire = exchange.wire
    shown = wire.method in {"GET", "HEAD"} and takes(wire.headers, "text/html")
    return shown and "query" not in wire.query()


def media_type(exchange: Exchange) -> str:
    """The media type of the answer; raises Refused where the client takes none of them."""
    best = liked_best(exchange.wire.headers.get("accept", "*/*"), KINDS, named=(EVENTS,))
    if best is None:
        raise Refused.because(f"Please accept {RESPONSE}, {JSON} or {EVENTS}.", "NOT_ACCEPTABLE", status=406)
    return best


def _opened(name: str, value: object) -> object:
    """What a query string holds as JSON; what is empty there was not sent."""
    if name not in {"variables", "extensions"} or not isinstance(value, str):
        return value
    if not value:
        return None
    try:
        return from_json(value, allow_inf_nan=False)
    except ValueError:
        raise Refused.because(f"{name} is no JSON.", BAD, status=400) from None


def asked_of(given: Mapping[str, object]) -> Asked:
    """The parameters that an object holds; raises Refused where they are not what they should be."""
    extensions = _of(given, "extensions", dict) or {}
    persisted = extensions.get("persistedQuery")
    digest = persisted.get("sha256Hash") if isinstance(persisted, dict) else given.get("documentId")
    query = _of(given, "query", str) or None
    if query is None and not isinstance(digest, str):
        raise Refused.because("Please send a query.", BAD, status=400)
    written = str(digest).removeprefix("sha256:").lower() if isinstance(digest, str) else None
    return Asked(query, _of(given, "variables", dict), _of(given, "operationName", str) or None, written)


def _of(given: Mapping[str, object], name: str, kind: type) -> Any:
    value = given.get(name)
    if value is not None and not isinstance(value, kind):
        words = "a string" if kind is str else "an object"
        raise Refused.because(f"{name} is not {words}.", BAD, status=400)
    return value
