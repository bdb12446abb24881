"""How what a subscription tells is written: by the protocol of GraphQL over SSE, and over WebSockets."""

from collections.abc import Mapping
from typing import Any

from pydantic_core import to_json

from portico.transports.frames import EventStream


class NextEvents(EventStream):
    """Events of the distinct connections mode of GraphQL over SSE: `next` and `complete`, and none besides."""

    def ready(self, mark: str, *, resumed: bool) -> bytes:
        """A comment, and the place to come back to."""
        return b": ready\nretry: 3000\n" + (b"id: %b\n" % mark.encode() if mark else b"") + b"\n"

    def value(self, name: str, mark: str, data: bytes) -> bytes:
        """A result; of what kind its value is, its `__typename` says."""
        return self._event("next", mark, data)

    def problem(self, problem: bytes, seconds: float) -> bytes:
        """The result that ends the stream, and after how many seconds a browser is to come back."""
        return b"retry: %d\n" % max(1, seconds * 1000) + self._event("next", "", problem)

    def end(self) -> bytes:
        """The event `complete`; without data, even empty ones, a browser would tell nobody."""
        return self._event("complete", "", b"")


class OperationMessages:
    """Messages of `graphql-transport-ws` about one operation; of the stream itself it tells nothing, not even an id."""

    def __init__(self, id: str) -> None:
        """The client's name for the operation."""
        self._id = to_json(id)

    def ready(self, mark: str, *, resumed: bool) -> bytes:
        """Nothing."""
        return b""

    def value(self, name: str, mark: str, data: bytes) -> bytes:
        """The message `next`."""
        return b'{"id":%b,"type":"next","payload":%b}' % (self._id, data)

    def alive(self, mark: str) -> bytes:
        """Nothing: the socket has pings of its own."""
        return b""

    def resync(self, mark: str) -> bytes:
        """Nothing: it is told as a value."""
        return b""

    def problem(self, problem: bytes, seconds: float) -> bytes:
        """The message `error`, which ends the operation."""
        return b'{"id":%b,"type":"error","payload":%b}' % (self._id, problem)

    def end(self) -> bytes:
        """The message `complete`."""
        return b'{"id":%b,"type":"complete"}' % self._id


def message(kind: str, payload: Mapping[str, Any] | None = None) -> bytes:
    """A message about no operation."""
    return to_json({"type": kind} if payload is None else {"type": kind, "payload": payload})
