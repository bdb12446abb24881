"""Operations of documents: read, run, and told, whatever line they came by."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from graphql import DocumentNode, ExecutionResult, GraphQLError, GraphQLResolveInfo, OperationType
from graphql.execution import execute
from graphql.pyutils import Path

from portico.core.answer import Answer
from portico.core.principal import Request
from portico.errors import Error
from portico.transports.graphql.asking import BAD, Asked
from portico.transports.graphql.documents import Documents, Refused, operation_of
from portico.transports.graphql.running import Run
from portico.transports.graphql.telling import extensions_of, told
from portico.transports.rest import Edge
from portico.transports.wire import Exchange


class Operation(NamedTuple):
    """One that a document holds, and what it was asked with."""

    document: DocumentNode
    kind: OperationType
    asked: Asked

    @property
    def listens(self) -> bool:
        """Whether it is a subscription."""
        return self.kind is OperationType.SUBSCRIPTION


class Operations:
    """Runs operations against the documents' schema."""

    def __init__(self, edge: Edge, documents: Documents) -> None:
        """To the fields of the schema, `attach` has given their resolvers."""
        self.edge = edge
        self.documents = documents

    def read(self, asked: Asked, method: str) -> Operation:
        """What is asked for; raises Refused where it is not taken, or not by this method."""
        document = self.documents.read(self.documents.text(asked.query, asked.digest))
        kind = operation_of(document, asked.operation).operation
        if kind is OperationType.MUTATION and method != "POST":
            raise Refused.because("Please send what writes by POST.", BAD, status=405, allow="POST")
        return Operation(document, kind, asked)

    async def answer(self, exchange: Exchange, operation: Operation) -> tuple[dict[str, Any], Answer]:
        """The answer to a query or a mutation; raises Refused where nothing of it could run."""
        asked, run = operation.asked, Run(self.edge, exchange)
        try:
            result = execute(
                self.documents.schema,
                operation.document,
                context_value=run,
                variable_values=asked.variables,
                operation_name=asked.operation,
                field_resolver=member,
                hide_suggestions=not self.documents.explore,
            )
            done = result if isinstance(result, ExecutionResult) else await result
        finally:
            await run.end()
        if done.data is None and all(error.path is None for error in done.errors or ()):
            raise Refused(done.errors or [])
        return self.body(done, exchange.request), run.answer

    def body(self, result: ExecutionResult, request: Request) -> dict[str, Any]:
        """What a client is told of a result."""
        found: dict[str, Any] = {"data": result.data}
        if result.errors:
            found["errors"] = self.told(result.errors, request)
        return found

    def told(self, errors: Sequence[GraphQLError], request: Request) -> list[dict[str, Any]]:
        """What a client is told of errors."""
        return [told(error, request, self.edge.catalogs) for error in errors]

    def refused(self, error: Error, request: Request) -> Refused:
        """A refusal of the request itself."""
        message, extensions = self.edge.catalogs.error(error, request.locale), self.extensions(error, request)
        return Refused([GraphQLError(message, extensions=extensions)], error.status)

    def extensions(self, error: Error, request: Request) -> dict[str, Any]:
        """What programs are told of an error."""
        return extensions_of(error, request, self.edge.catalogs)


def member(source: Any, info: GraphQLResolveInfo[Any], **_given: Any) -> Any:
    """What a value has under the field's name."""
    return source.get(info.field_name)


def root_of(path: Path) -> object:
    """The name under which the answer has the root field."""
    while path.prev is not None:
        path = path.prev
    return path.key
