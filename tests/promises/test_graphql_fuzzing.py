"""Random documents against the Salon's schema: no failure of ours, and nothing of another business."""

from collections.abc import Iterator
from random import Random
from typing import Any
from uuid import UUID

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
)

from portico.app.graphql import graphql_schema
from salon.app import app
from tests.promises.business import Business

pytestmark = pytest.mark.anyio
SCHEMA = graphql_schema(app)
DOCUMENTS, FIELDS, DEPTH = 120, 4, 4
WORDS = [
    '""',
    '"x"',
    '"%"',
    '"\\u0000"',
    '"2031-01-06"',
    '"2031-01-06T09:00:00Z"',
    "0",
    "-1",
    "1",
    "99999999999",
    "true",
]
ODD = [*WORDS, "null", "[]", "{}", '["x"]', "1.5", "booked", "NaN"]
SEEDS = range(4)


class Writer:
    """Writes documents at random; the same ones from the same seed."""

    def __init__(self, seed: int, ids: list[str]) -> None:
        """`ids` are those that are tried where an id is wanted."""
        self.random = Random(seed)  # not for secrets
        self.ids = ids

    def document(self) -> str:
        """An operation with some root fields."""
        root = self.random.choice([SCHEMA.query_type, SCHEMA.query_type, SCHEMA.mutation_type])
        assert root is not None
        names = self.random.sample(sorted(root.fields), self.random.randint(1, FIELDS))
        fields = " ".join(f"f{n}: {self.field(name, root.fields[name], DEPTH)}" for n, name in enumerate(names))
        return f"{'query' if root is SCHEMA.query_type else 'mutation'} {{ {fields} }}"

    def field(self, name: str, field: GraphQLField, depth: int) -> str:
        """A field with arguments and a selection."""
        given = ", ".join(self.arguments(field.args))
        return f"{name}{f'({given})' if given else ''}{self.selection(get_named_type(field.type), depth)}"

    def arguments(self, takes: dict[str, Any]) -> Iterator[str]:
        """What must be given, and some of what may be."""
        for name, argument in takes.items():
            if isinstance(argument.type, GraphQLNonNull) or self.random.random() < 0.4:
                yield f"{name}: {self.value(argument.type)}"

    def value(self, kind: Any) -> str:
        """A value that mostly fits."""
        if self.random.random() < 0.03:
            return self.random.choice(ODD)
        if isinstance(kind, GraphQLNonNull):
            return self.value(kind.of_type)
        if isinstance(kind, GraphQLList):
            return f"[{', '.join(self.value(kind.of_type) for _ in range(self.random.randint(0, 3)))}]"
        if isinstance(kind, GraphQLInputObjectType):
            return f"{{{', '.join(self.arguments(kind.fields))}}}"
        if isinstance(kind, GraphQLEnumType):
            return str(self.random.choice(sorted(kind.values)))
        return self.scalar(kind.name)

    def scalar(self, name: str) -> str:
        """A value of a scalar type."""
        if name == "UUID":
            return f'"{self.random.choice(self.ids)}"'
        if name == "Int":
            return str(self.random.choice([0, 1, 2, 20, 100, -1, 2**31 - 1]))
        if name == "Boolean":
            return self.random.choice(["true", "false"])
        return self.random.choice([word for word in WORDS if word.startswith('"')])

    def selection(self, kind: Any, depth: int) -> str:
        """Some members of what a field gives."""
        if isinstance(kind, GraphQLUnionType):
            return " { __typename }"
        if not isinstance(kind, GraphQLObjectType):
            return ""
        plain = [name for name, field in kind.fields.items() if depth > 1 or not composite(field)]
        chosen = self.random.sample(plain, min(len(plain), self.random.randint(1, 6)))
        inner = " ".join(self.field(name, kind.fields[name], depth - 1) for name in chosen)
        return f" {{ __typename {inner} }}"


@pytest.mark.parametrize("seed", SEEDS)
async def test_no_document_fails_us_or_shows_what_somebody_else_has(alpha: Business, beta: Business, seed: int) -> None:
    """Whatever is asked, with one's own ids and another's: an answer, and never a word of the other business."""
    mine = [alpha.customer, alpha.service, alpha.staff, str(alpha.org.id), str(alpha.owner.id)]
    theirs = [beta.customer, beta.service, beta.staff, str(beta.org.id), str(UUID(int=seed))]
    await beta.book("theirs", beta.visit())
    writer, statuses = Writer(seed, mine + theirs), set[int]()
    for _ in range(DOCUMENTS):
        document = writer.document()

        reply = await alpha.client.post("/api/graphql", {"query": document})

        assert reply.status == 200, (document, reply.text)
        assert "Beta" not in reply.text, document
        statuses |= set(failures(reply.json))
        assert not [status for status in statuses if status >= 500], (document, reply.text)

    assert statuses >= {404, 422}, "the documents were too tame"


def composite(field: GraphQLField) -> bool:
    """Whether the field's value has members of its own."""
    return isinstance(get_named_type(field.type), GraphQLObjectType | GraphQLUnionType)


def failures(answer: dict[str, Any]) -> list[int]:
    """The statuses that the fields' errors name."""
    return [error["extensions"].get("status", 0) for error in answer.get("errors", ())]
