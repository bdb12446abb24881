"""Documents: how large they may be, what is said of wrong ones, what is kept of right ones."""

from dataclasses import replace
from hashlib import sha256

import pytest
from graphql import parse

from portico import App
from portico.app.graphql import graphql_schema
from portico.transports.graphql.bounds import Bounds, check_bounds
from portico.transports.graphql.documents import Documents, Refused, operation_of
from tests.unit.catalog import catalog

SCHEMA = graphql_schema(App("sample", modules=[catalog]))
BOUNDS = Bounds(depth=4, aliases=3, cost=500, tokens=200, size=2000)
DEEP = '{ catalogGet(id: "1") { parts { parts { parts { name } } } } }'
ALIASES = "{ a: catalogCount b: catalogCount c: catalogCount d: catalogCount }"
COSTLY = "{ catalog(first: 100) { nodes { id name sold day at } } }"
LOOP = '{ catalogGet(id: "1") { ...a } } fragment a on Thing { parts { ...a } }'
BOMB = " ".join(
    [
        '{ catalogGet(id: "1") { ...f0 } }',
        *(f"fragment f{n} on Thing {{ ...f{n + 1} ...f{n + 1} ...f{n + 1} }}" for n in range(12)),
        "fragment f12 on Thing { name }",
    ]
)


def documents(*, explore: bool = False, listed: dict[str, str] | None = None, most: int = BOUNDS.size) -> Documents:
    """What reads documents under small bounds, of at most so many characters."""
    return Documents.of(SCHEMA, replace(BOUNDS, size=most), explore=explore, listed=listed)


def codes(text: str, *, explore: bool = False) -> list[str]:
    """The codes that a document is refused with."""
    with pytest.raises(Refused) as refused:
        documents(explore=explore).read(text)
    return [str((error.extensions or {})["code"]) for error in refused.value.errors]


@pytest.mark.parametrize(
    "text",
    [
        "{ catalogCount }",
        "{ a: catalogCount b: catalogCount c: catalogCount }",
        "{ catalog(first: 50) { nodes { id name } } }",
        "{ catalog(first: 5) { edges { node { parts { name } } } } }",
        "query Q($n: Int) { catalog(first: $n) { nodes { id name } } }",
        "{ __typename }",
        '{ catalogGet(id: "1") { ... on Thing { name } ...f } } fragment f on Thing { sold }',
    ],
)
def test_what_is_within_the_bounds_is_taken(text: str) -> None:
    """Connections count for no depth, and what is asked of GraphQL itself for nothing."""
    assert documents().read(text).definitions


@pytest.mark.parametrize(
    "text",
    [
        DEEP,
        ALIASES,
        COSTLY,
        BOMB,
        "query Q($n: Int) { catalog(first: $n) { nodes { id name sold day at } } }",
        "{ catalogCount " * 3 + "#" * 2000,
        "{" + " catalogCount" * 30 + " x: catalogCount" * 4 + " }",
        '{ catalogGet(id: "1") { ... on Thing { ... on Thing { parts { parts { parts { name }}}}}}}',
    ],
)
def test_what_is_too_large_is_refused_before_anything_runs(text: str) -> None:
    """Too deep, too many aliases, too costly, too long: each has the one code."""
    assert set(codes(text)) == {"GRAPHQL_TOO_LARGE"}


def test_a_fragment_that_spreads_itself_is_refused_and_ends() -> None:
    """The measure does not go round in circles; the validation says what is wrong."""
    assert codes(LOOP) == ["GRAPHQL_VALIDATION_FAILED"]


def test_too_many_tokens_are_not_read_to_their_end() -> None:
    """The parser stops there."""
    assert codes("{" + " a" * 250 + "}") == ["GRAPHQL_PARSE_FAILED"]


@pytest.mark.parametrize(
    "text", ["{", "}", "query {", "{ catalogCount(", "nonsense", "{ a: }", '{ catalogGet(id: ") }']
)
def test_what_is_no_document_is_refused(text: str) -> None:
    """With where it ends to be one."""
    assert codes(text) == ["GRAPHQL_PARSE_FAILED"]


@pytest.mark.parametrize(
    "text",
    [
        "{ nothing }",
        "{ catalogGet { name } }",
        "{ catalogCount { name } }",
        "{ catalog }",
        "{ catalogGet(id: 5) { name } }",
        "mutation { catalogDelete(input: {}) { success } }",
        "query ($a: Nothing) { catalogCount }",
        "subscription { catalogCount }",
    ],
)
def test_what_the_schema_does_not_have_is_refused(text: str) -> None:
    """A wrong field, argument, type or selection."""
    assert set(codes(text)) == {"GRAPHQL_VALIDATION_FAILED"}


@pytest.mark.parametrize("text", ["{ __schema { types { name } } }", '{ __type(name: "Thing") { name } }'])
def test_the_schema_is_told_only_where_the_settings_say_so(text: str) -> None:
    """For development."""
    assert set(codes(text)) == {"GRAPHQL_VALIDATION_FAILED"}
    assert documents(explore=True).read(text).definitions


