"""GraphQL over HTTP: one address, for GET and POST."""

from typing import Any

from pydantic_core import to_json

from portico.core.answer import Answer
from portico.errors import Error
from portico.transports.answers import JSON, headers_of, send_answer
from portico.transports.document import DocumentEndpoint
from portico.transports.frames import wants_events
from portico.transports.graphql.asking import EVENTS, RESPONSE, media_type, read_request, wants_page
from portico.transports.graphql.documents import Documents, Refused
from portico.transports.graphql.events import tell_operation, tell_result
from portico.transports.graphql.operations import Operation, Operations
from portico.transports.rest import Edge
from portico.transports.wire import Exchange

PARTIAL = 294
"""Done, with errors: what programs that watch statuses are told (GraphQL over HTTP, September 2026, Status Codes)."""


class GraphqlEndpoint:
    """Runs documents against the schema of the application's actions."""

    __slots__ = ("_page", "operations")

    def __init__(self, edge: Edge, documents: Documents, page: DocumentEndpoint | None = None) -> None:
        """Serve the documents' schema, to whose fields `attach` has given their resolvers.

        `page` is what a person's browser is shown, where anything is.
        """
        self.operations = Operations(edge, documents)
        self._page = page

    async def __call__(self, exchange: Exchange) -> int:
        """Run the operation and send its answer; returns the status."""
        if self._page is not None and wants_page(exchange):
            return await self._page(exchange)
        kind, operations = JSON, self.operations
        try:
            kind = media_type(exchange)
            operation = operations.read(await read_request(exchange, operations.edge.max_body), exchange.wire.method)
            kind = EVENTS if operation.listens and wants_events(exchange.wire.headers) else kind
            if kind == EVENTS:
                return await tell_operation(operations, exchange, operation)
            body, answer = await self._answered(exchange, operation)
            answer.status = PARTIAL if kind == RESPONSE and "errors" in body else answer.status
        except Refused as refused:
            return await self._refuse(exchange, refused, kind)
        except Error as error:
            return await self._refuse(exchange, operations.refused(error, exchange.request), kind)
        return await self._send(exchange, kind, to_json(body), answer=answer)

    async def _answered(self, exchange: Exchange, operation: Operation) -> tuple[dict[str, Any], Answer]:
        if operation.listens:
            words = f"Please accept {EVENTS} for a subscription, or open a WebSocket."
            raise Refused.because(words, "NOT_ACCEPTABLE", status=406)
        return await self.operations.answer(exchange, operation)

    async def _refuse(self, exchange: Exchange, refused: Refused, kind: str) -> int:
        """A request error: no data, and a status that says so where the media type lets it."""
        answer = Answer()
        answer.status = refused.status or (400 if kind == RESPONSE else 200)
        if refused.allow:
            answer.header("Allow", refused.allow)
        body = {"errors": self.operations.told(refused.errors, exchange.request)}
        if kind == EVENTS:
            return await tell_result(self.operations, exchange, body, answer=answer)
        return await self._send(exchange, kind, to_json(body), answer=answer)

    async def _send(self, exchange: Exchange, kind: str, body: bytes, *, answer: Answer) -> int:
        headers = headers_of(answer, exchange.request, f"{kind}; charset=utf-8")
        headers += [("vary", "accept"), ("content-language", exchange.request.locale)]
        await send_answer(exchange.wire, answer.status, headers, body=body)
        return answer.status
