"""What a client says on a socket: messages of `graphql-transport-ws`, and operations as the requests they stand for."""

import asyncio
from collections.abc import Mapping
from typing import Any

from pydantic_core import from_json

from portico.core.principal import Request
from portico.core.strange import strange_values
from portico.transports.graphql.asking import Asked, asked_of
from portico.transports.graphql.documents import Refused
from portico.transports.line import Disconnected
from portico.transports.wire import Wire

INVALID = 4400
LONGEST_ID = 200
LONGEST_REASON = 123
"""Bytes that may stand in the close of a socket (RFC 6455, section 5.5)."""
SAID = ("authorization", "x-org-id")
"""Headers that the first message may bring: a browser can give a WebSocket none."""
NEVER = frozenset({"idempotency-key", "x-request-id"})
"""Headers of the socket that are none of each operation's."""


class Over(Exception):  # says what happened
    """Why a socket is closed."""

    def __init__(self, code: int, reason: str) -> None:
        """Both are told to the client."""
        super().__init__(reason)
        self.code = code
        self.reason = reason.encode()[:LONGEST_REASON].decode(errors="ignore")


def read_message(said: str | bytes, most: int) -> dict[str, Any]:
    """The message; raises Over where it is none."""
    if isinstance(said, bytes):
        raise Over(INVALID, "Please send text.")
    if len(said) > most:
        raise Over(INVALID, "The message is too long.")
    try:
        message = from_json(said, allow_inf_nan=False)
    except ValueError:
        raise Over(INVALID, "The message is no JSON.") from None
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        raise Over(INVALID, "The message has no type.")
    return message


def payload_of(message: Mapping[str, Any]) -> dict[str, Any] | None:
    """The message's payload; raises Over where it is no object."""
    payload = message.get("payload")
    if payload is not None and not isinstance(payload, dict):
        raise Over(INVALID, "The payload is no object.")
    return payload


def echo_of(message: Mapping[str, Any]) -> dict[str, Any] | None:
    """The message's payload, to be said again; raises Over where nobody could: of `1e400`, infinity was read."""
    payload = payload_of(message)
    if strange_values(payload):
        raise Over(INVALID, "The payload has a number beyond all bounds, or NUL.")
    return payload


def id_of(message: Mapping[str, Any]) -> str:
    """The operation that the message is about; raises Over where it names none."""
    id = message.get("id")
    if not isinstance(id, str) or not 0 < len(id) <= LONGEST_ID:
        raise Over(INVALID, f"The message has no id of 1 to {LONGEST_ID} characters.")
    return id


def headers_with(wire: Wire, payload: Mapping[str, Any]) -> dict[str, str]:
    """The headers of operations: those of the socket, and what the first message brings; raises Over."""
    headers = {name: value for name, value in wire.headers.items() if name not in NEVER}
    inner = payload.get("headers")
    for name, value in {**(inner if isinstance(inner, dict) else {}), **payload}.items():
        if name.lower() in SAID and value is not None:
            if not isinstance(value, str):
                raise Over(INVALID, f"{name} is no text.")
            headers[name.lower()] = value
    return headers


def asked_in(payload: Mapping[str, Any] | None) -> Asked:
    """What the payload of `subscribe` asks for; raises Over where it is none."""
    try:
        return asked_of(payload or {})
    except Refused as refused:
        raise Over(INVALID, str(refused)) from None


class SpokenWire(Wire):
    """The request that an operation on a socket stands for."""

    __slots__ = ()

    def __init__(self, socket: Wire, headers: dict[str, str]) -> None:
        """From where the socket came, with these headers."""
        super().__init__()
        self.method, self.path, self.query_string = "POST", socket.path, ""
        self.peer, self.root, self.headers = socket.peer, socket.root, headers
        self.ended = True

    def asked(self, opened: Request, id: str) -> Request:
        """The request as actions see it, with an id of its own."""
        return opened._replace(headers=self.headers, id=id)

    async def left(self) -> BaseException:
        """Never: who leaves has the operation cancelled."""
        await asyncio.get_running_loop().create_future()
        return Disconnected()
