"""Lists as connections (Relay's Cursor Connections Specification)."""

from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLBoolean,
    GraphQLField,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLString,
)

PAGE_INFO = GraphQLObjectType(
    "PageInfo",
    {
        "hasNextPage": GraphQLField(GraphQLNonNull(GraphQLBoolean)),
        "hasPreviousPage": GraphQLField(GraphQLNonNull(GraphQLBoolean)),
        "startCursor": GraphQLField(GraphQLString),
        "endCursor": GraphQLField(GraphQLString),
    },
    description="Where a page of a list stands in it.",
)
FORWARD = {
    "first": GraphQLArgument(GraphQLInt, description="How many are wanted: 20 unless it says, 100 at most."),
    "after": GraphQLArgument(GraphQLString, description="The cursor that they come after."),
}
BACKWARD = {
    "last": GraphQLArgument(GraphQLInt, description="How many before `before`, or of the end: 100 at most."),
    "before": GraphQLArgument(GraphQLString, description="The cursor that they come before."),
}


def connection_of(row: Any, named: str) -> GraphQLObjectType:
    """The connection of a list of such rows."""
    edge = GraphQLObjectType(
        f"{named}Edge",
        {
            "cursor": GraphQLField(GraphQLNonNull(GraphQLString)),
            "node": GraphQLField(GraphQLNonNull(row)),
        },
        description="One of a list, and where it stands.",
    )
    fields: dict[str, GraphQLField] = {
        "edges": GraphQLField(_all_of(edge)),
        "nodes": GraphQLField(_all_of(row), description="The same, without their cursors."),
        "pageInfo": GraphQLField(GraphQLNonNull(PAGE_INFO)),
        "totalCount": GraphQLField(GraphQLInt, description="How many there are, where the list is counted."),
    }
    return GraphQLObjectType(f"{named}Connection", fields, description="A page of a list.")


def _all_of(kind: Any) -> Any:
    return GraphQLNonNull(GraphQLList(GraphQLNonNull(kind)))
