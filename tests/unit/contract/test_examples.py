"""Examples are valid, the same every time, and left out where no valid one is known."""

from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator

from portico.generate.openapi.examples import Examples
from portico.generate.openapi.schemas import Schemas

THING = {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Thing"}}, "required": ["next"]}


def beside(schema: Any) -> Any:
    """What stands beside the schema."""
    return Examples(Schemas({}, {"Thing": THING})).beside(schema)


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string"},
        {"type": "string", "minLength": 12},
        {"type": "string", "maxLength": 1},
        {"type": "string", "pattern": "^[a-z][a-z0-9-]{0,62}$"},
        {"type": "string", "format": "email"},
        {"type": "string", "format": "date-time"},
        {"type": "integer", "minimum": 7},
        {"type": "integer", "exclusiveMinimum": 7, "multipleOf": 5},
        {"type": "number", "maximum": -2.5},
        {"type": "number", "exclusiveMaximum": 0},
        {"type": "boolean"},
        {"type": ["integer", "null"]},
        {"type": "null"},
        {"anyOf": [{"type": "null"}, {"type": "integer"}]},
        {"allOf": [{"type": "integer"}]},
        {"const": 4},
        {"enum": ["b", "a"]},
        {"type": "string", "default": "d"},
        {"type": "array", "items": {"type": "integer"}, "minItems": 3},
        {"type": "array", "items": {"type": "integer"}, "maxItems": 0},
        {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}]},
        {"type": "object", "additionalProperties": {"type": "integer"}},
        {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]},
        {},
    ],
)
def test_an_example_is_valid(schema: Any) -> None:
    """Whatever the schema demands."""
    example = beside(schema)["example"]

    assert list(OAS31Validator(schema).iter_errors(example)) == []
    assert beside(schema)["example"] == example


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "pattern": "^[0-9]{4}-[A-Z]{7}$"},
        {"$ref": "#/components/schemas/Thing"},
        {"type": "array", "items": {"type": "integer"}, "minItems": 2, "uniqueItems": True},
    ],
)
def test_no_example_is_better_than_a_wrong_one(schema: Any) -> None:
    """Patterns of their own kind, and things that hold themselves without end, have none."""
    assert beside(schema) == {}
