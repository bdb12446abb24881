"""A WebSocket as RSGI brings it: granian's own objects."""

import asyncio
import logging
from functools import cache
from typing import TYPE_CHECKING

from portico.transports.line import Disconnected
from portico.transports.rsgi import RsgiWire

if TYPE_CHECKING:
    from granian._granian import RSGIWebsocketProtocol, RSGIWebsocketTransport
    from granian.rsgi import Scope

CLOSE = 0
"""The kind of message that says that the client has left."""
log = logging.getLogger("portico")


class RsgiSocket:
    """A WebSocket of granian."""

    tells_codes = False

    def __init__(self, scope: "Scope", proto: "RSGIWebsocketProtocol") -> None:
        """Nothing is answered yet."""
        self.wire = RsgiWire(scope, proto)  # type: ignore[arg-type]  # of a request without a body, only its head is read
        self._proto = proto
        self._transport: RSGIWebsocketTransport | None = None
        self._turn = asyncio.Lock()

    async def refuse(self, status: int) -> None:
        """Close it before it is open: its code is then a status."""
        self._proto.close(status)

    async def accept(self, protocol: str | None = None) -> None:
        """Open it. Granian has no way to name the subprotocol, and a browser that asked for one then leaves."""
        if protocol is not None:
            _warn(protocol)
        try:
            self._transport = await self._proto.accept()
        except RuntimeError:  # granian's ProtocolClosed: nobody is there
            raise Disconnected from None

    async def hear(self) -> str | bytes | None:
        """The next message; granian answers pings by itself."""
        if self._transport is None:
            return None
        try:
            message = await self._transport.receive()
        except RuntimeError:  # as above
            return None
        return None if message.kind == CLOSE else message.data

    async def tell(self, message: bytes) -> None:
        """Send it as text: one after another, as granian wants it."""
        if self._transport is None:
            raise Disconnected
        async with self._turn:
            try:
                await self._transport.send_str(message.decode())
            except RuntimeError:  # as above
                raise Disconnected from None

    async def close(self, code: int, reason: str) -> None:
        """Close it; granian keeps code and reason to itself, and closes nothing that somebody still holds."""
        async with self._turn:
            self._transport = None
            self._proto.close(code)


@cache
def _warn(protocol: str) -> None:
    """Say it once: in the browser, nobody can tell why its socket does not open."""
    told = (
        "granian cannot answer the WebSocket subprotocol %s, which browsers insist on: serve with uvicorn, or use SSE"
    )
    log.warning(told, protocol)
