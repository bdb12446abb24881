"""Pages of other origins: closed, but for the origins that the settings list (Fetch standard, CORS protocol)."""

from collections.abc import Iterable, Sequence

from portico.transports.line import Headers
from portico.transports.wire import Wire

REQUEST_HEADERS = (
    "authorization, content-type, idempotency-key, if-match, x-contract, x-csrf-token, x-org-id, x-request-id"
)
EXPOSED = (
    "location, retry-after, etag, idempotent-replayed, invalidates, ratelimit, ratelimit-policy, x-ratelimit-limit, "
    "x-ratelimit-remaining, x-ratelimit-reset, x-request-id, x-contract, deprecation, sunset, link, "
    "x-api-deprecation-warning, x-api-deprecation-date"
)
ASKED = "access-control-request-method"
MAX_AGE = "600"
VARY = "vary", "Origin"
"""On every answer, whoever asks: what a cache has kept for one origin, or for none, is not given to another."""


def leave_of(wire: Wire, origins: Sequence[str]) -> Headers:
    """What lets the page read the answer where its origin is listed; else only that the answer depends on it."""
    origin = wire.headers.get("origin")
    if origin is None or origin not in origins:
        return [VARY]
    return [
        ("access-control-allow-origin", origin),
        ("access-control-allow-credentials", "true"),
        ("access-control-expose-headers", EXPOSED),
        VARY,
    ]


def preflight(wire: Wire, allow: str, own: Iterable[str] = ()) -> Headers:
    """What OPTIONS adds where a browser asks before it sends; without a listed origin it is of no use to it.

    `own` are the headers that the action reads besides.
    """
    if ASKED not in wire.headers:
        return []
    return [
        ("access-control-allow-methods", allow),
        ("access-control-allow-headers", ", ".join((REQUEST_HEADERS, *own))),
        ("access-control-max-age", MAX_AGE),
    ]
