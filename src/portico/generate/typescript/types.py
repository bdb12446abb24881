"""JSON Schemas as TypeScript types."""

import json
from collections.abc import Iterator

from portico.generate.openapi.schemas import REF, Schema
from portico.generate.typescript.names import member_name, model_name, quoted

PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}
TEXTS = {"date-time": "An instant (RFC 3339).", "date": "A day, YYYY-MM-DD.", "uuid": "A UUID."}
"""Formats worth a word beside a member that has none of its own: they are all texts."""


def type_of(schema: Schema, indent: str = "") -> str:
    """The type of values that the schema allows; what it does not say is unknown."""
    if "$ref" in schema:
        return model_name(schema["$ref"].removeprefix(REF))
    if "const" in schema:
        return literal(schema["const"])
    if "enum" in schema:
        return " | ".join(literal(value) for value in schema["enum"])
    for several, sign in (("anyOf", " | "), ("oneOf", " | "), ("allOf", " & ")):
        if several in schema:
            return sign.join(dict.fromkeys(type_of(each, indent) for each in schema[several]))
    kind = schema.get("type")
    if isinstance(kind, list):
        return " | ".join(type_of({**schema, "type": each}, indent) for each in kind)
    if kind == "array":
        return _array(schema, indent)
    return _object(schema, indent) if kind == "object" else PLAIN.get(kind or "", "unknown")


def members_of(schema: Schema, indent: str = "") -> Iterator[str]:
    """The lines of an object's members, each with what is said of it."""
    required = schema.get("required", ())
    for name, member in schema.get("properties", {}).items():
        yield from member_lines(name, member, required=name in required, indent=indent)


def member_lines(name: str, schema: Schema, *, required: bool, indent: str = "") -> Iterator[str]:
    """One member."""
    yield from comment(said_of(schema), f"{indent}  ")
    yield f"{indent}  {member_name(name)}{'' if required else '?'}: {type_of(schema, f'{indent}  ')};"


def said_of(schema: Schema) -> str:
    """What a schema says for people, else what its text is, and what stands where nothing is sent."""
    kinds = (schema, *schema.get("anyOf", ()))
    said = schema.get("description") or next((TEXTS[f] for each in kinds if (f := each.get("format")) in TEXTS), "")
    usual = schema.get("default")
    return " ".join(part for part in (said, "" if usual is None else f"{literal(usual)} unless said.") if part)


def comment(text: str, indent: str = "") -> Iterator[str]:
    """A doc comment of one or more lines, or none."""
    lines = text.replace("*/", "* /").strip().splitlines()
    if len(lines) == 1:
        yield f"{indent}/** {lines[0].strip()} */"
    elif lines:
        yield f"{indent}/**"
        yield from (f"{indent} * {line.strip()}".rstrip() for line in lines)
        yield f"{indent} */"


def literal(value: object) -> str:
    """A value as TypeScript writes it."""
    return quoted(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _array(schema: Schema, indent: str) -> str:
    if "prefixItems" in schema:
        return f"[{', '.join(type_of(each, indent) for each in schema['prefixItems'])}]"
    item = type_of(schema.get("items", {}), indent)
    return f"({item})[]" if " " in item and not item.startswith("{") else f"{item}[]"


def _object(schema: Schema, indent: str) -> str:
    others = schema.get("additionalProperties")
    if not schema.get("properties"):
        value = type_of(others, indent) if isinstance(others, dict) else "unknown"
        return f"Record<string, {value}>"
    return "\n".join(["{", *members_of(schema, indent), f"{indent}}}"])
