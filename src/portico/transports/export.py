"""Exports over REST: rows leave as NDJSON or CSV while they are read, no faster than the client takes them."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable
from contextlib import aclosing
from datetime import UTC
from typing import Any

from pydantic import TypeAdapter

from portico.core.call import Call
from portico.core.exporting import run_export
from portico.core.inputs import Bound, Raw
from portico.core.plan import Plan
from portico.errors import Error, FieldError, Invalid, SlowClient, Unavailable
from portico.ports.streams import Lines, Rows
from portico.transports import problems
from portico.transports.accepting import takes
from portico.transports.answers import headers_of
from portico.transports.line import Disconnected
from portico.transports.rest import Edge, RestEndpoint, begin_call, send_refusal
from portico.transports.spelling import Csv, Format, Ndjson
from portico.transports.wire import Exchange, Wire

FORMATS = ("ndjson", "csv")
OWN = {"format", "bom"}
"""What the query string says of the format, and no action takes."""
PIECE = 64 * 1024
"""Bytes that are sent at a time, about, where each row is written by itself."""
log = logging.getLogger("portico")


class ExportEndpoint(RestEndpoint):
    """One export over REST."""

    __slots__ = ("_csv", "_csv_with_bom", "_ndjson")

    def __init__(self, plan: Plan, edge: Edge) -> None:
        """Serve the plan's stream."""
        super().__init__(plan, edge)
        row: Any = plan.codec.returns
        adapter: TypeAdapter[Any] = TypeAdapter(row)
        self._ndjson = Ndjson(adapter)
        self._csv, self._csv_with_bom = (Csv(row, adapter, bom=bom) for bom in (False, True))

    async def __call__(self, exchange: Exchange) -> int:
        """Run the call while its rows are sent; returns the status."""
        wire, plan, edge = exchange.wire, self.plan, self.edge
        call, kept_back = begin_call(plan, edge, exchange)
        form, refusal = self._wanted(wire)
        sending = Sending(wire, call, form)

        async def receive() -> Bound:
            if kept_back or refusal:
                return Bound({}, None, kept_back or refusal)
            query = {name: value for name, value in wire.query().items() if name not in OWN}
            return plan.binder.bind(Raw(exchange.values, query, wire.headers, wire.cookies, b""))

        try:
            result = await run_export(edge.pipeline, plan, call, receive=receive, sink=sending)
            if result.error is None:
                await sending.end()
            elif sending.begun:
                await sending.fail(problems.problem(result.error, call.request, edge.catalogs))
            else:
                return await send_refusal(edge, call, result.error, wire=wire)
        except BaseException as end:
            wire.drop(self._last_word(sending, call, end))
            raise
        wire.drop()
        return call.answer.status if result.error is None else result.error.status

    def _last_word(self, sending: "Sending", call: Call, end: BaseException) -> bytes:
        """For who does not see an answer break off; what was said already is not said again."""
        if sending.over:
            return b""
        why = SlowClient() if isinstance(end, Disconnected) else Unavailable(retry_after=1)
        return sending.failure(problems.problem(why, call.request, self.edge.catalogs))

    def _wanted(self, wire: Wire) -> tuple[Format, Error | None]:
        """The format that the query string names, or the Accept header; NDJSON unless it says CSV."""
        query = wire.query()
        named = query.get("format", "csv" if takes(wire.headers, "text/csv") else "ndjson")
        if named not in FORMATS:
            return self._ndjson, Invalid(errors={"format": [FieldError("VAL_INVALID_VALUE")]})
        if named == "ndjson":
            return self._ndjson, None
        return (self._csv_with_bom if query.get("bom") in {"1", "true"} else self._csv), None


class Sending:
    """The rows of one export on their way to its client."""

    def __init__(self, wire: Wire, call: Call, form: Format) -> None:
        """Nothing has left."""
        self._wire = wire
        self._call = call
        self._format = form
        self.begun = False
        self.over = False
        """Whether it was said how it ends."""
        self.sent = 0

    async def drain(self, rows: AsyncIterator[Any]) -> None:
        """Send every row; to HEAD none is even read."""
        if self._wire.method == "HEAD":
            return
        written = rows.written if isinstance(rows, Rows) else None
        lines = self._written(rows) if written is None else written(self._format.spelling)
        async with aclosing(lines):
            async for some in lines:
                await self._send(some.text)
                self.sent += some.rows

    async def end(self) -> None:
        """Say that this was all."""
        self.over = True
        if self.begun:
            await self._in_time(self._wire.send(b"", more=False))
            return
        body = b"" if self._wire.method == "HEAD" else self._format.head()
        await self._wire.respond(self._call.answer.status, self._headers(), body)

    def failure(self, problem: bytes) -> bytes:
        """The last line of what is not all."""
        return self._format.failure(problem)

    async def fail(self, problem: bytes) -> None:
        """Say as the last line why this is not all; CSV is cut off besides, where the server lets us."""
        self.over = True
        await self._in_time(self._wire.send(self.failure(problem), more=True))
        if self._format.name == "ndjson" or not self._wire.cuts:
            await self._in_time(self._wire.send(b"", more=False))

    async def _written(self, rows: AsyncIterator[Any]) -> AsyncGenerator[Lines, None]:
        """The rows as the model writes them, some at a time."""
        line, piece, size = self._format.line, [], 0
        async for row in rows:
            piece.append(line(row))
            size += len(piece[-1])
            if size >= PIECE:
                yield Lines(b"".join(piece), len(piece))
                piece, size = [], 0
        if piece:
            yield Lines(b"".join(piece), len(piece))

    async def _send(self, text: bytes) -> None:
        if not self.begun:
            self.begun = True
            await self._in_time(self._wire.begin(self._call.answer.status, self._headers()))
            text = self._format.head() + text
        await self._in_time(self._wire.send(text, more=True))

    async def _in_time(self, sending: Awaitable[None]) -> None:
        """Send; a client that takes nothing for so long is as good as gone."""
        seconds = self._call.services.stall
        try:
            async with asyncio.timeout(seconds):
                await sending
        except TimeoutError:
            log.warning("%s: its client took nothing for %g s, and was cut off", self._call.action, seconds)
            raise Disconnected from None

    def _headers(self) -> list[tuple[str, str]]:
        call = self._call
        headers = headers_of(call.answer, call.request, self._format.media_type)
        if not any(name == "content-disposition" for name, _ in headers):
            module, _, _ = call.action.partition(".")
            name = f"{module}-{call.now.astimezone(UTC):%Y-%m-%d}.{self._format.name}"
            headers.append(("content-disposition", f'attachment; filename="{name}"'))
        return [*headers, ("vary", "Accept"), *self._wire.leave]
