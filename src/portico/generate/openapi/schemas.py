"""JSON Schemas of all inputs and results, made in one pass, so that a name means one thing."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

from pydantic import TypeAdapter
from pydantic.errors import PydanticInvalidForJsonSchema
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue, JsonSchemaWarningKind
from pydantic_core import CoreSchema
from pydantic_core.core_schema import ModelSchema, WithDefaultSchema

from portico.core.inputs import MISSING, Member, Parameter
from portico.core.plan import Plan
from portico.errors import Misconfigured

Schema: TypeAlias = dict[str, Any]
"""A piece of the document: what JSON calls an object."""
Key: TypeAlias = tuple[str, str]
Wanted: TypeAlias = tuple[Key, JsonSchemaMode, TypeAdapter[Any]]
REF = "#/components/schemas/"
NULL = {"type": "null"}
RESULT = "->"
"""What stands for an action's result among its parameters."""


class Plain(GenerateJsonSchema):
    """Schemas without a title on every property, which would only repeat its name."""

    ignored_warning_kinds: ClassVar[set[JsonSchemaWarningKind]] = {  # type: ignore[misc]  # the same for all
        "skipped-choice",
        "non-serializable-default",
        "skipped-discriminator",
    }

    def field_title_should_be_set(self, schema: CoreSchema) -> bool:
        """Never: a member's name is its title."""
        return False

    def model_schema(self, schema: ModelSchema) -> JsonSchemaValue:
        """The schema with the names that the wire has: an answer is written by aliases only where its model says so."""
        told, config = self.mode == "serialization", schema["cls"].model_config
        around, self.by_alias = self.by_alias, not told or config.get("serialize_by_alias", False)
        try:
            return super().model_schema(schema)
        finally:
            self.by_alias = around

    def default_schema(self, schema: WithDefaultSchema) -> JsonSchemaValue:
        """The schema with its default, unless that only stands in for what was not sent and no caller could send it."""
        found = super().default_schema(schema)
        return found if fits(found.get("default"), found) else {n: v for n, v in found.items() if n != "default"}


@dataclass(frozen=True)
class Schemas:
    """The schemas of one document."""

    by_key: Mapping[Key, JsonSchemaValue]
    definitions: Schema
    """Those that have a name; references lead here."""

    def result(self, plan: Plan) -> Schema:
        """What the action returns."""
        return self.by_key[plan.action.name, RESULT]

    def parameter(self, plan: Plan, parameter: Parameter) -> Schema:
        """What a parameter of its handler takes."""
        return self.by_key[plan.action.name, parameter.name]

    def resolved(self, schema: Schema) -> Schema:
        """The schema that a reference leads to, or itself."""
        reference = schema.get("$ref")
        return self.resolved(self.definitions[reference.removeprefix(REF)]) if reference else schema

    def member(self, plan: Plan, parameter: Parameter, member: Member) -> tuple[Schema, bool]:
        """The schema of one member of the flat input, and whether it must be there."""
        schema = self.parameter(plan, parameter)
        if parameter.model is None:
            default = parameter.default
            usual = (
                {}
                if default is MISSING or default is None
                else {"default": parameter.adapter.dump_python(default, mode="json")}
            )
            return {**schema, **usual}, default is MISSING
        whole = self.resolved(schema)
        return whole.get("properties", {}).get(member.name, {}), member.name in whole.get("required", ())


def collect(plans: Sequence[Plan], others: Iterable[Wanted] = ()) -> Schemas:
    """The schemas of all that goes in and comes out; raises Misconfigured that names an action where one has none."""
    wanted = [*others, *(each for plan in plans for each in _wanted_of(plan))]
    try:
        found, rest = _schemas(wanted)
    except PydanticInvalidForJsonSchema:
        _blame(wanted)
        raise
    return Schemas({key: schema for (key, _), schema in found.items()}, rest.get("$defs", {}))


def fits(value: object, schema: Schema) -> bool:
    """Whether a text or number is within the schema's bounds; whatever else it is, it is not judged."""
    if isinstance(value, str):
        long_enough = schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value))
        return long_enough and re.search(schema.get("pattern", ""), value) is not None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return bool(schema.get("minimum", value) <= value <= schema.get("maximum", value))
    return True


def without_null(schema: Schema) -> Schema:
    """The schema where null cannot be written: in a path, a query string, a header."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != NULL]
    if not kinds or len(kinds) == len(schema["anyOf"]):
        return {name: value for name, value in schema.items() if name != "default" or value is not None}
    rest = {name: value for name, value in schema.items() if name not in {"anyOf", "default"}}
    usual = {"default": schema["default"]} if schema.get("default") is not None else {}
    return {**(kinds[0] if len(kinds) == 1 else {"anyOf": kinds}), **rest, **usual}


def _wanted_of(plan: Plan) -> Iterable[Wanted]:
    name = plan.action.name
    for parameter in plan.binder.parameters:
        yield (name, parameter.name), "validation", parameter.adapter
    if plan.codec.adapter is not None:
        yield (name, RESULT), "serialization", plan.codec.adapter


def _schemas(wanted: Iterable[Wanted]) -> tuple[dict[tuple[Key, JsonSchemaMode], JsonSchemaValue], JsonSchemaValue]:
    return TypeAdapter.json_schemas(wanted, ref_template=REF + "{model}", schema_generator=Plain)


def _blame(wanted: Iterable[Wanted]) -> None:
    for each in wanted:
        (action, part), _, _ = each
        try:
            _schemas([each])
        except PydanticInvalidForJsonSchema as problem:
            what = "result" if part == RESULT else f"parameter {part}"
            message = (
                f"The {what} of {action} has no JSON Schema ({problem.message}); "
                "give the type one by WithJsonSchema, or use another."
            )
            raise Misconfigured(message) from None
