"""Refusals as schemas: one for each code, whichever classes of it there are."""

from dataclasses import fields
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator
from pydantic_core import from_json

from portico import Conflict, Error, FieldError, Invalid, NotFound, RateLimited, Unauthorized
from portico.core.principal import Request
from portico.errors import TABLE
from portico.errors.catalogs import Catalogs
from portico.generate.openapi.problems import Problems, name_of
from portico.transports.problems import problem


class Full(Conflict, code="TEST_FULL"):
    """This is full."""

    seats: int


class FullForGood(Full):
    """This is full for good."""

    since: str = "ever"


class Odd(Error, code="TEST_ODD", status=418):
    """This is a teapot."""


CATALOGS = Catalogs([])
REQUEST = Request(id="r1")


def told(*kinds: type[Error]) -> tuple[dict[int, Any], Any, Any]:
    """The answers by status, the schemas, the examples."""
    problems = Problems()
    answers = dict(problems.answers(kinds))
    return answers, problems.schemas(), problems.examples()


def wrong(error: Error) -> list[str]:
    """What of a refusal, as it is sent, is not as its schema says."""
    _, schemas, _ = told(type(error))
    schema = {"$ref": f"#/components/schemas/{name_of(error.code)}", "components": {"schemas": schemas}}
    return [found.message for found in OAS31Validator(schema).iter_errors(from_json(problem(error, REQUEST, CATALOGS)))]


def made(kind: Any, needed: dict[str, Any]) -> Error:
    """The error with the data that it needs."""
    error: Error = kind(**needed)
    return error


@pytest.mark.parametrize(
    "error",
    [
        NotFound(),
        Unauthorized(),
        Odd(),
        RateLimited(retry_after=2.5),
        Invalid(errors={"a.b": [FieldError("VAL_REQUIRED_FIELD")]}),
        Conflict(at="name"),
        Full(seats=3),
        FullForGood(seats=3, since="then"),
    ],
)
def test_what_is_sent_is_as_told(error: Error) -> None:
    """With findings or data, or without."""
    assert wrong(error) == []


@pytest.mark.parametrize("code", sorted(c for c, kind in TABLE.items() if kind.__module__.startswith("portico.")))
def test_every_refusal_of_the_framework_is_as_told(code: str) -> None:
    """However it is made."""
    kind = TABLE[code]
    needed = {f.name: "1" if "str" in str(f.type) else 1 for f in fields(kind) if f.default is f.default_factory}

    assert wrong(made(kind, needed)) == []


def test_one_status_tells_its_codes_apart() -> None:
    """By reference to each; one alone needs no choice."""
    answers, _, _ = told(NotFound, Conflict, Full)

    assert answers[404]["content"]["application/problem+json"]["schema"] == {
        "$ref": "#/components/schemas/NotFoundProblem"
    }
    assert answers[409]["content"]["application/problem+json"]["schema"] == {
        "oneOf": [{"$ref": "#/components/schemas/ConflictProblem"}, {"$ref": "#/components/schemas/TestFullProblem"}]
    }
    assert (answers[404]["description"], answers[409]["description"]) == ("Not Found", "Conflict")


def test_classes_of_one_code_share_a_schema() -> None:
    """What all of them tell is required, what only some tell is not."""
    answers, schemas, examples = told(Full, FullForGood)
    data = schemas["TestFullProblem"]["properties"]["data"]

    assert len(answers[409]["content"]["application/problem+json"]["examples"]) == 1
    assert (set(data["properties"]), data["required"]) == ({"seats", "since"}, ["seats"])
    assert examples["TEST_FULL"]["value"]["data"] == {"seats": 1, "since": "text"}


def test_an_example_is_a_refusal_as_it_would_come() -> None:
    """With the error's own words."""
    _, _, examples = told(Full)

    assert {
        name: examples["TEST_FULL"]["value"][name] for name in ("type", "title", "status", "detail", "retryable")
    } == {
        "type": "urn:portico:error:TEST_FULL",
        "title": "Conflict",
        "status": 409,
        "detail": "This is full.",
        "retryable": True,
    }


def test_where_nothing_refuses_nothing_is_told() -> None:
    """No schema of a finding, either."""
    assert told() == ({}, {}, {})
