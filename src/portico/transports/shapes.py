"""What a form asks for, read off an action's JSON Schema: how its fields are drawn, and what their texts mean.

One reading serves both ways, so that what a form draws is what it takes.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Literal, TypeAlias

from pydantic import TypeAdapter
from pydantic.errors import PydanticInvalidForJsonSchema

from portico.core.inputs import Binder

Kind: TypeAlias = Literal["text", "long", "number", "flag", "choice", "moment", "list", "object", "secret"]
Schema: TypeAlias = Mapping[str, Any]
TYPES = {"email": "email", "uri": "url", "date": "date", "date-time": "datetime-local", "time": "time"}
LIMITS = {
    "maxLength": "maxlength",
    "minLength": "minlength",
    "minimum": "min",
    "exclusiveMinimum": "min",
    "maximum": "max",
    "pattern": "pattern",
}
LONG = 200
"""A text that may be longer than this has a field of several lines."""
ANY: Schema = {}


@dataclass(frozen=True)
class Shape:
    """One field: its kind, the attributes of its input, what it holds."""

    kind: Kind
    label: str = ""
    hint: str = ""
    required: bool = False
    nullable: bool = False
    attributes: Mapping[str, object] = field(default_factory=dict)
    choices: tuple[object, ...] = ()
    members: Mapping[str, "Shape"] = field(default_factory=dict)
    item: "Shape | None" = None
    default: object = None

    def fit(self, value: object) -> object:
        """What was entered as the action takes it: MISSING where nothing was."""
        if self.kind == "object" and isinstance(value, Mapping):
            return None if self.nullable and self.is_blank(value) else self._fit_members(value)
        if self.kind == "list":
            return self._fit_items(value)
        if self.kind == "flag" and isinstance(value, list):
            value = value[-1]  # a box's hidden "false" stands before it
        if value == "":
            return None if self.nullable else MISSING
        return next((held for held in self.spelled if written(held) == value), value)

    @property
    def spelled(self) -> tuple[object, ...]:
        """The values that are no texts, and that nobody else reads from one."""
        return (True, False) if self.kind == "flag" else tuple(c for c in self.choices if not isinstance(c, str))

    def reveal(self, value: object) -> object:
        """What was entered, without what is secret by its type: that is never shown again."""
        if isinstance(value, Mapping):
            inner = {name: (self.members.get(name, PLAIN), held) for name, held in value.items()}
            return {name: shape.reveal(held) for name, (shape, held) in inner.items() if shape.kind != "secret"}
        if isinstance(value, list) and self.item is not None:
            return [self.item.reveal(held) for held in value if not self.item.is_blank(held)]
        return value

    def is_blank(self, value: object) -> bool:
        """Whether nothing was entered: a row that stands as it was drawn is none."""
        if isinstance(value, Mapping):
            return all(self.members.get(name, PLAIN).is_blank(held) for name, held in value.items())
        if isinstance(value, list) and self.kind != "flag":
            return all((self.item or self).is_blank(held) for held in value)
        last = value[-1] if isinstance(value, list) else value
        return last in {"", written(self.default)} or (last == "false" and self.default is not True)

    def _fit_members(self, value: Mapping[str, object]) -> object:
        fitted = {name: self.members.get(name, PLAIN).fit(held) for name, held in value.items()}
        return {name: held for name, held in fitted.items() if held is not MISSING}

    def _fit_items(self, value: object) -> object:
        if value == "" and self.nullable:
            return None
        items, item = value if isinstance(value, list) else [value], self.item or PLAIN
        return [item.fit(held) for held in items if not item.is_blank(held)]


PLAIN = Shape("text")
"""A field that the schema does not know: its text is taken as it is."""


class Missing:
    """Nothing was entered."""


MISSING = Missing()


def written(value: object) -> str:
    """A value as it stands in a form."""
    if isinstance(value, bool):
        return str(value).lower()
    if value is None:
        return ""
    return str(value.value if isinstance(value, Enum) else value)


def shape_of(binder: Binder) -> Shape:
    """The shape of an action's flat input."""
    members: dict[str, Shape] = {}
    for parameter in binder.parameters:
        schema = schema_of(parameter.adapter)
        if parameter.model is not None:
            members.update(_read(schema, schema, required=True).members)
            continue
        members[parameter.name] = _read(schema, schema, required=parameter.required, name=parameter.name)
    hidden = {member.name for member in binder.members if member.source not in {"body", "query"}}
    return Shape("object", members={name: shape for name, shape in members.items() if name not in hidden})


