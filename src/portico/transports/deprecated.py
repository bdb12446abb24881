"""Deprecated versions: said on every answer (RFC 9745, RFC 8594)."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from typing import TypeAlias
from urllib.parse import quote

from portico.core.version import Version
from portico.transports.line import Headers
from portico.transports.socket import Socket
from portico.transports.websocket import LiveEndpoint
from portico.transports.wire import Exchange, Wire

Endpoint: TypeAlias = Callable[[Exchange], Awaitable[int]]


class DeprecatedEndpoint:
    """An action in a version that is deprecated, and where its successor is."""

    __slots__ = ("_changes", "_headers", "_prefixes", "endpoint")

    def __init__(self, endpoint: Endpoint, version: Version, newest: Version, *, changes: str) -> None:
        """`changes` is the path of the page that tells what changed."""
        self.endpoint = endpoint
        """What answers."""
        self._prefixes = version.prefix, newest.prefix
        self._changes = changes
        self._headers = deprecation_headers(version, newest)

    async def __call__(self, exchange: Exchange) -> int:
        """Answer as the action does, with what is said of its version."""
        self.tell(exchange.wire)
        return await self.endpoint(exchange)

    def tell(self, wire: Wire) -> None:
        """Say so on the answer to come, once: of a refusal too that comes before the action."""
        if self._headers[0] in wire.leave:
            return
        root, (old, new) = wire.root, self._prefixes
        links = [f'<{root}{self._changes}>; rel="deprecation"; type="text/html"']
        if old != new:
            links.insert(0, f'<{root}{new}{quote(wire.path.removeprefix(old))}>; rel="successor-version"')
        wire.leave = [*wire.leave, *self._headers, ("link", ", ".join(links))]


class DeprecatedStream(DeprecatedEndpoint):
    """A subscription in a version that is deprecated; a WebSocket has no headers of its own to say so."""

    __slots__ = ()
    endpoint: LiveEndpoint

    async def attend(self, exchange: Exchange, socket: Socket) -> int:
        """Answer as the subscription does."""
        return await self.endpoint.attend(exchange, socket)


def itself(endpoint: object) -> object:
    """The endpoint of an action, whether or not its version is deprecated."""
    return endpoint.endpoint if isinstance(endpoint, DeprecatedEndpoint) else endpoint


def deprecation_headers(version: Version, newest: Version) -> Headers:
    """Since when, until when, and the same for people and older clients."""
    if version.deprecated is None:
        return []
    since, ends = version.deprecated, version.sunset
    until = f" and ends on {ends.isoformat()}" if ends else ""
    warning = f"{version.name} of this is deprecated since {since.isoformat()}{until}: use {newest.name}."
    return [
        ("deprecation", f"@{_midnight(since).timestamp():.0f}"),
        *([("sunset", format_datetime(_midnight(ends), usegmt=True))] if ends else []),
        ("x-api-deprecation-warning", warning if version != newest else warning.partition(":")[0]),
        ("x-api-deprecation-date", since.isoformat()),
    ]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
