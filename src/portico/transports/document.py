"""A document that is made once and served as bytes: a contract, a page about it."""

import asyncio
from collections.abc import Callable
from hashlib import sha256
from http import HTTPStatus

from portico.core.etags import is_named
from portico.transports.answers import send_answer
from portico.transports.line import Headers
from portico.transports.wire import Exchange

FRESH: Headers = [("x-content-type-options", "nosniff"), ("cache-control", "no-cache")]
"""A copy may be kept, and is asked about each time: with its ETag that costs no body."""


class DocumentEndpoint:
    """Answers with bytes that are made when first asked for, beside the loop, and kept."""

    def __init__(self, media_type: str, make: Callable[[], bytes], *, also: Headers | None = None) -> None:
        """`also` are headers of each answer besides."""
        self._make = make
        self._headers: Headers = [*FRESH, ("content-type", media_type), *(also or [])]
        self._made: tuple[bytes, str] | None = None

    async def __call__(self, exchange: Exchange) -> int:
        """Send it, or 304 to who has it (RFC 9110, section 13.1.2); returns the status."""
        made = self._made
        if made is None:
            body = await asyncio.to_thread(self._make)
            made = self._made = body, sha256(body).hexdigest()[:32]
        body, tag = made
        wire = exchange.wire
        headers = [*self._headers, ("etag", f'"{tag}"'), ("x-request-id", exchange.request.id)]
        if is_named(tag, wire.headers.get("if-none-match")):
            await wire.respond(HTTPStatus.NOT_MODIFIED, headers + wire.leave, b"")
            return HTTPStatus.NOT_MODIFIED
        await send_answer(wire, HTTPStatus.OK, headers, body=body)
        return HTTPStatus.OK
