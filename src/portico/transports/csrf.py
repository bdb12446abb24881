"""Requests that another site made a browser send."""

import hmac
from collections.abc import Callable, Sequence

from portico.errors import CrossSite
from portico.transports.wire import SESSION, Wire

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
COOKIE = "csrf-token"
FIELD = "_csrf"
FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
Sign = Callable[[bytes], bytes]


class Tokened:
    """An endpoint that itself holds every request against the token of its page, by `check_form`."""

    __slots__ = ()


def check_origin(wire: Wire, origins: Sequence[str], endpoint: object = None) -> None:
    """Raise CrossSite where a browser says the request is another site's.

    Sec-Fetch-Site decides, else Origin. Where both are missing, a request that a cookie vouches for needs the
    `csrf-token` cookie repeated in `x-csrf-token`; a form does not, at an endpoint that asks for the form's own token.
    A bearer token is no cookie: no site can make a browser send one, as it can with the name and password that a proxy
    has once asked for (`Basic`).
    """
    if wire.method in SAFE or wire.headers.get("authorization", "")[:7].lower() == "bearer ":
        return
    site = wire.headers.get("sec-fetch-site")
    origin = wire.headers.get("origin")
    if origin is not None and origin in origins:
        return
    if site is not None:
        passed = site in {"same-origin", "none"}
    elif origin is not None:
        passed = _is_our_own(wire, origin)
    else:
        passed = not wire.by_cookie() or _repeated(wire) or (isinstance(endpoint, Tokened) and is_form(wire))
    if not passed:
        raise CrossSite


def check_socket(wire: Wire, origins: Sequence[str]) -> None:
    """Raise CrossSite where another site's page opens a WebSocket: a browser asks nobody, and sends cookies along."""
    origin = wire.headers.get("origin")
    if origin is None or origin in origins or _is_our_own(wire, origin):
        return
    raise CrossSite


def is_form(wire: Wire) -> bool:
    """Whether the body is an HTML form's."""
    return wire.headers.get("content-type", "").partition(";")[0].strip().lower() in FORMS


def form_token(wire: Wire, sign: Sign, nonce: str) -> str:
    """The token of a form: bound to this browser's nonce and to its session."""
    return sign(f"csrf\0{nonce}\0{wire.cookies.get(SESSION, '')}".encode()).hex()


def check_form(wire: Wire, sign: Sign, token: object) -> None:
    """Raise CrossSite where the form does not bring the token that its page was given."""
    nonce = wire.cookies.get(COOKIE, "")
    expected = form_token(wire, sign, nonce)
    if not nonce or not isinstance(token, str) or not hmac.compare_digest(expected.encode(), token.encode()):
        raise CrossSite


def _is_our_own(wire: Wire, origin: str) -> bool:
    """Whether the origin is where the request went: scheme, `://`, and the host as the Host header writes it."""
    host = wire.headers.get("host", "")
    return host != "" and origin.partition("://")[2] == host


def _repeated(wire: Wire) -> bool:
    cookie = wire.cookies.get(COOKIE, "")
    header = wire.headers.get("x-csrf-token", "")
    return bool(cookie) and hmac.compare_digest(cookie.encode(), header.encode())
