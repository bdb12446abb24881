"""A WebSocket as ASGI brings it: by messages."""

from portico.transports.asgi import AsgiWire, Message, Receive, Scope, Send
from portico.transports.line import Disconnected

DENIAL = "websocket.http.response"
"""The extension by which a refusal may have a status of its own; without it, a server answers 403."""


class AsgiSocket:
    """A WebSocket of an ASGI server."""

    tells_codes = True

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Nothing is answered yet."""
        self.wire = AsgiWire({**scope, "method": "GET"}, receive, send)
        self._receive = receive
        self._send = send
        self._denies = DENIAL in (scope.get("extensions") or {})

    async def refuse(self, status: int) -> None:
        """Say no to its first message."""
        await self._receive()
        if not self._denies:
            await self._send({"type": "websocket.close", "code": 4000 + status})
            return
        await self._send({"type": "websocket.http.response.start", "status": status, "headers": []})
        await self._send({"type": "websocket.http.response.body", "body": b""})

    async def accept(self, protocol: str | None = None) -> None:
        """Say yes to it."""
        await self._receive()
        await self._tell({"type": "websocket.accept", "subprotocol": protocol})

    async def hear(self) -> str | bytes | None:
        """The next message's text or bytes."""
        message = await self._receive()
        if message["type"] != "websocket.receive":
            return None
        text: str | None = message.get("text")
        return message.get("bytes") or b"" if text is None else text

    async def tell(self, message: bytes) -> None:
        """Send it as text."""
        await self._tell({"type": "websocket.send", "text": message.decode()})

    async def close(self, code: int, reason: str) -> None:
        """Send the close."""
        await self._tell({"type": "websocket.close", "code": code, "reason": reason})

    async def _tell(self, message: Message) -> None:
        try:
            await self._send(message)
        except (OSError, RuntimeError):  # servers have several ways to say that nobody is there
            raise Disconnected from None
