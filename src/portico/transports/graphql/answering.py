"""What a socket answers to operations."""

import asyncio
from collections.abc import Sequence

from pydantic_core import to_json

from portico.core.principal import Request
from portico.errors import Error, SlowClient
from portico.transports.graphql.asking import Asked
from portico.transports.graphql.documents import Refused
from portico.transports.graphql.frames import OperationMessages
from portico.transports.graphql.listening import Listening, Picking
from portico.transports.graphql.operations import Operations
from portico.transports.graphql.spoken import SpokenWire
from portico.transports.socket import Socket
from portico.transports.wire import Exchange


class Voice:
    """What is said on a socket: to a client that takes it in time, and once it is over, nothing."""

    most: int | None = None

    def __init__(self, socket: Socket, stall: float) -> None:
        """A client may take so many seconds for each message."""
        self.socket, self.silent = socket, False
        self._stall = stall

    async def begin(self) -> None:
        """Open nothing more: the socket is open."""

    async def send(self, frame: bytes) -> None:
        """Say what a subscription tells, if it is anything, no sooner than the client has taken most of the rest."""
        if frame and not self.silent:
            await self.socket.tell(frame)

    async def say(self, said: bytes) -> None:
        """The same, in time; raises SlowClient."""
        try:
            async with asyncio.timeout(self._stall):
                await self.send(said)
        except TimeoutError:
            raise SlowClient from None


class Answering:
    """Runs the operations of one socket, each as a request of its own."""

    def __init__(self, operations: Operations, opened: Request, voice: Voice) -> None:
        """`opened` is the request that has opened the socket."""
        self._operations, self._opened, self._voice = operations, opened, voice

    async def run(self, id: str, asked: Asked, wire: SpokenWire, *, refusal: Error | None) -> Sequence[bytes]:
        """Run an operation, unless there is a refusal; returns what is said last of it."""
        operations, frames = self._operations, OperationMessages(id)
        request = wire.asked(self._opened, operations.edge.pipeline.services.ids.new().hex)
        exchange = Exchange(wire, {}, request)
        try:
            if refusal is not None:
                raise refusal
            operation = operations.read(asked, wire.method)
            if operation.listens:
                return [await self._tell(frames, Listening(operations, exchange, operation))]
            body, _ = await operations.answer(exchange, operation)
        except Refused as refused:
            errors = refused.errors
        except Error as error:
            errors = operations.refused(error, request).errors
        else:
            return [frames.value("", "", to_json(body)), frames.end()]
        return [frames.problem(to_json(operations.told(errors, request)), 0)]

    async def _tell(self, frames: OperationMessages, listening: Listening) -> bytes:
        """Tell a subscription's values; returns what is said last."""
        error = await listening.run(Picking(self._voice, listening, frames, bookmark=None))
        return frames.end() if error is None else frames.problem(to_json(listening.why(error)), 0)
