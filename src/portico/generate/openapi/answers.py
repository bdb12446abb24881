"""What an action answers: its success, and every refusal."""

from collections.abc import Iterator
from http import HTTPStatus

from portico.core.outcomes import errors_of
from portico.core.plan import Plan
from portico.generate.openapi.examples import Examples
from portico.generate.openapi.problems import Problems
from portico.generate.openapi.requests import JSON
from portico.generate.openapi.schemas import Schema, Schemas
from portico.ports.paging import Keyset, Numbered

COUNT: Schema = {"type": "integer", "minimum": 0}
NUMBERED: Schema = {
    "type": "object",
    "properties": {"page": COUNT, "limit": COUNT, "total": COUNT, "total_pages": COUNT},
    "required": ["page", "limit", "total", "total_pages"],
}
KEYSET: Schema = {
    "type": "object",
    "properties": {
        "limit": {"type": ["integer", "null"], "minimum": 1},
        "after": {"type": ["string", "null"], "description": "The cursor of the next page; null on the last one."},
    },
    "required": ["limit", "after"],
}
DONE: Schema = {"type": "object", "properties": {"success": {"const": True}}, "required": ["success"]}
ON_SUCCESS = frozenset({"Location", "Idempotent-Replayed", "Invalidates", "ETag"})
"""Headers that no refusal has."""
LATER = frozenset({409, 429, 503, 504})


class Answers:
    """The answers of one document's actions."""

    def __init__(self, schemas: Schemas, examples: Examples) -> None:
        """Refusals and headers are collected on the way."""
        self.problems = Problems()
        self.headers: dict[str, None] = {}
        self._schemas = schemas
        self._examples = examples

    def of(self, plan: Plan, always: tuple[str, ...] = ()) -> Schema:
        """All answers of an action by status; `always` names headers that each of them has."""
        if plan.linked:
            return {"303": {"description": "The browser is sent on.", "headers": self._refer(("Location", *always))}}
        told = tuple(name for policy in plan.policies for name in policy.contract().headers)
        answers = {str(self._status(plan)): self._success(plan, (*told, "X-Request-Id", *always))}
        if "ETag" in told and plan.read_only:
            headers = self._refer((*told, "X-Request-Id", *always))
            answers["304"] = {"description": "What If-None-Match names is still so.", "headers": headers}
        kept = [name for name in told if name not in ON_SUCCESS]
        for status, answer in self.problems.answers(errors_of(plan)):
            names = (*_of_refusal(status), *kept, "X-Request-Id", *always)
            answers[str(status)] = {**answer, "headers": self._refer(names)}
        return answers

    @staticmethod
    def _status(plan: Plan) -> int:
        return next((s for policy in plan.policies if (s := policy.contract().status)), 200)

    def _success(self, plan: Plan, names: tuple[str, ...]) -> Schema:
        if plan.action.kind == "export":
            return {"description": "The rows.", "headers": self._refer(names), "content": self._rows(plan)}
        if plan.action.kind == "subscription":
            return {"description": "What happens.", "headers": self._refer(names), "content": self._told(plan)}
        schema = self._envelope(plan)
        return {
            "description": "Done." if plan.codec.adapter is None else HTTPStatus(self._status(plan)).phrase,
            "headers": self._refer(names),
            "content": {JSON: {"schema": schema, **self._examples.beside(schema)}},
        }

    def _rows(self, plan: Plan) -> Schema:
        """What an export sends, row by row."""
        row = self._schemas.result(plan)
        lines = {"type": "string", "description": "One row a line, each as JSON of the shape `x-row`.", "x-row": row}
        return {"application/x-ndjson": {"schema": lines}, "text/csv": {"schema": {"type": "string"}}}

    def _told(self, plan: Plan) -> Schema:
        """What a subscription sends, value by value; a WebSocket's messages hold the same as `data`."""
        said = (
            "Server-sent events: `data` of each is JSON of the shape `x-row`; `ready`, `resync`, `problem` and `end` "
        )
        return {
            "text/event-stream": {
                "schema": {
                    "type": "string",
                    "description": f"{said}tell of the stream itself.",
                    "x-row": self._schemas.result(plan),
                }
            }
        }

    def _envelope(self, plan: Plan) -> Schema:
        """`{data}`, or `{data, meta}` of a list in pages."""
        data = DONE if plan.codec.adapter is None else self._schemas.result(plan)
        if not plan.codec.sliced:
            return {"type": "object", "properties": {"data": data}, "required": ["data"]}
        return {"type": "object", "properties": {"data": data, "meta": _meta(plan)}, "required": ["data", "meta"]}

    def _refer(self, names: tuple[str, ...]) -> Schema:
        self.headers.update(dict.fromkeys(names))
        return {name: {"$ref": f"#/components/headers/{name}"} for name in dict.fromkeys(names)}


def _meta(plan: Plan) -> Schema:
    """What stands beside the rows, by how the list is asked for."""
    models = [parameter.model for parameter in plan.binder.parameters if parameter.model is not None]
    for kind, schema in ((Numbered, NUMBERED), (Keyset, KEYSET)):
        if any(issubclass(model, kind) for model in models):
            return schema
    return {"oneOf": [NUMBERED, KEYSET]}


def _of_refusal(status: int) -> Iterator[str]:
    yield "Content-Language"
    if status == HTTPStatus.UNAUTHORIZED:
        yield "WWW-Authenticate"
    if status in LATER:
        yield "Retry-After"
