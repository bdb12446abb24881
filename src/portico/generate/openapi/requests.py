"""What an action takes: parameters and a body."""

from collections.abc import Iterator

from portico.core.inputs import Member, Parameter
from portico.core.plan import Plan
from portico.generate.openapi.examples import Examples
from portico.generate.openapi.headers import header_parameter
from portico.generate.openapi.schemas import Schema, Schemas, without_null

JSON = "application/json"
EXPORT: list[Schema] = [
    {
        "name": "format",
        "in": "query",
        "required": False,
        "description": "How rows are written; Accept says it too.",
        "schema": {"enum": ["ndjson", "csv"]},
    },
    {
        "name": "bom",
        "in": "query",
        "required": False,
        "description": "`1` begins CSV with a byte order mark, for spreadsheets.",
        "schema": {"enum": ["1", "true"]},
    },
]
"""What the query string of an export says of its format."""

SUBSCRIPTION: list[Schema] = [
    {
        "name": "last_event_id",
        "in": "query",
        "required": False,
        "description": "The id of the last event seen, to go on after it; the header Last-Event-ID says it too.",
        "schema": {"type": "string"},
    }
]
"""What the query string of a subscription says of where it goes on."""


EVENT: Schema = {
    "type": "object",
    "description": "An event, as its provider writes it: the signature covers it.",
}
"""The body of an incoming webhook."""


def parameters_of(plan: Plan, schemas: Schemas) -> list[Schema]:
    """What is not in the body: path, query string, headers, cookies; those of policies too."""
    own = [
        _parameter(plan, parameter, member, schemas=schemas)
        for parameter in plan.binder.parameters
        for member in parameter.members
        if member.source != "body"
    ]
    if plan.action.kind == "export":
        own += EXPORT
    if plan.action.kind == "subscription":
        own += SUBSCRIPTION
    taken = {str(each["name"]).lower() for each in own if each["in"] == "header"}
    return own + [each for each in _headers(plan) if each["name"].lower() not in taken]


def body_of(plan: Plan, schemas: Schemas, examples: Examples) -> Schema | None:
    """The body, where the action takes one."""
    if plan.action.kind == "webhook":
        return {"required": True, "content": {JSON: {"schema": EVENT}}}
    bodily = [p for p in plan.binder.parameters if any(m.source == "body" for m in p.members)]
    if not bodily:
        return None
    if len(bodily) == 1 and bodily[0].model and all(m.source == "body" for m in bodily[0].members):
        schema = schemas.parameter(plan, bodily[0])
    else:
        schema = _composed(plan, bodily, schemas)
    required = bool(schemas.resolved(schema).get("required"))
    return {"required": required, "content": {JSON: {"schema": schema, **examples.beside(schema)}}}


def _parameter(plan: Plan, parameter: Parameter, member: Member, *, schemas: Schemas) -> Schema:
    schema, required = schemas.member(plan, parameter, member)
    schema = without_null(schema)
    said = schema.pop("description", "") if "$ref" not in schema else ""
    name = member.wire.title() if member.source == "header" else member.wire
    about = {"description": said} if said else {}
    return {
        "name": name,
        "in": member.source,
        "required": required or member.source == "path",
        **about,
        "schema": schema,
    }


def _headers(plan: Plan) -> Iterator[Schema]:
    """What policies and the context read of the request."""
    if plan.needs.tenant and not plan.ask.org and plan.slug is None:
        yield header_parameter("X-Org-Id", required=False)
    contracts = [policy.contract() for policy in plan.policies]
    required = {name for contract in contracts for name in contract.required}
    for name in dict.fromkeys(name for contract in contracts for name in contract.inputs):
        yield header_parameter(name, required=name in required)


def _composed(plan: Plan, bodily: list[Parameter], schemas: Schemas) -> Schema:
    """One object of the members that several parameters take."""
    properties: Schema = {}
    required: list[str] = []
    for parameter in bodily:
        for member in parameter.members:
            if member.source == "body":
                properties[member.name], needed = schemas.member(plan, parameter, member)
                required += [member.name] if needed else []
    strict = {"additionalProperties": False} if any(p.strict_names for p in plan.binder.parameters) else {}
    return {"type": "object", "properties": properties, **({"required": required} if required else {}), **strict}
