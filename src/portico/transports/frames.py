"""How what a stream tells is written: as server-sent events, or as messages of a WebSocket."""

from collections.abc import Mapping
from typing import Protocol

from pydantic_core import to_json

from portico.transports.accepting import takes


class Frames(Protocol):
    """One way of writing; a bookmark is empty where there is none."""

    def ready(self, mark: str, *, resumed: bool) -> bytes:
        """From now on everything is told."""
        ...

    def value(self, name: str, mark: str, data: bytes) -> bytes:
        """A value (JSON), and the event that it is, if it is one."""
        ...

    def alive(self, mark: str) -> bytes:
        """There is nothing to tell."""
        ...

    def resync(self, mark: str) -> bytes:
        """Something was missed that cannot be told any more."""
        ...

    def problem(self, problem: bytes, seconds: float) -> bytes:
        """Why the stream ends (JSON), and after how many seconds it is worth coming back."""
        ...

    def end(self) -> bytes:
        """There is nothing more."""
        ...


EVENT_STREAM = "text/event-stream"


def wants_events(headers: Mapping[str, str]) -> bool:
    """Whether the client takes server-sent events."""
    return takes(headers, EVENT_STREAM)


class EventStream:
    """Server-sent events (HTML, section 9.2). A name of Portico's own tells of the stream itself."""

    media_type = EVENT_STREAM

    def ready(self, mark: str, *, resumed: bool) -> bytes:
        """The event `ready`; a browser that loses the line comes back after three seconds."""
        return b"retry: 3000\n" + self._event("ready", mark, to_json({"resumed": resumed}))

    def value(self, name: str, mark: str, data: bytes) -> bytes:
        """An event of the value's name, else a plain one."""
        return self._event(name, mark, data)

    def alive(self, mark: str) -> bytes:
        """A comment; a bookmark by itself moves Last-Event-ID on, and tells nobody anything."""
        return b": alive\n" + (b"id: %b\n" % mark.encode() if mark else b"") + b"\n"

    def resync(self, mark: str) -> bytes:
        """The event `resync`."""
        return self._event("resync", mark, b"{}")

    def problem(self, problem: bytes, seconds: float) -> bytes:
        """The event `problem`: `error` is what a browser calls a line that was lost."""
        return b"retry: %d\n" % max(1, seconds * 1000) + self._event("problem", "", problem)

    def end(self) -> bytes:
        """The event `end`, after which a client closes: else it would come back."""
        return self._event("end", "", b"{}")

    @staticmethod
    def _event(name: str, mark: str, data: bytes) -> bytes:
        head = (f"event: {name}\n" if name else "") + (f"id: {mark}\n" if mark else "")
        return b"%bdata: %b\n\n" % (head.encode(), data)


class Messages:
    """Messages of a WebSocket: JSON objects, whose `type` says what they are."""

    def ready(self, mark: str, *, resumed: bool) -> bytes:
        """The message `ready`."""
        return self._message("ready", mark, b',"resumed":%b' % to_json(resumed))

    def value(self, name: str, mark: str, data: bytes) -> bytes:
        """The message `event`."""
        return self._message("event", mark, b',"event":%b,"data":%b' % (to_json(name or None), data))

    def alive(self, mark: str) -> bytes:
        """The message `ping`, which a client answers with a `pong`."""
        return self._message("ping", mark)

    def resync(self, mark: str) -> bytes:
        """The message `resync`."""
        return self._message("resync", mark)

    def problem(self, problem: bytes, seconds: float) -> bytes:
        """The message `problem`."""
        return self._message("problem", "", b',"retry":%d,"problem":%b' % (max(1, seconds * 1000), problem))

    def end(self) -> bytes:
        """The message `end`."""
        return self._message("end", "")

    @staticmethod
    def _message(kind: str, mark: str, more: bytes = b"") -> bytes:
        said = b',"id":%b' % to_json(mark) if mark else b""
        return b'{"type":%b%b%b}' % (to_json(kind), said, more)
