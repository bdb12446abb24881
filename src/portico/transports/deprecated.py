"""Deprecated versions: said on every answer (RFC 9745, RFC 8594)."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from typing import TypeAlias
from urllib.parse import quote

from portico.core.version import Version
from portico.transports.line import Headers
from portico.transports.wire import Exchange

Endpoint: TypeAlias = Callable[[Exchange], Awaitable[int]]


class DeprecatedEndpoint:
    """An action in a version that is deprecated, and where its successor is."""

    __slots__ = ("_changes", "_endpoint", "_headers", "_prefixes")

    def __init__(self, endpoint: Endpoint, version: Version, newest: Version, *, changes: str) -> None:
        """`changes` is the path of the page that tells what changed."""
        self._endpoint = endpoint
        self._prefixes = version.prefix, newest.prefix
        self._changes = changes
        self._headers = deprecation_headers(version, newest)

    async def __call__(self, exchange: Exchange) -> int:
        """Answer as the action does, with what is said of its version."""
        wire, (old, new) = exchange.wire, self._prefixes
        root = wire.root
        links = [f'<{root}{self._changes}>; rel="deprecation"; type="text/html"']
        if old != new:
            links.insert(0, f'<{root}{new}{quote(wire.path.removeprefix(old))}>; rel="successor-version"')
        wire.leave = [*wire.leave, *self._headers, ("link", ", ".join(links))]
        return await self._endpoint(exchange)


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
