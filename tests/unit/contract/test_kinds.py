"""What Pydantic knows, the contract tells: each kind of member, with an example that a validator takes."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from ipaddress import IPv4Address, IPv6Address
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from openapi_schema_validator import OAS31Validator, oas31_format_checker
from pydantic import AnyUrl, AwareDatetime, BaseModel, EmailStr, Field, SecretStr, TypeAdapter

from portico.generate.openapi.examples import Examples
from portico.generate.openapi.schemas import REF, Plain, Schemas


class Color(Enum):
    """A color."""

    RED = "red"
    BLUE = "blue"


class Inner(BaseModel):
    """Something within."""

    color: Color = Color.RED


class Cat(BaseModel):
    """A cat."""

    kind: Literal["cat"]
    lives: int


class Dog(BaseModel):
    """A dog."""

    kind: Literal["dog"]


KINDS: list[Any] = [
    int,
    float,
    bool,
    str,
    None,
    Any,
    bytes,
    date,
    datetime,
    timedelta,
    AwareDatetime,
    Decimal,
    UUID,
    EmailStr,
    AnyUrl,
    SecretStr,
    IPv4Address,
    IPv6Address,
    Color,
    Inner,
    Literal["a", "b"],
    list[int],
    list[Inner],
    set[int],
    frozenset[str],
    tuple[int, str],
    tuple[int, ...],
    dict[str, int],
    int | None,
    int | str,
    Inner | None,
    Annotated[Cat | Dog, Field(discriminator="kind")],
    Annotated[int, Field(gt=3, lt=5)],
    Annotated[int, Field(multiple_of=7, ge=1)],
    Annotated[float, Field(ge=0.5, le=0.75)],
    Annotated[str, Field(min_length=30)],
    Annotated[str, Field(max_length=2)],
    Annotated[str, Field(pattern="^#[0-9a-f]{6}$")],
    Annotated[str, Field(examples=["given"])],
    Annotated[list[int], Field(min_length=3, max_length=3)],
    Annotated[Decimal, Field(ge=1, decimal_places=2)],
]


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize("mode", ["validation", "serialization"])
def test_an_example_of_each_kind_is_valid(kind: Any, mode: Any) -> None:
    """Its formats too, in what is taken and in what is told."""
    schema = TypeAdapter(kind).json_schema(mode=mode, ref_template=REF + "{model}", schema_generator=Plain)
    definitions = schema.pop("$defs", {})

    example = Examples(Schemas({}, definitions)).beside(schema)["example"]

    whole = {**schema, "components": {"schemas": definitions}}
    validator = OAS31Validator(whole, format_checker=oas31_format_checker)
    assert [error.message for error in validator.iter_errors(example)] == []


def test_an_example_of_the_author_s_own_comes_first() -> None:
    """They know better."""
    schema = TypeAdapter(Annotated[str, Field(examples=["Ada", "Max"])]).json_schema(schema_generator=Plain)

    assert Examples(Schemas({}, {})).beside(schema) == {"example": "Ada"}


@pytest.mark.parametrize(
    ("member", "example"), [("timezone", "Europe/Vienna"), ("name", "Ada Lovelace"), ("odd", "text")]
)
def test_a_member_s_name_is_a_hint(member: str, example: str) -> None:
    """So that examples read like something."""
    schema = {"type": "object", "properties": {member: {"type": "string"}}, "required": [member]}

    assert Examples(Schemas({}, {})).beside(schema) == {"example": {member: example}}


def test_a_hint_that_does_not_fit_is_not_taken() -> None:
    """The schema decides."""
    schema: Any = {"type": "object", "properties": {"name": {"type": "string", "maxLength": 3}}, "required": ["name"]}

    assert Examples(Schemas({}, {})).beside(schema) == {"example": {"name": "Ada"}}
