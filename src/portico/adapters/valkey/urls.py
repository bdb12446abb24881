"""Addresses of a server, as people write them and as logs may show them."""

from urllib.parse import urlsplit

SCHEMES = {"redis": "redis", "rediss": "rediss", "valkey": "redis", "valkeys": "rediss", "unix": "unix"}


def spoken(url: str) -> str:
    """The address as the driver reads it; raises ValueError where it is none."""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme not in SCHEMES or not rest:
        message = "write valkey://user:password@host:6379/0, valkeys:// for TLS, or unix:///path/to/socket"
        raise ValueError(message)
    _ = urlsplit(url).port  # raises ValueError where it is no number
    return f"{SCHEMES[scheme]}://{rest}"


def reachable(url: str) -> str:
    """The address without its secrets."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or 6379}" if parts.hostname else parts.path
