"""One request: found, answered, logged."""

import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import suppress
from time import perf_counter, time
from typing import Protocol

from portico.app.logs import AccessLog, moment
from portico.app.vouching import Vouch
from portico.core.call import Call
from portico.core.principal import Request
from portico.core.reporting import whose
from portico.core.scrubbing import secrets_of
from portico.core.tally import Tally
from portico.errors import Error, NotFound
from portico.errors.catalogs import DEFAULT
from portico.errors.categories import category_of, severity_of
from portico.generate.typescript import digest_of
from portico.transports.accepting import takes
from portico.transports.answers import ALWAYS, send_answer
from portico.transports.cors import ASKED, leave_of, preflight
from portico.transports.csrf import check_origin, check_socket
from portico.transports.deprecated import DeprecatedEndpoint, itself
from portico.transports.form import send_refused_page
from portico.transports.frames import wants_events
from portico.transports.line import Disconnected, Torn
from portico.transports.rest import Edge, RestEndpoint, send_refusal
from portico.transports.routes import Router
from portico.transports.socket import ENDED, FAILED, Attending, Socket
from portico.transports.wire import Exchange, Wire, exchange_of

FAULT = 500
"""From this status on, a failure is our own."""
log = logging.getLogger("portico")
CONTRACT = "x-contract"
GONE = "none"
"""What a client is told of an action that is not there any more."""


class Endpoint(Protocol):
    """Answers one route."""

    async def __call__(self, exchange: Exchange) -> int:
        """Answer the request; returns the status."""
        ...


class Measure(Protocol):
    """Measures answers."""

    def __call__(self, method: str, route: str | None, *, status: int, seconds: float) -> None:
        """One was given, to a request of that route; 499 where the client had left."""
        ...


