"""Reads a handler's signature: its context, its parameters and where their members come from, what it returns."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from types import NoneType, UnionType
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, SecretBytes, SecretStr, TypeAdapter
from pydantic.errors import PydanticSchemaGenerationError

from portico.core.context import PublicContext
from portico.core.inputs import MISSING, Binder, From, Member, Parameter, Source
from portico.core.literals import spelled_of
from portico.core.value import Value
from portico.errors import Misconfigured

LISTS: frozenset[type] = frozenset({list, set, frozenset, tuple})
SECRETS: frozenset[type] = frozenset({SecretStr, SecretBytes})


class Signature(Value):
    """What an action's function says of itself."""

    context: type[PublicContext]
    binder: Binder
    returns: Any


def read_signature(handler: Callable[..., object], method: str, path_names: set[str]) -> Signature:
    """Read the handler; raises Misconfigured with what to write instead."""
    hints = _hints(handler)
    names = list(inspect.signature(handler).parameters.values())
    context = hints.get(names[0].name) if names else None
    if not (isinstance(context, type) and issubclass(context, PublicContext)):
        message = (
            "its first parameter is the context; write ctx: OrgContext (or UserContext, TenantContext, PublicContext)"
        )
        raise Misconfigured(message)
    if "return" not in hints:
        message = "it does not say what it returns; write -> Thing (or -> None)"
        raise Misconfigured(message)
    origin = _Origin(path_names, "query" if method in {"GET", "HEAD", "DELETE"} else "body")
    parameters = tuple(_parameter(p, hints, origin) for p in names[1:])
    _refuse_repeats(parameters, path_names)
    return Signature(context, Binder(parameters), hints["return"])


def _hints(handler: Callable[..., object]) -> dict[str, Any]:
    try:
        return get_type_hints(handler, include_extras=True)
    except NameError as problem:
        message = (
            f"its annotations name {problem.name}, which is not there at run time; move it out of `if TYPE_CHECKING:` "
            "(with ruff, leave TC001, TC002 and TC003 out)"
        )
        raise Misconfigured(message) from None


class _Origin(NamedTuple):
    """Where members come from that do not say it themselves: the path, else the query string or the body."""

    path_names: set[str]
    otherwise: Source

    def member(self, name: str, marker: From | None) -> Member:
        if name in self.path_names:
            return Member(name, "path", name)
        if marker is None:
            return Member(name, self.otherwise, name)
        wire = marker.name or name
        return Member(name, marker.source, wire.lower() if marker.source == "header" else wire)


def _parameter(parameter: inspect.Parameter, hints: dict[str, Any], origin: _Origin) -> Parameter:
    name = parameter.name
    if parameter.kind in {parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD}:
        message = f"its parameter {parameter} takes anything; name each input, or take a model"
        raise Misconfigured(message)
    if name not in hints:
        message = f"its parameter {name} has no type; annotate it, as in {name}: str"
        raise Misconfigured(message)
    hint = hints[name]
    plain = get_args(hint)[0] if get_origin(hint) is Annotated else hint
    model = plain if isinstance(plain, type) and issubclass(plain, BaseModel) else None
    default = MISSING if parameter.default is inspect.Parameter.empty else parameter.default
    if model is not None:
        model.model_rebuild()  # one that waited to be used: else each action that takes it would build it anew
    try:
        adapter: TypeAdapter[Any] = TypeAdapter(hint)
    except PydanticSchemaGenerationError:
        message = f"its parameter {name} is a {plain!r}, which no input can become; use a Pydantic type"
        raise Misconfigured(message) from None
    if (undecided := next(_undecided(adapter.core_schema, name), None)) is not None:
        message = (
            f"its input {undecided} is a datetime, with or without an offset; write AwareDatetime for a moment, or "
            "NaiveDatetime for what a clock on the wall shows"
        )
        raise Misconfigured(message)
    strict = model is not None and model.model_config.get("extra") == "forbid"
    return Parameter(name, tuple(_members(name, hint, model, origin=origin)), model, adapter, default, strict)


def _undecided(schema: object, name: str) -> Iterator[str]:
    """Members that take moments in no known zone, by the nearest name: PostgreSQL would take one for the server's."""
    if isinstance(schema, Mapping):
        if schema.get("type") == "datetime" and "tz_constraint" not in schema:
            yield name
            return
        for part, inner in schema.items():
            if part != "metadata":
                field = isinstance(inner, Mapping) and str(inner.get("type")).endswith("-field")
                yield from _undecided(inner, part if field else name)
    elif isinstance(schema, list | tuple):
        for inner in schema:  # a dataclass's fields say their names themselves
            yield from _undecided(inner, inner.get("name", name) if isinstance(inner, Mapping) else name)


def _members(name: str, hint: Any, model: type[BaseModel] | None, *, origin: _Origin) -> Iterator[Member]:
    if model is None:
        marker = _marker(get_args(hint)[1:] if get_origin(hint) is Annotated else ())
        yield _known(origin.member(name, marker), hint)
        return
    for field_name, field in model.model_fields.items():
        wire = field.alias if isinstance(field.alias, str) else field_name
        hint = field.annotation
        member = origin.member(wire, _marker(field.metadata))
        yield _known(member, hint)


def _known(member: Member, hint: Any) -> Member:
    """The member, with what is to be known of its type."""
    many, secret, text = _is(hint, LISTS), _is(hint, SECRETS), _is_text(hint)
    return replace(member, many=many, secret=secret, text=text, spelled=spelled_of(hint))


def _is_text(hint: Any) -> bool:
    """Whether it is a text, whatever else is said of it."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _is_text(inner[0])
    if origin in {Union, UnionType}:
        return all(_is_text(one) for one in inner if one is not NoneType)
    return isinstance(hint, type) and issubclass(hint, str)


def _is(hint: Any, kinds: frozenset[type]) -> bool:
    """Whether the type, or what an Annotated or optional one holds, is one of these."""
    origin = get_origin(hint) or hint
    if origin in kinds:
        return True
    return origin in {Annotated, Union, UnionType} and any(_is(a, kinds) for a in get_args(hint) if a is not NoneType)


def _marker(metadata: Any) -> From | None:
    return next((m for m in metadata if isinstance(m, From)), None)


def _refuse_repeats(parameters: tuple[Parameter, ...], path_names: set[str]) -> None:
    seen: dict[str, str] = {}
    for parameter in parameters:
        for member in parameter.members:
            if member.name in seen:
                message = (
                    f"the member {member.name} is given twice, by {seen[member.name]} and {parameter.name}; rename one"
                )
                raise Misconfigured(message)
            seen[member.name] = parameter.name
    if missing := sorted(path_names - set(seen)):
        message = f"its path names {{{missing[0]}}}, which no parameter takes; write {missing[0]}: UUID"
        raise Misconfigured(message)
