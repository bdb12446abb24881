"""A subscription as it runs: the call of its field, and what its document picks of each value."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

from graphql import ExecutionResult
from graphql.execution import Executor, create_source_event_stream, execute_subscription_event
from pydantic_core import to_json

from portico.core.result import Result
from portico.errors import Error
from portico.transports.frames import Frames
from portico.transports.graphql.attaching import Source
from portico.transports.graphql.documents import Refused
from portico.transports.graphql.operations import Operation, Operations, member
from portico.transports.graphql.running import Run
from portico.transports.telling import Outlet, Telling
from portico.transports.wire import Exchange

MISSED = "EVENTS_MISSED"


class Listening:
    """One subscription."""

    def __init__(self, operations: Operations, exchange: Exchange, operation: Operation) -> None:
        """Find what it listens to; raises Refused where its variables are wrong."""
        self._operations, self._exchange = operations, exchange
        self._run = Run(operations.edge, exchange)
        self._executor = self._executor_of(operation)
        source = self._source()
        self._plan, self._key, self.picker = source.plan, source.key, source.picker
        self.call, self._receive = self._run.listen(source.plan, source.key, source.given)
        asked = operation.asked
        self._document = (asked.query or asked.digest, asked.operation, to_json(asked.variables))

    async def run(self, told: "Picking") -> Error | None:
        """Tell its values for as long as it is let in; returns why it ends, where its function has not ended."""
        self.call.sink = told
        result: Result[Any] = await self._operations.edge.pipeline.run(self._plan, self.call, self._receive)
        return result.error

    async def pick(self, value: object, mark: str) -> bytes:
        """What the document picks of a value, as a result; what stands behind a relation is read anew for each."""
        plain = self.picker.plain(value, mark)
        if (known := self.picker.known(self._document)) is not None:
            return known
        result: Any = execute_subscription_event(self._executor.build_per_event_executor(plain))
        if isinstance(result, ExecutionResult):
            picked = self._written(result)
            if not result.errors:
                self.picker.keep(plain, self._document, picked)
            return picked
        try:
            return self._written(await result)
        finally:
            await self._run.renew()

    def missed(self) -> bytes:
        """A result without a value, which says that some cannot be told any more."""
        words = "Some of what happened can no longer be told. Please read again."
        error = {"message": words, "path": [self._key], "extensions": {"code": MISSED, "retryable": False}}
        return to_json({"data": {str(self._key): None}, "errors": [error]})

    def why(self, error: Error) -> Sequence[dict[str, Any]]:
        """What the client is told of the end."""
        request = self.call.request
        message = self._operations.edge.catalogs.error(error, request.locale)
        extensions = self._operations.extensions(error, request)
        return [{"message": message, "path": [self._key], "extensions": extensions}]

    def _executor_of(self, operation: Operation) -> "Executor[Any]":
        documents, asked = self._operations.documents, operation.asked
        made = Executor.build(
            documents.schema,
            operation.document,
            context_value=self._run,
            raw_variable_values=asked.variables,
            operation_name=asked.operation,
            field_resolver=member,
            hide_suggestions=not documents.explore,
        )
        if isinstance(made, list):
            raise Refused(made)
        return made

    def _source(self) -> Source:
        made = create_source_event_stream(self._executor)
        if isinstance(made, Source):
            return made
        raise Refused(made.errors or [] if isinstance(made, ExecutionResult) else [])

    def _written(self, result: ExecutionResult) -> bytes:
        return to_json(self._operations.body(result, self._exchange.request))


class Picking(Telling):
    """Tells what a document picks."""

    def __init__(self, outlet: Outlet, listening: Listening, frames: Frames, *, bookmark: str | None) -> None:
        """Nothing is told yet."""
        super().__init__(outlet, listening.picker, stall=listening.call.services.stall, bookmark=bookmark)
        self.frames = frames
        self._listening = listening

    async def drain(self, rows: AsyncIterator[Any]) -> None:
        """Tell what is picked of each value."""
        async for row in rows:
            mark = self._mark()
            await self._send(self.frames.value("", mark, await self._listening.pick(row, mark)))
            self.sent += 1
            self._renew()

    async def resync(self) -> None:
        """Tell that something was missed, as the value that it is in the place of."""
        await self._send(self.frames.value("", self._mark(), self._listening.missed()))
