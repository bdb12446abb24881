"""GraphQL over a WebSocket, by the protocol `graphql-transport-ws`: many operations on one line."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from portico.core.streams import Bounds
from portico.errors import Error, NotFound, SlowClient, TooManyStreams
from portico.transports.graphql.answering import Answering, Voice
from portico.transports.graphql.asking import Asked
from portico.transports.graphql.endpoint import GraphqlEndpoint
from portico.transports.graphql.frames import message
from portico.transports.graphql.operations import Operations
from portico.transports.graphql.spoken import (
    INVALID,
    Over,
    SpokenWire,
    asked_in,
    echo_of,
    headers_with,
    id_of,
    payload_of,
    read_message,
)
from portico.transports.line import Disconnected
from portico.transports.socket import LATER, Socket, code_of
from portico.transports.websocket import PINGS
from portico.transports.wire import Exchange

PROTOCOL = "graphql-transport-ws"
UNKNOWN_PROTOCOL, UNINITIALIZED, TWICE, LATE, BROKEN = 4406, 4401, 4429, 4408, 4500
TAKEN = 4409
PATIENCE = 5.0
"""Seconds within which `connection_init` must come."""
AT_ONCE = 100
"""Operations that one socket may have open, unless a user may have more streams."""
log = logging.getLogger("portico")


class GraphqlSocketEndpoint(GraphqlEndpoint):
    """Runs documents that come over HTTP, or over a WebSocket."""

    __slots__ = ()

    async def attend(self, exchange: Exchange, socket: Socket) -> int:
        """Talk for as long as the client stays; returns the code that the socket is closed with, or the status."""
        streams, wire = self.operations.edge.pipeline.streams, exchange.wire
        if streams is None:
            raise NotFound
        offered = [name.strip() for name in wire.headers.get("sec-websocket-protocol", "").split(",") if name.strip()]
        if offered and PROTOCOL not in offered:
            return await _refuse(socket, UNKNOWN_PROTOCOL, f"Please ask for {PROTOCOL}.", status=400)
        talk = Talk(self.operations, exchange, socket, bounds=streams.bounds)
        try:
            with streams.lined(wire.credential() or exchange.request.ip, talk.part):
                await socket.accept(PROTOCOL if offered else None)
                over = await talk.hold()
        except Error as error:
            return await _refuse(socket, code_of(error), error.code, status=error.status)
        await socket.close(over.code, over.reason)
        return over.code


async def _refuse(socket: Socket, code: int, reason: str, *, status: int) -> int:
    """By the code, where the server tells codes; a browser learns nothing of a status."""
    if not socket.tells_codes:
        await socket.refuse(status)
        return status
    await socket.accept()
    await socket.close(code, reason)
    return code


class Talk:
    """One socket, from its opening to its end."""

    def __init__(self, operations: Operations, exchange: Exchange, socket: Socket, *, bounds: Bounds) -> None:
        """Nothing is said yet."""
        self._operations, self._exchange, self._bounds = operations, exchange, bounds
        self._voice = Voice(socket, operations.edge.pipeline.services.stall)
        self._answering = Answering(operations, exchange.request, self._voice)
        self._headers: dict[str, str] | None = None
        self._running: dict[str, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._over: asyncio.Future[Over | Disconnected] = asyncio.get_running_loop().create_future()
        self._unanswered = 0
        self._heard: dict[str, Callable[[dict[str, Any]], Awaitable[None]]] = {
            "connection_init": self._begin,
            "ping": self._answer_ping,
            "pong": self._note_pong,
            "subscribe": self._subscribe,
            "complete": self._complete,
        }

    async def hold(self) -> Over:
        """Talk until it is over; returns why. Raises Disconnected where the client has left."""
        async with self._at_work():
            over = await self._over
        if isinstance(over, Disconnected):
            raise over
        return over

    def part(self) -> None:
        """The server ends."""
        self._end(Over(LATER, "The server ends."))

    @asynccontextmanager
    async def _at_work(self) -> AsyncIterator[None]:
        """Listen, ping and wait for the first message, as long as the block runs; then nothing of it runs any more."""
        self._tasks.update([self._start(self._listen()), self._start(self._keep_pinging())])
        timer = asyncio.get_running_loop().call_later(PATIENCE, self._check_begun)
        try:
            yield
        finally:
            timer.cancel()
            for task in self._tasks:
                task.cancel()
            if self._tasks:
                await asyncio.wait(self._tasks)

    def _check_begun(self) -> None:
        if self._headers is None:
            self._end(Over(LATE, "Connection initialization timeout"))

    def _start(self, work: Awaitable[None]) -> asyncio.Task[None]:
        task = asyncio.ensure_future(self._guarded(work))
        task.add_done_callback(self._tasks.discard)
        return task

    async def _guarded(self, work: Awaitable[None]) -> None:
        """Do a part of the talk; with what goes wrong in it, all of it is over."""
        try:
            await work
        except (Over, Disconnected) as over:
            self._end(over)
        except SlowClient as slow:
            self._end(Over(code_of(slow), slow.code))
        except Exception:
            log.exception("a GraphQL socket failed", extra={"request_id": self._exchange.request.id})
            self._end(Over(BROKEN, "Internal server error"))

    def _end(self, over: Over | Disconnected) -> None:
        if not self._over.done():
            self._over.set_result(over)
            self._voice.silent = True

    async def _listen(self) -> None:
        while (said := await self._voice.socket.hear()) is not None:
            self._unanswered = 0
            heard = read_message(said, self._operations.edge.max_body)
            known = self._heard.get(heard["type"])
            if known is None:
                raise Over(INVALID, "The type of the message is unknown.")
            await known(heard)
        raise Disconnected

    async def _keep_pinging(self) -> None:
        while True:
            await asyncio.sleep(self._bounds.keep_alive)
            self._unanswered += 1
            if self._unanswered > PINGS:
                raise SlowClient
            await self._voice.say(message("ping"))

    async def _begin(self, heard: dict[str, Any]) -> None:
        if self._headers is not None:
            raise Over(TWICE, "Too many initialization requests")
        self._headers = headers_with(self._exchange.wire, payload_of(heard) or {})
        await self._voice.say(message("connection_ack"))

    async def _answer_ping(self, heard: dict[str, Any]) -> None:
        await self._voice.say(message("pong", echo_of(heard)))

    async def _note_pong(self, heard: dict[str, Any]) -> None:
        """That something was heard is noted already."""

    async def _subscribe(self, heard: dict[str, Any]) -> None:
        if self._headers is None:
            raise Over(UNINITIALIZED, "Unauthorized")
        id = id_of(heard)
        if id in self._running:
            raise Over(TAKEN, f"Subscriber for {id} already exists")
        asked, wire = asked_in(payload_of(heard)), SpokenWire(self._exchange.wire, self._headers)
        work = self._operate(id, asked, wire, refusal=self._refusal())
        task = self._running[id] = self._start(work)
        self._tasks.add(task)

    async def _complete(self, heard: dict[str, Any]) -> None:
        """Let go of an operation; one that is unknown has come to its end meanwhile."""
        if (task := self._running.pop(id_of(heard), None)) is not None:
            task.cancel()

    async def _operate(self, id: str, asked: Asked, wire: SpokenWire, *, refusal: Error | None) -> None:
        """Run an operation; its id is free again before the client is told of the end."""
        try:
            last = await self._answering.run(id, asked, wire, refusal=refusal)
        finally:
            if self._running.get(id) is asyncio.current_task():
                del self._running[id]
        for said in last:
            await self._voice.say(said)

    def _refusal(self) -> Error | None:
        """Whether there is room for one more operation."""
        most = max(AT_ONCE, self._bounds.per_principal)
        return TooManyStreams(retry_after=30, limit=most) if len(self._running) >= most else None
