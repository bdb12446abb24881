"""Scalars: GraphQL's own, and those that Portico adds; what they hold is checked by the action, not here."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from graphql import (
    GraphQLBoolean,
    GraphQLError,
    GraphQLFloat,
    GraphQLInt,
    GraphQLScalarType,
    GraphQLString,
    ValueNode,
    value_from_ast_untyped,
)
from pydantic import TypeAdapter
from pydantic.errors import PydanticInvalidForJsonSchema, PydanticUserError

LARGEST_INT = 2**31 - 1


def _written(*kinds: type) -> Callable[[Any], Any]:
    """Takes what JSON spells so, and leaves it to the action whether it is right."""

    def take(value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, kinds):
            raise GraphQLError("It is written as " + " or ".join("a string" if k is str else "a number" for k in kinds))
        return value

    return take


def _scalar(name: str, description: str, take: Callable[[Any], Any]) -> GraphQLScalarType:
    def take_literal(node: ValueNode, variables: dict[str, Any] | None = None) -> Any:
        return take(value_from_ast_untyped(node, variables))

    return GraphQLScalarType(
        name, description=description, serialize=_as_it_is, parse_value=take, parse_literal=take_literal
    )


def _as_it_is(value: Any) -> Any:
    return value


DATETIME = _scalar("DateTime", "A moment, such as 2030-05-17T14:30:00Z (RFC 3339).", _written(str))
DATE = _scalar("Date", "A day, such as 2030-05-17.", _written(str))
TIME = _scalar("Time", "A time of day, such as 14:30:00.", _written(str))
DURATION = _scalar("Duration", "A length of time, such as PT1H30M (ISO 8601).", _written(str, int, float))
ID = _scalar("UUID", "An id, such as 0197d3a4-5b1c-7e55-8f7e-0a4d0c4f7a10 (RFC 9562).", _written(str))
DECIMAL = _scalar("Decimal", "An exact number, as a string.", _written(str, int, float))
LONG = _scalar("Long", "A whole number that 32 bits may not hold.", _written(int))
JSON = _scalar("JSON", "Any JSON.", _as_it_is)
KNOWN: dict[object, GraphQLScalarType] = {
    str: GraphQLString,
    bool: GraphQLBoolean,
    int: GraphQLInt,
    float: GraphQLFloat,
    UUID: ID,
    datetime: DATETIME,
    date: DATE,
    time: TIME,
    timedelta: DURATION,
    Decimal: DECIMAL,
}
FORMATS = {"date-time": DATETIME, "date": DATE, "time": TIME, "duration": DURATION, "uuid": ID}
TYPES = {"string": GraphQLString, "integer": GraphQLInt, "number": GraphQLFloat, "boolean": GraphQLBoolean}


@cache
def scalar_of(hint: Any) -> GraphQLScalarType:
    """The scalar that holds the type; JSON where its JSON is of no one kind."""
    if hint in KNOWN:
        return KNOWN[hint]
    try:
        schema = TypeAdapter(hint).json_schema(mode="serialization")
    except (PydanticUserError, PydanticInvalidForJsonSchema):
        return JSON
    return FORMATS.get(schema.get("format", "")) or TYPES.get(schema.get("type", ""), JSON)
