"""Which failures say that another service is out of reach; read off exceptions of whatever client raised them."""

from collections.abc import Mapping
from datetime import UTC, datetime

from portico.errors import CircuitOpen, Error, TimedOut, Unavailable

NETWORK = frozenset({"TransportError", "ClientConnectionError", "APIConnectionError", "ServerDisconnectedError"})
"""What HTTP clients call a failed connection, where that is no OSError: httpx2, aiohttp, and the clients of vendors."""
FILES = (FileNotFoundError, FileExistsError, PermissionError, IsADirectoryError, NotADirectoryError)
"""OSErrors that are nobody else's fault."""
TOO_MANY = 429


def is_outage(problem: BaseException) -> bool:
    """Whether the service is to blame: a network error, a timeout, an answer of 500 and above; never one of 400s."""
    if isinstance(problem, Error):
        return isinstance(problem, Unavailable | TimedOut) and not isinstance(problem, CircuitOpen)
    status = status_of(problem)
    if status is not None:
        return status >= 500
    return (isinstance(problem, OSError) and not isinstance(problem, FILES)) or any(
        kind.__name__ in NETWORK for kind in type(problem).__mro__
    )


def is_worth_retrying(problem: BaseException) -> bool:
    """Whether the same call may well succeed a moment later: an outage, or 429."""
    return is_outage(problem) or status_of(problem) == TOO_MANY


def status_of(problem: BaseException) -> int | None:
    """The HTTP status that an exception carries, itself or on its `response`."""
    if isinstance(problem, Error):
        return None
    for holder in (getattr(problem, "response", None), problem):
        for name in ("status_code", "http_status", "status"):
            found = getattr(holder, name, None)
            if isinstance(found, int):
                return found
    return None


def asked_to_wait(problem: BaseException, now: datetime) -> float | None:
    """Seconds that the answer's Retry-After asks for: a number, or a date (RFC 9110, section 10.2.3)."""
    headers = getattr(getattr(problem, "response", None), "headers", None)
    written = headers.get("retry-after") if isinstance(headers, Mapping) else None
    return wish_of(written, now) if isinstance(written, str) else None


def wish_of(written: str, now: datetime) -> float | None:
    """Seconds that a Retry-After asks for; None where it is none."""
    if written.isascii() and written.strip().isdigit():
        return float(written)
    from email.utils import parsedate_to_datetime  # loads much, and is needed seldom

    try:
        until = parsedate_to_datetime(written)
    except (ValueError, OverflowError):  # a year, or a zone, beyond all numbers
        return None
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - now).total_seconds())
