"""One HTTP request, read no further than needed."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from contextlib import suppress
from hashlib import sha256
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import parse_qsl
from uuid import UUID

from portico.core.principal import Request
from portico.errors import Error, FieldError, Invalid, TooLarge

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
Networks: TypeAlias = Sequence[IPv4Network | IPv6Network]
SESSION = "__Host-session"
MOST_MEMBERS = 200
LINGER_BYTES = 64 * 1024 * 1024
LINGER_SECONDS = 2.0
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,128}")


class Disconnected(BaseException):
    """The client left before its request was whole: no failure of the call, and nobody is there to be told of one."""


class Wire:
    """What one request says, each part read once and when first wanted."""

    __slots__ = ("_cookies", "_ended", "headers", "ip", "limit", "method", "path", "query_string", "receive", "scope")

    def __init__(self, scope: Scope, receive: Receive, *, limit: int, proxies: Networks) -> None:
        """`limit` bounds the body in bytes; `proxies` are those whose X-Forwarded-For is believed."""
        self.scope = scope
        self.receive = receive
        self._ended = False
        self.limit = limit
        self.method: str = scope["method"]
        self.path: str = scope["path"].removeprefix(scope.get("root_path", "")) or "/"
        self.headers: dict[str, str] = _headers(scope["headers"])
        self.query_string: bytes = scope["query_string"]
        client = scope.get("client")
        peer = client[0] if client else None
        self.ip = _forwarded(peer, self.headers, proxies) if proxies else peer
        self._cookies: dict[str, str] | None = None

    @property
    def cookies(self) -> Mapping[str, str]:
        """Cookies by name."""
        if self._cookies is None:
            header = self.headers.get("cookie")
            self._cookies = _parse_cookies(header) if header else {}
        return self._cookies

    def credential(self) -> bytes | None:
        """The hash of the token presented; an Authorization header makes the cookie ignored, even a junk one."""
        authorization = self.headers.get("authorization")
        if authorization is not None:
            scheme, _, token = authorization.partition(" ")
            return sha256(token.strip().encode()).digest() if scheme.lower() == "bearer" else sha256(b"").digest()
        token = self.cookies.get(SESSION, "") if "cookie" in self.headers else ""
        return sha256(token.encode()).digest() if token else None

    def by_cookie(self) -> bool:
        """Whether a cookie is what says who calls."""
        return "cookie" in self.headers and "authorization" not in self.headers and SESSION in self.cookies

    def org(self) -> tuple[UUID | None, Error | None]:
        """The organization that X-Org-Id names, or why it names none."""
        written = self.headers.get("x-org-id")
        if not written:
            return None, None
        try:
            return UUID(written), None
        except ValueError:
            return None, Invalid(errors={"X-Org-Id": [FieldError("VAL_INVALID_FORMAT")]})

    def query(self) -> dict[str, object]:
        """Members of the query string; a repeated one is a list, an empty one is not there.

        Raises TooLarge where there are more than any action takes.
        """
        found: dict[str, object] = {}
        if not self.query_string:
            return found
        if self.query_string.count(b"&") >= MOST_MEMBERS:
            raise TooLarge
        for name, value in parse_qsl(self.query_string.decode("latin-1")):
            known = found.get(name)
            if known is None:
                found[name] = value
            else:
                found[name] = [*known, value] if isinstance(known, list) else [known, value]
        return found

    def check_size(self) -> None:
        """Raise TooLarge where the body says that it is."""
        length = self.headers.get("content-length", "")
        if length.isdecimal() and int(length) > self.limit:
            raise TooLarge

    async def body(self) -> bytes:
        """The whole body. Raises TooLarge past the limit, Disconnected where it never ends."""
        message = await self.receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        body: bytes = message.get("body", b"")
        if not message.get("more_body") and len(body) <= self.limit:
            self._ended = True
            return body
        pieces, size = [body], len(body)
        while message.get("more_body"):
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise Disconnected
            pieces.append(message.get("body", b""))
            size += len(pieces[-1])
            if size > self.limit:
                break
        self._ended = not message.get("more_body")
        if size > self.limit:
            raise TooLarge
        return b"".join(pieces)

    def unread(self) -> bool:
        """Whether a body is still to come, and not more of one than is worth reading."""
        if self._ended:
            return False
        length = self.headers.get("content-length", "0")
        return "transfer-encoding" in self.headers or (length.isdecimal() and 0 < int(length) <= LINGER_BYTES)

    async def discard(self) -> None:
        """Read on after the answer, within bounds: a client still sending would find its connection broken instead."""
        size, more = 0, True
        with suppress(TimeoutError):
            async with asyncio.timeout(LINGER_SECONDS):
                while more and size < LINGER_BYTES:
                    message = await self.receive()
                    size += len(message.get("body", b""))
                    more = message.get("more_body", False)

    def request(self, make_id: Callable[[], str], locale: str) -> Request:
        """The request as actions see it; a client's own request id is kept where it is a plain word."""
        given = self.headers.get("x-request-id", "")
        request_id = given if given and REQUEST_ID.fullmatch(given) else make_id()
        return Request(self.headers, self.ip, request_id, locale, self.scope.get("root_path", ""))


def _headers(raw: Sequence[tuple[bytes, bytes]]) -> dict[str, str]:
    """By lower-case name; a repeated one is joined as RFC 9110, section 5.3, says (cookies by `; `)."""
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in raw}
    if len(headers) == len(raw):
        return headers
    headers = {}
    for name_bytes, value_bytes in raw:
        name, value = name_bytes.decode("latin-1").lower(), value_bytes.decode("latin-1")
        if name in headers:
            value = f"{headers[name]}{'; ' if name == 'cookie' else ', '}{value}"
        headers[name] = value
    return headers


def _parse_cookies(header: str) -> dict[str, str]:
    """Cookies as browsers send them: one that another application wrote oddly does not hide the others."""
    cookies: dict[str, str] = {}
    for pair in header.split(";"):
        name, assigned, value = pair.partition("=")
        if assigned and name.strip():
            cookies[name.strip()] = value.strip().strip('"')
    return cookies


def _forwarded(peer: str | None, headers: Mapping[str, str], proxies: Networks) -> str | None:
    """The client's address: X-Forwarded-For from right to left, past the proxies that are trusted."""
    address = peer
    hops = [hop.strip() for hop in headers.get("x-forwarded-for", "").split(",") if hop.strip()]
    while address is not None and hops and _within(address, proxies):
        address = hops.pop()
    return address if address is None or _is_address(address) else peer


def _within(address: str, networks: Networks) -> bool:
    if not _is_address(address):
        return False
    parsed = ip_address(address)
    return any(parsed.version == network.version and parsed in network for network in networks)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


class Exchange(NamedTuple):
    """One request on its way through an endpoint: what came, what its path says, where the answer goes."""

    wire: Wire
    values: Mapping[str, str]
    send: Send
    request: Request
