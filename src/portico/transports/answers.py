"""Status, headers and body onto the wire."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from http import HTTPStatus
from math import ceil

from portico.core.answer import Answer, Cookie
from portico.core.principal import Request
from portico.errors import Error, MethodNotAllowed
from portico.ports.counters import Taken
from portico.transports.wire import Send

JSON = b"application/json"
HTML = b"text/html; charset=utf-8"
Headers = list[tuple[bytes, bytes]]
ALWAYS: Headers = [(b"x-content-type-options", b"nosniff"), (b"cache-control", b"no-store")]


async def send_answer(send: Send, status: int, headers: Headers, *, body: bytes) -> None:
    """Send it whole."""
    headers.append((b"content-length", b"%d" % len(body)))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def headers_of(answer: Answer, request: Request, media_type: bytes) -> Headers:
    """The headers of an answer: its own, its limits', its cookies."""
    headers = [*ALWAYS, (b"content-type", media_type), (b"x-request-id", request.id.encode("latin-1"))]
    for name, value in answer.headers:
        headers.append((name.lower().encode(), value.encode("latin-1")))
    if request.root:
        headers = [(n, request.root.encode() + v if n == b"location" and v[:1] == b"/" else v) for n, v in headers]
    if answer.limits:
        headers += limit_headers(answer.limits)
    if answer.cookies:
        headers += ((b"set-cookie", _cookie(c).encode("latin-1")) for c in answer.cookies)
    if answer.replayed:
        headers.append((b"idempotent-replayed", b"true"))
    return headers


def refusal_headers(error: Error, language: str) -> Headers:
    """What a refusal adds: how to sign in, when to come back, in which language it speaks."""
    headers: Headers = [(b"content-language", language.encode())]
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers.append((b"www-authenticate", b'Bearer realm="portico"'))
    if isinstance(error, MethodNotAllowed):
        headers.append((b"allow", error.allow.encode()))
    if error.retry_after is not None:
        headers.append((b"retry-after", b"%d" % max(1, ceil(error.retry_after))))
    return headers


def limit_headers(limits: Sequence[tuple[str, Taken]]) -> Iterable[tuple[bytes, bytes]]:
    """RateLimit and RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers); the older trio for the tightest."""
    states = []
    tightest = limits[0][1]
    for name, taken in limits:
        states.append(f'"{name}";r={taken.remaining};t={ceil(taken.reset)}')
        if taken.remaining < tightest.remaining:
            tightest = taken
    return (
        (b"ratelimit-policy", _policy(tuple([(name, taken.limit, taken.window) for name, taken in limits]))),
        (b"ratelimit", ", ".join(states).encode()),
        (b"x-ratelimit-limit", b"%d" % tightest.limit),
        (b"x-ratelimit-remaining", b"%d" % tightest.remaining),
        (b"x-ratelimit-reset", b"%d" % ceil(tightest.reset)),
    )


@lru_cache(maxsize=1024)
def _policy(rules: tuple[tuple[str, int, float], ...]) -> bytes:
    """The rules themselves, which are few and never change."""
    return ", ".join(f'"{name}";q={limit};w={window:.0f}' for name, limit, window in rules).encode()


def _cookie(cookie: Cookie) -> str:
    """`__Host-` rules hold for all of them: Secure, Path=/, no Domain (RFC 6265bis, section 4.1.3)."""
    age = 0 if cookie.value is None else cookie.max_age.total_seconds() if cookie.max_age is not None else None
    parts = [f"{cookie.name}={cookie.value or ''}", "Path=/", "Secure", "SameSite=Lax"]
    if age is not None:
        parts.append(f"Max-Age={age:.0f}")
    if not cookie.readable:
        parts.append("HttpOnly")
    return "; ".join(parts)
