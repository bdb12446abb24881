"""Pages of other origins: closed, but for the origins that the settings list (Fetch standard, CORS protocol)."""

from collections.abc import Sequence

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
MAX_AGE = "600"
VARY = ("vary", "Origin")
"""No cache gives a listed page the answer that was given without leave to read it."""


def leave_of(wire: Wire, origins: Sequence[str]) -> Headers:
    """What lets the page read the answer where its origin is listed; else that another would have been let."""
    origin = wire.headers.get("origin")
    if origin is None or origin not in origins:
        return [VARY]
    return [
        ("access-control-allow-origin", origin),
        ("access-control-allow-credentials", "true"),
        ("access-control-expose-headers", EXPOSED),
        VARY,
    ]


def preflight(wire: Wire, allow: str) -> Headers:
    """What OPTIONS adds where a browser asks before it sends; without a listed origin it is of no use to it."""
    if "access-control-request-method" not in wire.headers:
        return []
    return [
        ("access-control-allow-methods", allow),
        ("access-control-allow-headers", REQUEST_HEADERS),
        ("access-control-max-age", MAX_AGE),
    ]
