"""A WebSocket, as far as streams need one; each server brings its own kind."""

from typing import Protocol, runtime_checkable

from portico.errors import Error
from portico.transports.wire import Exchange, Wire

ENDED, TOO_LARGE, FAILED, LATER = 1000, 1009, 1011, 1013
"""Codes of RFC 6455, section 7.4, and of the registry it names."""
CODES = {500: FAILED, 503: LATER, 504: FAILED, 413: TOO_LARGE}


class Socket(Protocol):
    """A request to open one, and then the line itself."""

    @property
    def wire(self) -> Wire:
        """What the request says."""
        ...

    tells_codes: bool
    """Whether the code that it is closed with reaches the client, where it was open."""

    async def refuse(self, status: int) -> None:
        """Open none; with that status, where the server lets us say so."""
        ...

    async def accept(self, protocol: str | None = None) -> None:
        """Open it, for the subprotocol that the client has asked for, where it has."""
        ...

    async def hear(self) -> str | bytes | None:
        """The next message of the client; None where it has left."""
        ...

    async def tell(self, message: bytes) -> None:
        """Send a message of text, no sooner than most of what came before was taken. Raises Disconnected."""
        ...

    async def close(self, code: int, reason: str) -> None:
        """Close it; both are told to the client."""
        ...


@runtime_checkable
class Attending(Protocol):
    """An endpoint that opens WebSockets."""

    async def attend(self, exchange: Exchange, socket: Socket) -> int:
        """Answer for as long as the client stays; returns the code that the socket is closed with, or the status."""
        ...


def code_of(error: Error | None) -> int:
    """The code that a stream closes with: 4000 and the status, where the registry has none that says it."""
    return ENDED if error is None else CODES.get(error.status, 4000 + error.status)
