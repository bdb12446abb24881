"""Pages of other origins: closed, but for the origins that the settings list (Fetch standard, CORS protocol)."""

from collections.abc import Sequence

from portico.transports.answers import Headers
from portico.transports.wire import Message, Send, Wire

REQUEST_HEADERS = b"authorization, content-type, idempotency-key, if-match, x-csrf-token, x-org-id, x-request-id"
EXPOSED = (
    b"location, retry-after, idempotent-replayed, invalidates, ratelimit, ratelimit-policy, x-ratelimit-limit, "
    b"x-ratelimit-remaining, x-ratelimit-reset, x-request-id"
)
MAX_AGE = b"600"


def opened(wire: Wire, send: Send, origins: Sequence[str]) -> Send:
    """The way back: with leave for the page to read the answer where its origin is listed, else as it was."""
    origin = wire.headers.get("origin")
    if origin is None or origin not in origins:
        return send
    leave: Headers = [
        (b"access-control-allow-origin", origin.encode("latin-1")),
        (b"access-control-allow-credentials", b"true"),
        (b"access-control-expose-headers", EXPOSED),
        (b"vary", b"Origin"),
    ]

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], *leave]}
        await send(message)

    return sending


def preflight(wire: Wire, allow: str) -> Headers:
    """What OPTIONS adds where a browser asks before it sends; without a listed origin it is of no use to it."""
    if "access-control-request-method" not in wire.headers:
        return []
    return [
        (b"access-control-allow-methods", allow.encode()),
        (b"access-control-allow-headers", REQUEST_HEADERS),
        (b"access-control-max-age", MAX_AGE),
    ]
