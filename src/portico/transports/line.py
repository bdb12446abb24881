"""What comes from a client in pieces, and what goes back to it."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import ClassVar, TypeAlias

from portico.errors import TooLarge

Headers: TypeAlias = list[tuple[str, str]]
LINGER_BYTES = 64 * 1024 * 1024
LINGER_SECONDS = 2.0


class Disconnected(BaseException):
    """The client left before its request was whole: no failure of the call, and nobody is there to be told of one."""


class Torn(Disconnected):
    """The body ended before its time: the client left, or sent what is no body. It may still be there."""


class Line:
    """The line to a client, read no further than needed; a server's own kind has `read`, `respond`, `begin`, `send`."""

    __slots__ = ("ended", "headers", "leave", "length")
    headers: dict[str, str]
    """By lower-case name."""
    cuts: ClassVar[bool] = False
    """Whether a begun answer that nobody ends breaks the connection, so that the client sees that it is not whole."""

    waits: ClassVar[bool] = True
    """Whether `send` into an answer that stays open waits for a client that takes nothing."""

    def __init__(self) -> None:
        """A request whose body was not yet read."""
        self.ended = False
        self.length: int | None = None
        """How long the body is, where the headers say so; a server's own kind reads it off them."""
        self.leave: Headers = []
        """What lets a page of another origin read the answer, whatever that will be."""

    async def read(self) -> bytes:
        """The next piece of the body; the last one sets `ended`. Raises Disconnected where it does not come."""
        raise NotImplementedError

    async def respond(self, status: int, headers: Headers, body: bytes) -> None:
        """Send a whole answer."""
        raise NotImplementedError

    async def begin(self, status: int, headers: Headers, *, stays: bool = False) -> None:
        """Send the head of an answer whose body comes in pieces; whoever begins one calls `drop` in the end.

        One that `stays` open is one in which nothing may happen for long.
        """
        raise NotImplementedError

    def drop(self, last: bytes | None = None) -> None:
        """Send no more of a begun answer, be it whole or not.

        `last` is said where that broke off and the client could not tell: it gets it once it takes anything again.
        """

    async def send(self, piece: bytes, *, more: bool) -> None:
        """Send a piece of a begun answer's body, no sooner than the client has taken most of what came before."""
        raise NotImplementedError

    async def left(self) -> BaseException:
        """Wait until the client has left. The body must have been read, or not be wanted."""
        raise NotImplementedError

    def check_size(self, limit: int) -> None:
        """Raise TooLarge where the body says that it is."""
        if self.length is not None and self.length > limit:
            raise TooLarge

    async def body(self, limit: int) -> bytes:
        """The whole body. Raises TooLarge past the limit, Disconnected where it never ends."""
        pieces: list[bytes] = []
        size = 0
        while not self.ended and size <= limit:
            pieces.append(await self.read())
            size += len(pieces[-1])
        if size > limit:
            raise TooLarge
        return b"".join(pieces)

    def unread(self) -> bool:
        """Whether a body is still to come, and not more of one than is worth reading."""
        if self.ended:
            return False
        return 0 < self.length <= LINGER_BYTES if self.length is not None else "transfer-encoding" in self.headers

    async def discard(self) -> None:
        """Read on after the answer, within bounds: a client still sending would find its connection broken instead."""
        size = 0
        with suppress(TimeoutError, Disconnected):
            async with asyncio.timeout(LINGER_SECONDS):
                while not self.ended and size < LINGER_BYTES:
                    size += len(await self.read())


def length_of(headers: Mapping[str, str]) -> int | None:
    """How long a body with these headers is, where they say so."""
    written = headers.get("content-length")
    if written is None or not written.isdecimal() or "transfer-encoding" in headers:
        return None
    return int(written)