class Serving:
    """Answers HTTP requests: every answer has its request id and, where wanted, its line in the log."""

    def __init__(
        self,
        edge: Edge,
        router: Router[Endpoint],
        *,
        access: AccessLog | None,
        make_id: Callable[[], str],
        vouch: Vouch | None = None,
    ) -> None:
        """Serve the router's endpoints; `vouch` says whom a host's own sign-in knows."""
        self._edge = edge
        self._vouch = vouch
        self.router = router
        self._access = access
        self._make_id = make_id
        self.tally = Tally(edge.pipeline.services.clock.seconds)
        """How its answers went lately."""
        self.measure: Measure | None = None
        """What measures each answer, where anything does."""

    async def __call__(self, wire: Wire) -> None:
        """Answer one request."""
        edge, started, refusal = self._edge, perf_counter(), None
        request = self._request(wire)
        if edge.origins:
            wire.leave = leave_of(wire, edge.origins)
        if CONTRACT in wire.headers:
            wire.leave = [*wire.leave, (CONTRACT, self._contract(wire))]
        try:
            status = await self._answer(wire, request)
        except Disconnected as left:
            status = await _part(wire, left)
        except Error as error:
            refusal, status = type(error), await self._refuse(wire, request, error)
        except Exception:
            more = {"request_id": request.id, "secrets": secrets_of(wire.headers, None)}
            log.exception("%s %s failed", wire.method, wire.path, extra=more)
            refusal, status = Error, await self._refuse(wire, request, Error())
        self._count(wire, status, started)
        if self._access is not None:
            ms = round((perf_counter() - started) * 1000, 2)
            self._access.write_access(line_of(wire, request, refusal, status=status, ms=ms))
        wire.call = None  # the call knows its wire: together they would wait for the collector
        if wire.unread():
            await wire.discard()

    async def attend(self, socket: Socket) -> None:
        """Answer one request for a WebSocket: open it where subscriptions are, and refuse it elsewhere."""
        edge, wire, started, refusal = self._edge, socket.wire, perf_counter(), None
        request = self._request(wire)
        try:
            check_socket(wire, edge.origins)
            endpoint, values = self._live_at(wire.path)
            status = await endpoint.attend(await self._known(Exchange(wire, values, request)), socket)
        except Disconnected:
            status = 499
            with suppress(Disconnected):
                await socket.close(ENDED, "")  # granian keeps the connection of who has left until it is told
        except Error as error:
            refusal, status = type(error), error.status
            await socket.refuse(status)
        except Exception:
            log.exception("the WebSocket %s failed", wire.path, extra={"request_id": request.id})
            status = 500
            await socket.close(FAILED, "")
        if self._access is not None:
            ms = round((perf_counter() - started) * 1000, 2)
            self._access.write_access(line_of(wire, request, refusal, status=status, ms=ms))
        wire.call = None

    def _live_at(self, path: str) -> tuple[Attending, Mapping[str, str]]:
        found = self.router.find("GET", path)
        if not isinstance(found.endpoint, Attending):
            raise NotFound
        return found.endpoint, found.values

    def _request(self, wire: Wire) -> Request:
        edge, accepted = self._edge, wire.headers.get("accept-language")
        locale = edge.catalogs.choose(accepted) if accepted else DEFAULT
        wire.hosted = self._vouch is not None
        return wire.request(self._make_id, locale, edge.proxies)

    def _contract(self, wire: Wire) -> str:
        """The fingerprint of the action that a generated client means: it compares it with the one it was made for."""
        try:
            endpoint = itself(self.router.find(wire.method, wire.path).endpoint)
        except Error:
            return GONE
        return digest_of(endpoint.plan) if isinstance(endpoint, RestEndpoint) else GONE

    def _answer(self, wire: Wire, request: Request) -> Awaitable[int]:
        if wire.method == "OPTIONS":
            return self._preflight(wire, request)
        found = self.router.find(wire.method, wire.path)
        wire.check_size(self._edge.max_body)
        check_origin(wire, self._edge.origins, found.endpoint)
        exchange = exchange_of((wire, found.values, request))
        return found.endpoint(exchange) if self._vouch is None else self._answer_known(found.endpoint, exchange)

    async def _answer_known(self, endpoint: Endpoint, exchange: Exchange) -> int:
        return await endpoint(await self._known(exchange))

    async def _known(self, exchange: Exchange) -> Exchange:
        """The same, with the caller whom the host knows."""
        wire, _, request = exchange
        wire.vouched = await self._vouch(request) if self._vouch is not None else None
        return exchange if wire.vouched is None else exchange._replace(request=request._replace(vouched=True))

    async def _preflight(self, wire: Wire, request: Request) -> int:
        allow = self.router.methods(wire.path)
        own = preflight(wire, allow, _read_there(self.router, wire))
        headers = [*ALWAYS, ("allow", allow), ("x-request-id", request.id), *own]
        await send_answer(wire, 204, headers, body=b"")
        return 204

    async def _refuse(self, wire: Wire, request: Request, error: Error) -> int:
        edge, call = self._edge, Call("", self._edge.pipeline.services, request)
        with suppress(Error):
            if isinstance(endpoint := self.router.find(wire.method, wire.path).endpoint, DeprecatedEndpoint):
                endpoint.tell(wire)
        if edge.pages and takes(wire.headers, "text/html"):
            return await send_refused_page(edge, call, error, wire=wire)
        return await send_refusal(edge, call, error, wire=wire)

    def _count(self, wire: Wire, status: int, started: float) -> None:
        """Count the answer, or the failure of an action; what else answers so, such as health, is none."""
        if self.measure is not None and not self._streamed(wire):
            route = self.router.route(wire.method, wire.path)
            self.measure(wire.method, route, status=status, seconds=perf_counter() - started)
        if status < FAULT:
            self.tally.answered()
            return
        with suppress(Error):
            plan = getattr(itself(self.router.find(wire.method, wire.path).endpoint), "plan", None)
            if plan is not None:
                self.tally.failed(plan.action.name)

    def _streamed(self, wire: Wire) -> bool:
        """Whether it was a stream: how long somebody listens is no time that anything took."""
        if not wants_events(wire.headers):
            return False
        with suppress(Error):
            return isinstance(self.router.find(wire.method, wire.path).endpoint, Attending)
        return False


def _read_there(router: Router[Endpoint], wire: Wire) -> Iterator[str]:
    """Headers that the action reads which a browser asks about."""
    with suppress(Error):
        plan = getattr(router.find(wire.headers.get(ASKED, ""), wire.path).endpoint, "plan", None)
        if plan is not None:
            yield from (member.wire for member in plan.binder.members if member.source == "header")


async def _part(wire: Wire, left: Disconnected) -> int:
    """Let who has left go; who may still be there is told: granian would say that we have failed."""
    if isinstance(left, Torn):
        await wire.respond(400, [*ALWAYS, ("content-length", "0")], b"")
    return 499


def line_of(wire: Wire, request: Request, error: type[Error] | None, *, status: int, ms: float) -> dict[str, object]:
    """What the log says of a request: what was asked, how it went, and whose call of which action it was."""
    line: dict[str, object] = {
        "at": moment(time()),
        "request_id": request.id,
        "severity": severity_of(status),
        "method": wire.method,
        "path": wire.path,
        "status": status,
        "ms": ms,
        "ip": request.ip,
    }
    call = wire.call
    if call is not None:
        line["action"] = call.action
        line.update(whose(call))
        error = error or getattr(call, "refused", None)
        if (sight := getattr(call, "sight", None)) is not None:
            line.update(sight.timings())
    if error is not None:
        line["code"], line["category"] = error.code, category_of(error)
    return line
