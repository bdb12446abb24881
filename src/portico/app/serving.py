"""One request: found, answered, logged."""

import logging
from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Protocol

from portico.app.logs import AccessLog
from portico.core.call import Call
from portico.core.principal import Request
from portico.errors import Error
from portico.errors.catalogs import DEFAULT
from portico.transports.answers import ALWAYS, send_answer
from portico.transports.cors import opened, preflight
from portico.transports.csrf import check_origin
from portico.transports.rest import Edge, send_refusal
from portico.transports.routes import Router
from portico.transports.wire import Disconnected, Exchange, Receive, Scope, Send, Wire

log = logging.getLogger("portico")


class Endpoint(Protocol):
    """Answers one route."""

    async def __call__(self, exchange: Exchange) -> int:
        """Answer the request; returns the status."""
        ...


class Serving:
    """Answers HTTP requests: every answer has its request id and, where wanted, its line in the log."""

    def __init__(
        self, edge: Edge, router: Router[Endpoint], *, access: AccessLog | None, make_id: Callable[[], str]
    ) -> None:
        """Serve the router's endpoints."""
        self._edge = edge
        self._router = router
        self._access = access
        self._make_id = make_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        edge, started = self._edge, perf_counter()
        wire = Wire(scope, receive, limit=edge.max_body, proxies=edge.proxies)
        accepted = wire.headers.get("accept-language")
        locale = edge.catalogs.choose(accepted) if accepted else DEFAULT
        request = wire.request(self._make_id, locale)
        if edge.origins:
            send = opened(wire, send, edge.origins)
        try:
            status = await self._answer(wire, send, request)
        except Disconnected:
            status = 499
        except Error as error:
            status = await self._refuse(request, error, send)
        except Exception:
            log.exception("%s %s failed", wire.method, wire.path, extra={"request_id": request.id})
            status = await self._refuse(request, Error(), send)
        if self._access is not None:
            self._log(wire, request, status=status, seconds=perf_counter() - started)
        if wire.unread():
            await wire.discard()

    async def _answer(self, wire: Wire, send: Send, request: Request) -> int:
        if wire.method == "OPTIONS":
            allow = self._router.methods(wire.path)
            headers = [*ALWAYS, (b"allow", allow.encode()), (b"x-request-id", request.id.encode())]
            await send_answer(send, 204, [*headers, *preflight(wire, allow)], body=b"")
            return 204
        found = self._router.find(wire.method, wire.path)
        wire.check_size()
        check_origin(wire, self._edge.origins)
        to = _headless(send) if wire.method == "HEAD" else send
        return await found.endpoint(Exchange(wire, found.values, to, request))

    async def _refuse(self, request: Request, error: Error, send: Send) -> int:
        call = Call("", self._edge.pipeline.services, request)
        return await send_refusal(self._edge, call, error, send=send)

    def _log(self, wire: Wire, request: Request, *, status: int, seconds: float) -> None:
        line: dict[str, object] = {
            "request_id": request.id,
            "method": wire.method,
            "path": wire.path,
            "status": status,
            "ms": round(seconds * 1000, 2),
            "ip": wire.ip,
        }
        if self._access is not None:
            self._access.write_access(line)


def _headless(send: Send) -> Send:
    """HEAD answers as GET does, without the body (RFC 9110, section 9.3.2)."""

    async def send_without_body(message: Mapping[str, object]) -> None:
        await send({**message, "body": b""} if message["type"] == "http.response.body" else dict(message))

    return send_without_body
