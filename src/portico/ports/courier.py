"""Carries messages to addresses that somebody else has given, and goes nowhere that is not the public internet."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

MOST = 1_000
"""Bytes of an answer that are kept."""


class Parcel(NamedTuple):
    """A message for an address; it is posted."""

    url: str
    headers: Mapping[str, str]
    body: bytes


class Reply(NamedTuple):
    """What was answered."""

    status: int
    answer: bytes
    """The first 1,000 bytes of it."""
    retry_after: str = ""
    """That header, as it came."""


class OutOfReach(Exception):
    """The address may not be called: it is not public, or not written as addresses are. Says which, without numbers."""


class Unreachable(Exception):
    """Nobody has answered; says why."""


class Courier(Protocol):
    """Posts messages. A redirect is an answer like any other: it is never followed."""

    async def post(self, parcel: Parcel, *, within: float) -> Reply:
        """Post it; all of it, the answer too, takes so many seconds at most. Raises OutOfReach, or Unreachable."""
        ...

    async def close(self) -> None:
        """Close every connection."""
        ...
