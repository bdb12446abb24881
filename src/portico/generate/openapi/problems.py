"""Refusals as schemas: one for each code, and one answer for each status."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from functools import lru_cache
from http import HTTPStatus
from itertools import groupby
from typing import get_type_hints

from pydantic import TypeAdapter

from portico.errors import TABLE, Error, Invalid, RateLimited
from portico.errors.shape import QUOTA, SHAPED
from portico.generate.openapi.examples import Examples
from portico.generate.openapi.schemas import REF, Plain, Schema, Schemas

TYPE = "application/problem+json"
FINDING = "FieldProblem"
FINDINGS: Schema = {
    "type": "object",
    "description": "Findings by the dotted path of the input member.",
    "additionalProperties": {"type": "array", "items": {"$ref": REF + FINDING}},
}
FINDING_SCHEMA: Schema = {
    "type": "object",
    "description": "One reason why an input member was refused.",
    "properties": {
        "code": {"type": "string", "description": "Stable, such as VAL_REQUIRED_FIELD."},
        "message": {"type": "string", "description": "For people, in their language."},
    },
    "required": ["code", "message"],
}
SHAPE: Schema = {
    "type": {"type": "string", "format": "uri", "description": "Names the kind of problem (RFC 9457)."},
    "title": {"type": "string"},
    "status": {"type": "integer"},
    "detail": {"type": "string", "description": "For people, in their language."},
    "code": {"type": "string"},
    "errors": FINDINGS,
    "retryable": {"type": "boolean", "description": "Whether another try, or a corrected request, makes sense."},
    "retry_after": {"type": ["integer", "null"], "description": "Seconds until then."},
    "request_id": {"type": "string"},
}
VIOLATED: Schema = {
    "violated-policies": {"type": "array", "items": {"type": "string"}, "description": "The limits that were reached."}
}
NOT_CONTENT = {413: "Content Too Large", 422: "Unprocessable Content"}
"""Reasons by their present names (RFC 9110)."""
SAMPLE_ID = "5f2b8c1e9a7d4e3fb0c6d1a2"


class Problems:
    """The refusals that one document tells of."""

    def __init__(self) -> None:
        """None yet."""
        self._kinds: dict[str, list[type[Error]]] = {}

    def answers(self, errors: Sequence[type[Error]]) -> Iterable[tuple[int, Schema]]:
        """By status, what refusals look like: `oneOf` the codes, where there are several."""
        for status, kinds in groupby(errors, key=lambda error: error.status):
            codes = list(dict.fromkeys(self._told(kind) for kind in kinds))
            refs = [{"$ref": REF + name_of(code)} for code in codes]
            content = {
                "schema": {"oneOf": refs} if len(refs) > 1 else refs[0],
                "examples": {code: {"$ref": f"#/components/examples/{code}"} for code in codes},
            }
            yield status, {"description": reason(status), "content": {TYPE: content}}

    def _told(self, kind: type[Error]) -> str:
        name = kind.code if kind.status == TABLE[kind.code].status else f"{kind.code}_{kind.status}"
        known = self._kinds.setdefault(name, [])
        if kind not in known:
            known.append(kind)
        return name

    def schemas(self) -> Schema:
        """The components that answers refer to."""
        found = {name_of(code): _schema(self._kinds[code]) for code in sorted(self._kinds)}
        return {**found, FINDING: FINDING_SCHEMA} if found else {}

    def examples(self) -> Schema:
        """One example of each code."""
        return {code: {"value": _example(self._kinds[code])} for code in sorted(self._kinds)}


@lru_cache(maxsize=4096)
def name_of(code: str) -> str:
    """What the schema of a code is called: `BizSlotTakenProblem`."""
    return "".join(word.capitalize() for word in code.split("_")) + "Problem"


def reason(status: int) -> str:
    """What a status is called."""
    return NOT_CONTENT.get(status) or HTTPStatus(status).phrase


def _schema(kinds: list[type[Error]]) -> Schema:
    kind, data = _widest(kinds), _data(kinds)
    fixed: Schema = {
        "type": {"const": _type(kind)},
        "status": {"const": kind.status},
        "code": {"const": kind.code},
        **(VIOLATED if issubclass(kind, RateLimited) else {}),
    }
    return {
        "type": "object",
        "description": _message(kind),
        "properties": {**SHAPE, **fixed, **({"data": data} if data else {})},
        "required": [*SHAPE, *(["data"] if data and data.get("required") else [])],
    }


def _widest(kinds: list[type[Error]]) -> type[Error]:
    """The class that stands for a code: the least derived of those in use."""
    return min(kinds, key=lambda kind: (len(kind.__mro__), kind.__qualname__))


def _data(kinds: list[type[Error]]) -> Schema:
    """What the errors of a code tell besides; what only some tell may be missing."""
    told = [_members(kind) for kind in kinds]
    properties = {name: schema for members in told for name, schema in members.items()}
    if not properties:
        return {}
    everywhere = sorted(set.intersection(*(set(members) for members in told)))
    return {"type": "object", "properties": properties, **({"required": everywhere} if everywhere else {})}


def _members(kind: type[Error]) -> Schema:
    names = [field.name for field in fields(kind) if field.name not in SHAPED]
    hints = get_type_hints(kind) if names else {}
    return {name: TypeAdapter(hints[name]).json_schema(mode="serialization", schema_generator=Plain) for name in names}


def _example(kinds: list[type[Error]]) -> Schema:
    kind, data = _widest(kinds), _data(kinds)
    found: Schema = {}
    if issubclass(kind, Invalid):
        found = {"name": [{"code": "VAL_REQUIRED_FIELD", "message": "This field is required."}]}
    told = Examples(Schemas({}, {})).beside(data).get("example") if data else None
    return {
        "type": _type(kind),
        "title": reason(kind.status),
        "status": kind.status,
        "detail": _message(kind),
        "code": kind.code,
        "errors": found,
        "retryable": kind.retryable,
        "retry_after": 30 if issubclass(kind, RateLimited) else None,
        "request_id": SAMPLE_ID,
        **({"data": told} if told is not None else {}),
    }


def _type(kind: type[Error]) -> str:
    return QUOTA if issubclass(kind, RateLimited) else f"urn:portico:error:{kind.code}"


def _message(kind: type[Error]) -> str:
    return (kind.__doc__ or kind.code).strip().splitlines()[0]