def schema_of(adapter: TypeAdapter[Any]) -> Schema:
    """The JSON Schema of what a type takes; empty where it has none."""
    try:
        return adapter.json_schema(mode="validation")
    except PydanticInvalidForJsonSchema:
        return ANY


def _read(schema: Schema, whole: Schema, *, required: bool, name: str = "", depth: int = 0) -> Shape:
    own, (schema, nullable) = schema, _plain(schema, whole)
    kind = _kind(schema)
    members, item = {}, None
    if kind == "object" and depth < 6:
        wanted = schema.get("required", ())
        members = {
            inner: _read(held, whole, required=inner in wanted, name=inner, depth=depth + 1)
            for inner, held in schema.get("properties", {}).items()
        }
    elif kind == "list" and depth < 6:
        item = _read(schema.get("items", ANY), whole, required=False, depth=depth + 1)
    return Shape(
        kind,
        label=_label(own if name else schema, name),
        hint=own.get("description", ""),  # the docstring of a model, or of an enum, is not for visitors
        required=required and not nullable,
        nullable=nullable,
        attributes=_attributes(schema, kind),
        choices=tuple(_choices(schema, kind, nullable=nullable)),
        members=members,
        item=item,
        default=schema.get("default"),
    )


def _plain(schema: Schema, whole: Schema) -> tuple[Schema, bool]:
    """The schema without references and without null; of several kinds, the first."""
    nullable = False
    while True:
        if "$ref" in schema:
            target = whole.get("$defs", {}).get(schema["$ref"].rpartition("/")[2], ANY)
            schema = {**target, **{name: held for name, held in schema.items() if name != "$ref"}}
        elif kinds := schema.get("anyOf") or schema.get("oneOf"):
            rest = [kind for kind in kinds if kind.get("type") != "null"]
            nullable = nullable or len(rest) < len(kinds)
            around = {name: held for name, held in schema.items() if name not in {"anyOf", "oneOf"}}
            schema = {**(rest[0] if rest else ANY), **around}
        else:
            return schema, nullable


def _choices(schema: Schema, kind: Kind, *, nullable: bool) -> Iterable[object]:
    if kind == "flag":
        return ["true", "false"][: 1 if schema.get("const") else 2] if nullable else ()
    return schema.get("enum") or ([schema["const"]] if "const" in schema else ())


def _kind(schema: Schema) -> Kind:
    if schema.get("const") in {True, False} and schema.get("type") == "boolean":
        return "flag"
    if "const" in schema or "enum" in schema:
        return "choice"
    if schema.get("writeOnly") or schema.get("format") == "password":
        return "secret"
    if schema.get("format") == "date-time":
        return "moment"
    kinds: dict[str, Kind] = {
        "object": "object",
        "array": "list",
        "boolean": "flag",
        "integer": "number",
        "number": "number",
    }
    if schema.get("type") in kinds:
        return kinds[schema["type"]]
    return "long" if schema.get("maxLength", 0) > LONG and "format" not in schema else "text"


def _label(schema: Schema, name: str) -> str:
    """`customer_id` is `Customer`; a title that somebody wrote stays."""
    written: str = schema.get("title", "")
    made = name.replace("_", " ").title()
    if written and written.lower() != made.lower():
        return written
    return name.removesuffix("_id").replace("_", " ").capitalize()


def for_browsers(pattern: str) -> str:
    """The pattern as an input wants it: anchored by itself, and a hyphen at the end of a class written out."""
    return re.sub(r"(?<!\\)-\]", r"\\-]", pattern.removeprefix("^").removesuffix("$"))


def _attributes(schema: Schema, kind: Kind) -> dict[str, object]:
    found = {LIMITS[rule]: held for rule, held in schema.items() if rule in LIMITS and kind != "list"}
    if "pattern" in found:
        found["pattern"] = for_browsers(found["pattern"])
    if kind == "number":
        found["step"] = schema.get("multipleOf", 1 if schema.get("type") == "integer" else "any")
        return {"type": "number", **found}
    if kind in {"text", "moment", "secret"}:
        kinds = "password" if kind == "secret" else TYPES.get(schema.get("format", ""), "text")
        return {"type": kinds, **found}
    if kind == "long":
        found.pop("pattern", None)
    if schema.get("const") is True:
        found["required"] = ""
    return found
