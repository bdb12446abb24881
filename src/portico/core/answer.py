"""What goes back besides the data."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from portico.core.value import Value
from portico.ports.counters import Taken

TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
HEADER_VALUE = re.compile(r"[\x20-\x7e]*")
COOKIE_VALUE = re.compile(r"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*")


class Redirect(Value):
    """Answers 303, to our own paths unless `external`."""

    to: str
    external: bool = False


class Html(Value):
    """Answers a rendered template."""

    template: str
    values: Mapping[str, object]


class Cookie(NamedTuple):
    """A cookie to set, or to clear where the value is None."""

    name: str
    value: str | None
    max_age: timedelta | None
    readable: bool
    """Whether scripts of the page may read it."""


class Answer:
    """Headers and cookies of the answer; a cookie is never part of a stored (replayed) one."""

    __slots__ = ("cookies", "headers", "limits", "replayed", "status")

    def __init__(self) -> None:
        """An empty answer, 200 unless something says otherwise."""
        self.status = 200
        self.headers: list[tuple[str, str]] = []
        self.limits: Taken | None = None
        self.cookies: list[Cookie] = []
        self.replayed = False

    def header(self, name: str, value: str) -> None:
        """Add a header; it is stored with the answer where the call has an idempotency key.

        Raises ValueError where the name or the value could not stand in a header (RFC 9110, section 5).
        """
        if not TOKEN.fullmatch(name):
            message = f"{name!r} is no header name."
            raise ValueError(message)
        if not HEADER_VALUE.fullmatch(value):
            message = f"The value of the header {name} has characters that no header can carry."
            raise ValueError(message)
        self.headers.append((name, value))

    def cookie(self, name: str, value: str | None, *, max_age: timedelta | None = None, readable: bool = False) -> None:
        """Set a cookie (HttpOnly unless `readable`, SameSite=Lax, Secure); None clears it.

        Raises ValueError where the name or the value could not stand in a cookie (RFC 6265, section 4.1.1).
        """
        if not TOKEN.fullmatch(name):
            message = f"{name!r} is no cookie name."
            raise ValueError(message)
        if value is not None and not COOKIE_VALUE.fullmatch(value):
            message = f"The value of the cookie {name} has characters that no cookie can carry."
            raise ValueError(message)
        self.cookies.append(Cookie(name, value, max_age, readable))
