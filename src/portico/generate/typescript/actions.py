"""Each action as TypeScript: its input, its result, its refusals, the value that calls name it by."""

from collections.abc import Iterator

from portico.core.inputs import Parameter
from portico.core.outcomes import errors_of
from portico.core.plan import Plan
from portico.core.refusals import served_at
from portico.generate.openapi.schemas import Schemas
from portico.generate.typescript.digests import digest_of
from portico.generate.typescript.names import action_name, member_name, quoted, type_name
from portico.generate.typescript.refusals import refusal_types
from portico.generate.typescript.types import comment, member_lines, type_of
from portico.ports.paging import Keyset

SHOWN = frozenset({"path", "query", "header", "body"})
"""Where a member can be put by a client; cookies are the browser's."""


def action_lines(plan: Plan, schemas: Schemas) -> Iterator[str]:
    """All of one action."""
    name = type_name(plan.action.name)
    yield from _input(name, plan, schemas)
    yield f"export type {name}Result = {_result(plan, schemas)};"
    yield f"export type {name}Refusal ="
    yield "\n".join(f"  | {kind}" for kind in refusal_types(errors_of(plan))) + ";"
    yield from comment(plan.action.handler.__doc__ or "")
    yield f"export const {action_name(plan)}: Operation<{name}Input, {name}Result, {name}Refusal> = {{"
    yield from (f"  {member}: {value}," for member, value in _facts(plan))
    yield "};"


def has_members(plan: Plan) -> bool:
    """Whether its input has any."""
    return any(member.source in SHOWN for member in plan.binder.members)


def paging_of(plan: Plan) -> str:
    """How its list goes on: `cursor`, `pages`; nothing where it is no list."""
    if not plan.codec.sliced:
        return ""
    return "cursor" if any(p.model and issubclass(p.model, Keyset) for p in plan.binder.parameters) else "pages"


def is_keyed(plan: Plan) -> bool:
    """Whether it takes an idempotency key."""
    return any("Idempotency-Key" in policy.contract().inputs for policy in plan.policies)


def _input(name: str, plan: Plan, schemas: Schemas) -> Iterator[str]:
    parameters = plan.binder.parameters
    if len(parameters) == 1 and _is_whole(parameters[0]):
        yield f"export type {name}Input = {type_of(schemas.parameter(plan, parameters[0]))};"
        return
    if not has_members(plan):
        yield f"export type {name}Input = void;"
        return
    yield f"export interface {name}Input {{"
    for parameter in parameters:
        for member in parameter.members:
            if member.source in SHOWN:
                schema, required = schemas.member(plan, parameter, member)
                yield from member_lines(member.name, schema, required=required or member.source == "path")
    yield "}"


def _is_whole(parameter: Parameter) -> bool:
    """Whether the parameter's model is the whole input, as it was written."""
    return parameter.model is not None and all(member.source in SHOWN for member in parameter.members)


def _result(plan: Plan, schemas: Schemas) -> str:
    if plan.codec.adapter is None:
        return "Done"
    result = schemas.result(plan)
    if not plan.codec.sliced:
        return type_of(result)
    meta = "CursorMeta" if paging_of(plan) == "cursor" else "NumberedMeta"
    return f"Page<{type_of(result['items'])}, {meta}>"


def _facts(plan: Plan) -> Iterator[tuple[str, str]]:
    """The members of the value, as TypeScript."""
    action = plan.action
    yield "name", quoted(action.name)
    yield "kind", quoted(action.kind)
    yield "method", quoted(action.place.method)
    yield "path", quoted(served_at(action, page=False))
    yield "contract", quoted(digest_of(plan))
    for member, source in (("query", "query"), ("headers", "header")):
        wires = [f"{member_name(m.name)}: {quoted(m.wire)}" for m in plan.binder.members if m.source == source]
        if wires:
            yield member, f"{{ {', '.join(wires)} }}"
    yield "body", str(plan.binder.wants_body).lower()
    yield "keyed", str(is_keyed(plan)).lower()
    if paging := paging_of(plan):
        yield "paging", quoted(paging)
    yield "tags", f"[{', '.join(map(quoted, _tags(plan)))}]"


def _tags(plan: Plan) -> list[str]:
    """What its answers are known by: the tags of `Cached`, and its module's name, by which mutations name it."""
    if plan.action.kind != "query":
        return []
    kept = [tag for p in plan.policies if p.keeping is not None for tag in p.keeping.tags]
    return list(dict.fromkeys([plan.action.place.module, *map(str, kept)]))
