"""A wire as ASGI brings it: by messages."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias

from portico.transports.line import Disconnected, Headers, length_of
from portico.transports.wire import Wire, joined

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]


class AsgiWire(Wire):
    """A request of an ASGI server, or of a host that has mounted the application."""

    __slots__ = ("_receive", "_send")
    cuts = True

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read what the scope says; the body is left where it is."""
        super().__init__()
        self._receive = receive
        self._send = send
        self.method = scope["method"]
        self.root = scope.get("root_path", "")
        self.path = scope["path"].removeprefix(self.root) or "/"
        self.headers = joined([(n.decode("latin-1").lower(), v.decode("latin-1")) for n, v in scope["headers"]])
        self.length = length_of(self.headers)
        self.query_string = scope["query_string"].decode("latin-1")
        client = scope.get("client")
        self.peer = client[0] if client else None

    async def read(self) -> bytes:
        """The next message's part of the body."""
        message = await self._receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        self.ended = not message.get("more_body")
        body: bytes = message.get("body", b"")
        return body

    async def left(self) -> BaseException:
        """Wait for the message that says so; what else comes is of no use any more."""
        while (message := await self._receive())["type"] != "http.disconnect":
            self.ended = not message.get("more_body")
        return Disconnected()

    async def respond(self, status: int, headers: Headers, body: bytes) -> None:
        """Answer in two messages."""
        await self._send({"type": "http.response.start", "status": status, "headers": _encoded(headers)})
        await self._send({"type": "http.response.body", "body": body})

    async def begin(self, status: int, headers: Headers, *, stays: bool = False) -> None:
        """Send the first message."""
        await self._send({"type": "http.response.start", "status": status, "headers": _encoded(headers)})

    async def send(self, piece: bytes, *, more: bool) -> None:
        """Send a piece of the body."""
        await self._send({"type": "http.response.body", "body": piece, "more_body": more})


def _encoded(headers: Headers) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers]