def test_names_are_suggested_only_where_the_schema_is_told() -> None:
    """Else one could guess it, a name at a time."""
    messages = []
    for explore in (False, True):
        with pytest.raises(Refused) as refused:
            documents(explore=explore).read("{ catalogCoun }")
        messages.append(refused.value.errors[0].message)

    assert messages == [
        "Cannot query field 'catalogCoun' on type 'Query'.",
        "Cannot query field 'catalogCoun' on type 'Query'. Did you mean 'catalogCount', 'catalog', or 'catalogGet'?",
    ]


@pytest.mark.parametrize(
    "text",
    [
        '{ catalog(first: "s3cret") { nodes { id } } }',
        '{ catalogGet(id: {s3cret: "s3cret"}) { id } }',
        'mutation { catalogCreate(input: {name: 5, secret: ["s3cret"], parts: []}) { id } }',
        "mutation { catalogCreate(input: {secret: s3cret}) { id } }",
        'mutation { catalogCreate(input: {label: "s3cret"}) { id } }',
        'mutation { catalogCreate(input: {size: "s3cret"}) { id } }',
        "mutation { catalogCreate(input: {size: s3cret}) { id } }",
        "query($state: SearchState = s3cret) { catalogCount }",
        '{ catalogCount(q: "a" "s3cret") }',
        '{ catalogCount "s3cret" }',
        '{ catalogCount """s3cret""" }',
    ],
)
@pytest.mark.parametrize("explore", [False, True])
def test_a_value_is_never_repeated(text: str, *, explore: bool) -> None:
    """It may be a secret."""
    with pytest.raises(Refused) as refused:
        documents(explore=explore).read(text)

    assert [
        error.message for error in refused.value.errors if "s3cret" in error.message and "Field" not in error.message
    ] == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{ catalog(first: %s) { nodes { id } } }", "Expected value of type 'Int'."),
        ("{ catalog(last: -%s) { nodes { id } } }", "Expected value of type 'Int'."),
        ("query($n: Int = %s) { catalog(first: $n) { nodes { id } } }", "Expected value of type 'Int'."),
        (
            "mutation { catalogCreate(input: {name: %s}) { id } }",
            "String cannot represent a non string value.",
        ),
        ("{ catalogCount %s }", "Syntax Error: Expected Name, found Int."),
        ("{ catalogCount .%s }", "Syntax Error: Invalid number, expected digit before '.'."),
    ],
)
def test_a_number_longer_than_python_reads_is_told_like_any_other(text: str, said: str) -> None:
    """Neither the number comes back, nor what the interpreter says of it."""
    with pytest.raises(Refused) as refused:
        documents(most=10_000).read(text % ("9" * 4400))

    assert said in [error.message for error in refused.value.errors]
    assert not [error for error in refused.value.errors if "999" in error.message or "4300" in error.message]


def test_a_document_is_parsed_once() -> None:
    """The same text gives the same document."""
    reader = documents()

    assert reader.read("{ catalogCount }") is reader.read("{ catalogCount }")


def test_a_list_of_documents_keeps_all_others_out() -> None:
    """By their text, or by their hash alone."""
    known, other = "{ catalogCount }", "{ catalogCount  }"
    digest = sha256(known.encode()).hexdigest()
    reader = documents(listed={digest: known})

    assert reader.text(None, digest) == known
    assert reader.text(known, digest) == known
    assert reader.read(known).definitions
    with pytest.raises(Refused, match="Only known documents"):
        reader.read(other)
    with pytest.raises(Refused, match="Only known documents"):
        reader.text(None, "0" * 64)


def test_a_hash_is_never_learned() -> None:
    """Without a list there is nothing that a hash stands for, and a wrong one is said to be wrong."""
    text = "{ catalogCount }"
    digest = sha256(text.encode()).hexdigest()
    reader = documents()

    reader.read(reader.text(text, digest))

    with pytest.raises(Refused, match="Only known documents"):
        reader.text(None, digest)
    with pytest.raises(Refused, match="another document's"):
        reader.text(text, "0" * 64)


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        ("{ catalogCount }", None, True),
        ("query A { catalogCount }", "A", True),
        ("query A { catalogCount } query B { catalogCount }", "B", True),
        ("query A { catalogCount } query B { catalogCount }", None, False),
        ("query A { catalogCount }", "C", False),
        ("fragment f on Thing { id }", None, False),
    ],
)
def test_the_operation_is_the_one_that_is_named(text: str, name: str | None, *, found: bool) -> None:
    """Or the only one."""
    if found:
        assert operation_of(parse(text), name).operation.value == "query"
    else:
        with pytest.raises(Refused):
            operation_of(parse(text), name)


def test_the_measure_counts_each_thing_of_a_list() -> None:
    """A list of 50 with three members each: 1 + 1 + 50 × 3, and the connection's own."""
    text = "{ catalog(first: 50) { totalCount nodes { id name sold } } }"
    narrow = Bounds(depth=4, aliases=0, cost=152, tokens=200, size=2000)
    wide = Bounds(depth=4, aliases=0, cost=153, tokens=200, size=2000)

    assert [error.message for error in check_bounds(SCHEMA, parse(text), narrow)] == [
        "The operation's cost is 153, and at most 152 is taken."
    ]
    assert check_bounds(SCHEMA, parse(text), wide) == []
    assert [error.message for error in check_bounds(SCHEMA, parse("{ all: catalog { totalCount } }"), narrow)] == [
        "The operation's number of aliases is 1, and at most 0 is taken."
    ]
