"""Subscriptions over a WebSocket: the same as by server-sent events, as JSON messages."""

from contextlib import suppress

from pydantic_core import from_json

from portico.core.plan import Plan
from portico.errors import Error, Invalid, SlowClient, TooLarge, Unsupported
from portico.transports.frames import Messages
from portico.transports.line import Disconnected
from portico.transports.rest import Edge, begin_call
from portico.transports.socket import Socket, code_of
from portico.transports.subscription import SubscriptionEndpoint, bookmark_of
from portico.transports.telling import Telling, Writer
from portico.transports.wire import Exchange

LONGEST = 4096
"""Characters that a message of a client may have: it has not much to say."""
PINGS = 2
"""Pings that may go unanswered."""
PONG = b'{"type":"pong"}'
UNDERSTOOD = ("ping", "pong")


class LiveEndpoint(SubscriptionEndpoint):
    """One subscription, by server-sent events or over a WebSocket."""

    __slots__ = ("_messages",)

    def __init__(self, plan: Plan, edge: Edge) -> None:
        """Serve the plan's stream."""
        super().__init__(plan, edge)
        self._messages = Writer(plan.codec.returns, Messages())

    async def attend(self, exchange: Exchange, socket: Socket) -> int:
        """Run the call for as long as its client stays; returns the code that the socket is closed with.

        A browser learns the code alone of a socket that was open: it is opened for a refusal, too, where the server
        tells codes; where it does not, the refusal is a status.
        """
        call, kept_back = begin_call(self.plan, self.edge, exchange)
        outlet = SocketOutlet(socket)
        told = Speaking(outlet, self._messages, stall=call.services.stall, bookmark=bookmark_of(exchange.wire))
        call.patience.leaving = told.listen
        error = (await self.open(exchange, call, kept_back, told=told)).error
        if error is not None and not (told.begun or socket.tells_codes):
            await socket.refuse(error.status)
            return error.status
        with suppress(SlowClient):
            await told.last(told.frames.end() if error is None else self.last_word(call, error, told=told))
        await socket.close(code_of(error), "" if error is None else error.code)
        return code_of(error)


class SocketOutlet:
    """A WebSocket that is opened when it is needed."""

    __slots__ = ("_begun", "most", "socket")

    def __init__(self, socket: Socket) -> None:
        """It is not open yet."""
        self.most: int | None = None
        self.socket = socket
        self._begun = False

    async def begin(self) -> None:
        """Open it; once."""
        if not self._begun:
            self._begun = True
            await self.socket.accept()

    async def send(self, frame: bytes) -> None:
        """Send a message."""
        await self.begin()
        await self.socket.tell(frame)


class Speaking(Telling):
    """Tells over a WebSocket, and listens to what its client says."""

    __slots__ = ("_socket", "_unanswered")

    def __init__(self, outlet: SocketOutlet, writer: Writer, *, stall: float, bookmark: str | None) -> None:
        """Nothing is said yet."""
        super().__init__(outlet, writer, stall=stall, bookmark=bookmark)
        self._socket = outlet.socket
        self._unanswered = 0

    async def keep_alive(self) -> None:
        """Ping; who has answered none of the last ones is gone."""
        self._unanswered += 1
        if self._unanswered > PINGS and self.live is not None:
            self.live.end(SlowClient())
        else:
            await super().keep_alive()

    async def listen(self) -> BaseException:
        """Listen until there is a reason to end: that the client has left, or says what nobody understands."""
        while (said := await self._socket.hear()) is not None:
            self._unanswered = 0
            if (wrong := _wrong(said)) is not None:
                return wrong
            if isinstance(said, str) and from_json(said)["type"] == "ping":
                await self._in_time(self._socket.tell(PONG), self._stall)
        return Disconnected()


def _wrong(said: str | bytes) -> Error | None:
    """What is wrong with a client's message; it may say `ping` and `pong`."""
    if len(said) > LONGEST:
        return TooLarge()
    if isinstance(said, bytes):
        return Unsupported()
    try:
        message = from_json(said)
    except ValueError:
        return Invalid()
    return None if isinstance(message, dict) and message.get("type") in UNDERSTOOD else Invalid()
