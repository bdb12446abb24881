"""GraphQL over HTTP: one address, for GET and POST."""

from typing import Any

from graphql import ExecutionResult, GraphQLError, GraphQLField, GraphQLResolveInfo, GraphQLSchema, OperationType
from graphql.execution import execute
from graphql.pyutils import Path
from pydantic_core import to_json

from portico.core.answer import Answer
from portico.core.plan import Plan
from portico.core.relation import Relation
from portico.errors import Error
from portico.generate.graphql.outputs import RELATION
from portico.generate.graphql.schema import plan_of
from portico.transports.answers import JSON, headers_of, send_answer
from portico.transports.document import DocumentEndpoint
from portico.transports.graphql.asking import BAD, RESPONSE, Asked, media_type, read_request, wants_page
from portico.transports.graphql.documents import Documents, Refused, operation_of
from portico.transports.graphql.running import Run
from portico.transports.graphql.telling import extensions_of, told
from portico.transports.rest import Edge
from portico.transports.wire import Exchange


class GraphqlEndpoint:
    """Runs documents against the schema of the application's actions."""

    __slots__ = ("_documents", "_edge", "_page")

    def __init__(self, edge: Edge, documents: Documents, page: DocumentEndpoint | None = None) -> None:
        """Serve the documents' schema, to whose fields `attach` has given their resolvers.

        `page` is what a person's browser is shown, where anything is.
        """
        self._edge = edge
        self._documents = documents
        self._page = page

    async def __call__(self, exchange: Exchange) -> int:
        """Run the operation and send its answer; returns the status."""
        if self._page is not None and wants_page(exchange):
            return await self._page(exchange)
        kind = JSON
        try:
            kind = media_type(exchange)
            asked = await read_request(exchange, self._edge.max_body)
            result, answer = await self._run(exchange, asked)
        except Refused as refused:
            return await self._refuse(exchange, refused, kind)
        except Error as error:
            return await self._refuse(exchange, self._refused(error, exchange), kind)
        if result.data is None and all(error.path is None for error in result.errors or ()):
            return await self._refuse(exchange, Refused(result.errors or []), kind)
        body: dict[str, Any] = {"data": result.data}
        if result.errors:
            body["errors"] = self._told(exchange, result.errors)
        return await self._send(exchange, kind, to_json(body), answer=answer)

    async def _run(self, exchange: Exchange, asked: Asked) -> tuple[ExecutionResult, Answer]:
        document = self._documents.read(self._documents.text(asked.query, asked.digest))
        operation = operation_of(document, asked.operation)
        if operation.operation is not OperationType.QUERY and exchange.wire.method != "POST":
            raise Refused.because("Please send what writes by POST.", BAD, status=405, allow="POST")
        run = Run(self._edge, exchange)
        try:
            result = execute(
                self._documents.schema,
                document,
                context_value=run,
                variable_values=asked.variables,
                operation_name=asked.operation,
                field_resolver=_member,
                hide_suggestions=not self._documents.explore,
            )
            done = result if isinstance(result, ExecutionResult) else await result
        finally:
            await run.end()
        return done, run.answer

    async def _refuse(self, exchange: Exchange, refused: Refused, kind: str) -> int:
        """A request error: no data, and a status that says so where the media type lets it."""
        answer = Answer()
        answer.status = refused.status or (400 if kind == RESPONSE else 200)
        if refused.allow:
            answer.header("Allow", refused.allow)
        body = {"errors": self._told(exchange, refused.errors)}
        return await self._send(exchange, kind, to_json(body), answer=answer)

    def _refused(self, error: Error, exchange: Exchange) -> Refused:
        request, catalogs = exchange.request, self._edge.catalogs
        told = catalogs.error(error, request.locale)
        return Refused([GraphQLError(told, extensions=extensions_of(error, request, catalogs))], error.status)

    def _told(self, exchange: Exchange, errors: Any) -> list[dict[str, Any]]:
        return [told(error, exchange.request, self._edge.catalogs) for error in errors]

    async def _send(self, exchange: Exchange, kind: str, body: bytes, *, answer: Answer) -> int:
        headers = headers_of(answer, exchange.request, f"{kind}; charset=utf-8")
        headers += [("vary", "accept"), ("content-language", exchange.request.locale)]
        await send_answer(exchange.wire, answer.status, headers, body=body)
        return answer.status


def attach(schema: GraphQLSchema) -> None:
    """Give each field that runs an action, or follows a relation, what does so."""
    for root in (schema.query_type, schema.mutation_type):
        for field in root.fields.values() if root else ():
            _run_by(field, plan_of(field.extensions))
    for kind in schema.type_map.values():
        for field in getattr(kind, "fields", {}).values():
            if RELATION in (field.extensions or {}):
                _follow_by(field, field.extensions[RELATION])


def _run_by(field: GraphQLField, plan: Plan) -> None:
    async def resolve(_source: object, info: GraphQLResolveInfo[Any], **given: Any) -> Any:
        return await info.context.call(plan, info.path.key, given)

    field.resolve = resolve


def _follow_by(field: GraphQLField, relation: Relation) -> None:
    async def resolve(source: Any, info: GraphQLResolveInfo[Any]) -> Any:
        return await info.context.follow(relation, source, _root_of(info.path))

    field.resolve = resolve


def _member(source: Any, info: GraphQLResolveInfo[Any], **_given: Any) -> Any:
    return source.get(info.field_name)


def _root_of(path: Path) -> object:
    """The name under which the answer has the root field."""
    while path.prev is not None:
        path = path.prev
    return path.key
