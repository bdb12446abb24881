"""Who calls, in which organization, over which wire."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple
from uuid import UUID

from portico.core.value import Value
from portico.ports.quick import quickly

NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class Principal(Value):
    """Who calls."""

    id: UUID | None = None
    kind: Literal["nobody", "user", "system"] = "nobody"


class User(Principal):
    """A person."""

    id: UUID
    kind: Literal["nobody", "user", "system"] = "user"
    email: str = ""
    name: str = ""


class Org(Value):
    """The tenant."""

    id: UUID
    name: str = ""
    slug: str = ""
    plan: str = "free"
    timezone: str = "UTC"
    """An IANA name, such as Europe/Vienna."""


class Request(NamedTuple):
    """The wire's facts; empty in-process. Header names are lower case."""

    headers: Mapping[str, str] = NO_HEADERS
    ip: str | None = None
    id: str = ""
    """The request id: on the answer, on every log line, in the audit."""
    locale: str = "en"
    root: str = ""
    """Where a host has mounted the application."""
    vouched: bool = False
    """Whether the host's own sign-in says who calls."""


request_made = quickly(Request)


class Device(NamedTuple):
    """What a session is bound to: the device that it was opened with, and the network that it was in."""

    agent: str | None
    """The User-Agent as sent, its first 500 characters, and the client hints in the lines after it."""
    prefix: str | None
    """The network of the address, such as 203.0.113.0/24."""
    name: str
    """Family and platform, such as `Firefox on Linux`."""


NOBODY = Principal()
