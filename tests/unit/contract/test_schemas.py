"""Pieces of schemas: what cannot be written where, and which defaults are worth telling."""

from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field, TypeAdapter

from portico.generate.openapi.headers import header_of, header_parameter
from portico.generate.openapi.problems import name_of, reason
from portico.generate.openapi.schemas import Plain, fits, without_null

TEXT = {"type": "string"}
NULL = {"type": "null"}


class Changes(BaseModel):
    """What to change; the defaults only stand in for what was not sent."""

    name: Annotated[str, Field(min_length=1)] = ""
    minutes: Annotated[int, Field(ge=5)] = 0
    notes: Annotated[str, Field(max_length=10)] = "none"


def test_a_default_that_nobody_could_send_is_not_told() -> None:
    """It would be a lie: absent members stay as they are."""
    found = TypeAdapter(Changes).json_schema(schema_generator=Plain)["properties"]

    assert found == {
        "name": {"type": "string", "minLength": 1},
        "minutes": {"type": "integer", "minimum": 5},
        "notes": {"type": "string", "maxLength": 10, "default": "none"},
    }


@pytest.mark.parametrize(
    ("value", "schema", "expected"),
    [
        ("abc", {"minLength": 3, "maxLength": 3}, True),
        ("ab", {"minLength": 3}, False),
        ("abcd", {"maxLength": 3}, False),
        ("abc", {"pattern": "^b"}, False),
        (5, {"minimum": 5, "maximum": 5}, True),
        (4, {"minimum": 5}, False),
        (6.5, {"maximum": 6}, False),
        (True, {"minimum": 5}, True),
        (None, {"minLength": 3}, True),
        ([], {"minItems": 3}, True),
    ],
)
def test_texts_and_numbers_are_held_to_their_bounds(value: object, schema: Any, *, expected: bool) -> None:
    """Whatever else it is, is not judged."""
    assert fits(value, schema) is expected


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (TEXT, TEXT),
        ({"anyOf": [TEXT, NULL]}, TEXT),
        ({"anyOf": [TEXT, NULL], "default": None}, TEXT),
        ({"anyOf": [TEXT, NULL], "default": "a", "description": "d"}, {**TEXT, "default": "a", "description": "d"}),
        ({"anyOf": [TEXT, {"type": "integer"}, NULL]}, {"anyOf": [TEXT, {"type": "integer"}]}),
        ({"anyOf": [TEXT, {"type": "integer"}]}, {"anyOf": [TEXT, {"type": "integer"}]}),
        ({**TEXT, "default": None}, TEXT),
    ],
)
def test_a_query_string_cannot_say_null(schema: Any, expected: Any) -> None:
    """So a parameter's schema does not have it."""
    assert without_null(schema) == expected


def test_a_header_that_nobody_knows_is_text() -> None:
    """One of a policy of somebody's own."""
    assert header_of("X-Own") == {"schema": TEXT}
    assert header_parameter("X-Own", required=True) == {
        "name": "X-Own",
        "in": "header",
        "required": True,
        "schema": TEXT,
    }


def test_a_known_header_is_told() -> None:
    """With its meaning and its bounds."""
    assert header_of("Retry-After")["schema"] == {"type": "integer", "minimum": 0}
    assert header_parameter("Idempotency-Key", required=False)["schema"]["maxLength"] == 255


@pytest.mark.parametrize(
    ("code", "name"), [("NOT_FOUND", "NotFoundProblem"), ("BIZ_SLOT_TAKEN", "BizSlotTakenProblem")]
)
def test_a_problem_is_named_after_its_code(code: str, name: str) -> None:
    """The code is what clients tell problems apart by."""
    assert name_of(code) == name


def test_statuses_have_their_present_names() -> None:
    """Of RFC 9110, whatever the library still calls them."""
    assert [reason(status) for status in (404, 413, 422)] == ["Not Found", "Content Too Large", "Unprocessable Content"]
