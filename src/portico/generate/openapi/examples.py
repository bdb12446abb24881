"""Examples: the same ones every time, each valid against its schema, none where no valid one is known."""

import re
from collections.abc import Iterator

from portico.generate.openapi.schemas import NULL, Schema, Schemas

FORMATS = {
    "date": "2026-05-17",
    "date-time": "2026-05-17T14:30:00Z",
    "duration": "PT30M",
    "email": "ada@example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "time": "14:30:00Z",
    "uri": "https://example.com/",
    "uuid": "01970a3e-5c00-7a31-8f00-4b3c2d1e0f00",
}
HINTS = {
    "currency": "EUR",
    "email": "ada@example.com",
    "first_name": "Ada",
    "last_name": "Lovelace",
    "locale": "en",
    "name": "Ada Lovelace",
    "password": "Correct-Horse-7",
    "phone": "+43 1 234567",
    "timezone": "Europe/Vienna",
}
WORDS = (
    "text",
    "front-desk",
    "Front desk",
    "EUR",
    "en",
    "a",
    "A1",
    "123456",
    "1",
    "#aabbcc",
    "https://example.com/",
    "a:b",
)
"""Tried in turn where a pattern wants something of its own."""
DEEPEST = 12


class NoExample(Exception):  # says what it says
    """No valid example is known."""


class Examples:
    """Examples of one document's schemas."""

    def __init__(self, schemas: Schemas) -> None:
        """Those of named schemas are made once."""
        self._schemas = schemas
        self._made: dict[str, object] = {}

    def beside(self, schema: Schema) -> Schema:
        """`{"example": …}`, or nothing where no valid one is known."""
        try:
            return {"example": self.of(schema)}
        except NoExample:
            return {}

    def of(self, schema: Schema, *, name: str = "", depth: int = 0) -> object:
        """An example; raises NoExample."""
        if depth > DEEPEST:
            raise NoExample
        if "$ref" in schema:
            return self._named(schema, depth)
        for given in ("const", "example"):
            if given in schema:
                return schema[given]
        for several in ("enum", "examples"):
            if schema.get(several):
                return schema[several][0]
        if schema.get("default") is not None:
            return schema["default"]
        return self._made_up(schema, name, depth=depth)

    def _named(self, schema: Schema, depth: int) -> object:
        reference = schema["$ref"]
        if reference not in self._made:
            self._made[reference] = self.of(self._schemas.resolved(schema), depth=depth + 1)
        return self._made[reference]

    def _made_up(self, schema: Schema, name: str, *, depth: int) -> object:
        for several in ("anyOf", "oneOf"):
            if several in schema:
                kinds = [kind for kind in schema[several] if kind != NULL]
                return self.of(kinds[0], name=name, depth=depth + 1) if kinds else None
        if "allOf" in schema:
            return self.of(schema["allOf"][0], name=name, depth=depth + 1)
        kind = schema.get("type")
        if isinstance(kind, list):
            return self.of({**schema, "type": kind[0]}, name=name, depth=depth + 1)
        if kind == "object":
            return self._object(schema, depth)
        if kind == "array":
            return self._array(schema, name, depth=depth)
        return scalar(schema, kind, name=name)

    def _object(self, schema: Schema, depth: int) -> object:
        made: dict[str, object] = {}
        for name, member in schema.get("properties", {}).items():
            if name in schema.get("required", ()) or not _may_be_null(member):
                made[name] = (
                    None
                    if depth > DEEPEST - 4 and _may_be_null(member)
                    else self.of(member, name=name, depth=depth + 1)
                )
        return made

    def _array(self, schema: Schema, name: str, *, depth: int) -> object:
        if "prefixItems" in schema:
            return [self.of(item, depth=depth + 1) for item in schema["prefixItems"]]
        item = self.of(schema.get("items", {}), name=name.removesuffix("s"), depth=depth + 1)
        least = schema.get("minItems", 1)
        if least > 1 and schema.get("uniqueItems"):
            raise NoExample
        return [item] * max(1, least) if schema.get("maxItems", 1) else []


def scalar(schema: Schema, kind: object, *, name: str) -> object:
    """An example of a schema without parts; raises NoExample."""
    if kind == "string":
        return next(_strings(schema, name), None) or _none()
    if kind in {"integer", "number"}:
        return number(schema, whole=kind == "integer")
    return {"boolean": True, "null": None}.get(str(kind), {} if kind is None else "text")


def number(schema: Schema, *, whole: bool) -> float:
    """The least number, or 1 where that is in the bounds."""
    step = schema.get("multipleOf", 1 if whole else 0.5)
    least = schema.get("minimum", schema["exclusiveMinimum"] + step if "exclusiveMinimum" in schema else None)
    most = schema.get("maximum", schema["exclusiveMaximum"] - step if "exclusiveMaximum" in schema else None)
    wished = max(1, least) if least is not None else 1
    wished = min(wished, most) if most is not None else wished
    if "multipleOf" in schema:
        wished = -(-wished // step) * step
    return int(wished) if whole else float(wished)


def _strings(schema: Schema, name: str) -> Iterator[str]:
    """Valid strings, the aptest first."""
    shortest, longest = schema.get("minLength", 0), schema.get("maxLength", 10_000)
    apt = FORMATS.get(schema.get("format", ""))
    pattern = re.compile(schema.get("pattern", ""))
    for word in [apt] if apt else [*([HINTS[name]] if name in HINTS else []), *WORDS]:
        filled = word if apt else word.ljust(shortest, word[-1])[:longest].strip() or word[:longest]
        if shortest <= len(filled) <= longest and pattern.search(filled):
            yield filled


def _none() -> str:
    raise NoExample


def _may_be_null(schema: Schema) -> bool:
    return NULL in schema.get("anyOf", ())
