"""Status, headers and body onto the wire."""

from collections.abc import Awaitable, Iterable
from functools import lru_cache
from http import HTTPStatus
from math import ceil

from portico.core.answer import Answer, Cookie
from portico.core.principal import Request
from portico.errors import Error, MethodNotAllowed, UpgradeRequired
from portico.ports.counters import Rule, Taken
from portico.transports.line import Headers
from portico.transports.wire import Wire

JSON = "application/json"
HTML = "text/html; charset=utf-8"
NOSNIFF = ("x-content-type-options", "nosniff")
ALWAYS: Headers = [NOSNIFF, ("cache-control", "no-store")]
BODILESS = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})
"""What has no body, and so no length of one (RFC 9110, section 8.6)."""


def send_answer(wire: Wire, status: int, headers: Headers, *, body: bytes) -> Awaitable[None]:
    """Send it whole; to HEAD without its body (RFC 9110, section 9.3.2)."""
    if status not in BODILESS:
        headers.append(("content-length", str(len(body))))
    headers += wire.leave
    return wire.respond(status, headers, b"" if wire.method == "HEAD" else body)


def headers_of(answer: Answer, request: Request, media_type: str, *, always: Headers = ALWAYS) -> Headers:
    """The headers of an answer: what it always has, its own, its limits', its cookies."""
    headers = [*always, ("content-type", media_type), ("x-request-id", request.id)]
    for name, value in answer.headers:
        headers.append((name.lower(), value))
    if request.root:
        headers = [(n, request.root + v if n == "location" and v[:1] == "/" else v) for n, v in headers]
    if answer.limits is not None:
        headers += limit_headers(answer.limits)
    for cookie in answer.cookies:
        headers.append(("set-cookie", _cookie(cookie)))
    if answer.replayed:
        headers.append(("idempotent-replayed", "true"))
    return headers


def refusal_headers(error: Error, language: str) -> Headers:
    """What a refusal adds: how to sign in, when to come back, in which language it speaks."""
    headers: Headers = [("content-language", language)]
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers.append(("www-authenticate", 'Bearer realm="portico"'))
    if isinstance(error, UpgradeRequired):
        headers += [("upgrade", "websocket"), ("connection", "upgrade")]
    if isinstance(error, MethodNotAllowed):
        headers.append(("allow", error.allow))
    if error.retry_after is not None:
        headers.append(("retry-after", str(max(1, ceil(error.retry_after)))))
    return headers


def limit_headers(taken: Taken) -> Iterable[tuple[str, str]]:
    """RateLimit and RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers); the older trio for the tightest.

    Where the call is refused, that is the one that refuses it for the longest, as Retry-After says.
    """
    rules, left, refused = taken
    policy, states, limits = _wording(rules)
    told: list[int] = []
    least, soonest = tightest = left[0]
    for each in left:
        remaining, reset = each
        told.append(remaining)
        told.append(ceil(reset))
        if remaining < least:
            least, soonest = tightest = each
    place = left.index(tightest)
    if refused:
        place = max(refused, key=lambda n: left[n][1])
        least, soonest = left[place]
    return (
        policy,
        ("ratelimit", states % tuple(told)),
        limits[place],
        ("x-ratelimit-remaining", f"{least}"),
        ("x-ratelimit-reset", f"{ceil(soonest)}"),
    )


@lru_cache(maxsize=1024)
def _wording(rules: tuple[Rule, ...]) -> tuple[tuple[str, str], str, list[tuple[str, str]]]:
    """The rules themselves, which are few and never change; what is left of each, to be filled in; each limit."""
    policy = ", ".join(f'"{rule.name}";q={rule.limit};w={rule.window:.0f}' for rule in rules)
    states = ", ".join(f'"{rule.name.replace("%", "%%")}";r=%d;t=%d' for rule in rules)
    return ("ratelimit-policy", policy), states, [("x-ratelimit-limit", f"{rule.limit}") for rule in rules]


def _cookie(cookie: Cookie) -> str:
    """`__Host-` rules hold for all of them: Secure, Path=/, no Domain (RFC 6265bis, section 4.1.3)."""
    age = 0 if cookie.value is None else cookie.max_age.total_seconds() if cookie.max_age is not None else None
    parts = [f"{cookie.name}={cookie.value or ''}", "Path=/", "Secure", "SameSite=Lax"]
    if age is not None:
        parts.append(f"Max-Age={age:.0f}")
    if not cookie.readable:
        parts.append("HttpOnly")
    return "; ".join(parts)
