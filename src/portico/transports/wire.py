"""One HTTP request, read no further than needed."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import NamedTuple, TypeAlias
from urllib.parse import parse_qsl
from uuid import UUID

from portico.core.addresses import address_in
from portico.core.call import Call
from portico.core.principal import Request, request_made
from portico.errors import Error, FieldError, Invalid, TooLarge
from portico.ports.quick import quickly
from portico.transports.line import Line

Networks: TypeAlias = Sequence[IPv4Network | IPv6Network]
SESSION = "__Host-session"
API_KEY = "pk_"
"""How an API key begins."""
KEY_MARK = b"k"
"""What the gate knows the hash of an API key by."""
LONGEST_TOKEN = 8 * 1024
MOST_MEMBERS = 200
SHORT = 32
"""Characters of a query string that is known again: `limit=20`, and nothing as long as a secret."""
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,128}")


class Wire(Line):
    """What one request says, each part read once and when first wanted; a server's own kind fills it in."""

    __slots__ = ("_cookies", "call", "hosted", "method", "path", "peer", "query_string", "root", "vouched")
    method: str
    path: str
    """Decoded, and below the root."""
    query_string: str
    peer: str | None
    """The address that is connected: the client's, or a proxy's."""

    def __init__(self) -> None:
        """A request whose parts are yet to be filled in."""
        super().__init__()
        self.root = ""
        self._cookies: dict[str, str] | None = None
        self.call: Call | None = None
        """What it has come to, for the log: the first call where there are several."""
        self.hosted = False
        """Whether a host's own sign-in may say who calls, by any cookie."""
        self.vouched: bytes | None = None
        """The credential of the caller whom it knows."""

    @property
    def cookies(self) -> Mapping[str, str]:
        """Cookies by name."""
        if self._cookies is None:
            header = self.headers.get("cookie")
            self._cookies = _parse_cookies(header) if header else {}
        return self._cookies

    def bring(self, name: str, value: str | None) -> None:
        """Hold a cookie as if the browser had sent it: a page in the same answer is drawn for what was just set."""
        self._cookies = {**self.cookies, name: value or ""}

    def credential(self) -> bytes | None:
        """The hash of the token presented; an Authorization header makes the cookie ignored, even a junk one.

        Whom the host knows needs none.
        """
        if self.vouched is not None:
            return self.vouched
        authorization = self.headers.get("authorization")
        if authorization is not None:
            scheme, _, written = authorization.partition(" ")
            token = written.strip() if scheme.lower() == "bearer" else ""
            hashed = sha256(token.encode()).digest()
            return KEY_MARK + hashed if token.startswith(API_KEY) else hashed
        token = self.cookies.get(SESSION, "") if "cookie" in self.headers else ""
        return sha256(token.encode()).digest() if token else None

    def bearer(self) -> str | None:
        """The bearer token itself, where it has the three parts of a signed one, which another issuer may have made."""
        scheme, _, written = self.headers.get("authorization", "").partition(" ")
        token = written.strip()
        signed = scheme.lower() == "bearer" and token.count(".") == 2 and len(token) <= LONGEST_TOKEN
        return token if signed else None

    def by_cookie(self) -> bool:
        """Whether a cookie is what says who calls."""
        by_cookie = "cookie" in self.headers and "authorization" not in self.headers
        return by_cookie and (self.hosted or SESSION in self.cookies)

    def org(self) -> tuple[UUID | None, Error | None]:
        """The organization that X-Org-Id names, or why it names none."""
        written = self.headers.get("x-org-id")
        if not written:
            return None, None
        try:
            return _org_of(written), None
        except ValueError:
            return None, Invalid(errors={"X-Org-Id": [FieldError("VAL_INVALID_FORMAT")]})

    def query(self) -> dict[str, object]:
        """Members of the query string; a repeated one is a list, an empty one is not there.

        Raises TooLarge where there are more than any action takes.
        """
        found: dict[str, object] = {}
        if not self.query_string:
            return found
        if self.query_string.count("&") >= MOST_MEMBERS:
            raise TooLarge
        short = len(self.query_string) <= SHORT
        for name, value in _known_pairs(self.query_string) if short else parse_qsl(self.query_string):
            known = found.get(name)
            if known is None:
                found[name] = value
            else:
                found[name] = [*known, value] if isinstance(known, list) else [known, value]
        return found

    def request(self, make_id: Callable[[], str], locale: str, proxies: Networks = ()) -> Request:
        """The request as actions see it; a client's own request id is kept where it is a plain word.

        `proxies` are those whose X-Forwarded-For is believed.
        """
        given = self.headers.get("x-request-id", "")
        request_id = given if given and REQUEST_ID.fullmatch(given) else make_id()
        ip = self.peer
        if ip is not None and ":" in ip:  # what has none is plain already
            ip = address_in(ip)
        if proxies:
            ip = _forwarded(ip, self.headers, proxies)
        return request_made((self.headers, ip, request_id, locale, self.root, False))


@lru_cache(maxsize=4096)
def _org_of(written: str) -> UUID:
    """The organization that a header names; they are few, and `UUID` reads each letter by letter."""
    return UUID(written)


@lru_cache(maxsize=1024)
def _known_pairs(query: str) -> tuple[tuple[str, str], ...]:
    """What a short query string says; most pages are asked for in the same words."""
    return tuple(parse_qsl(query))


def joined(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Headers by name; a repeated one is joined as RFC 9110, section 5.3, says (cookies by `; `)."""
    headers = dict(pairs)
    if len(headers) == len(pairs):
        return headers
    headers = {}
    for name, value in pairs:
        known = headers.get(name)
        headers[name] = value if known is None else f"{known}{'; ' if name == 'cookie' else ', '}{value}"
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
        address = address_in(hops.pop())
    return peer if address is None else address


def _within(address: str, networks: Networks) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:  # a socket of this machine has none
        return False
    return any(parsed.version == network.version and parsed in network for network in networks)


class Exchange(NamedTuple):
    """One request on its way through an endpoint: its wire, what its path says, and the request as actions see it."""

    wire: Wire
    values: Mapping[str, str]
    request: Request


exchange_of = quickly(Exchange)
