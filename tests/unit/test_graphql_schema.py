"""The schema of one of everything, word for word: whoever changes it sees what clients will see."""

from collections.abc import AsyncIterator, Mapping, Sequence

import pytest
from graphql import print_schema, print_type
from pydantic import BaseModel

from portico import App, Batch, Keyset, Misconfigured, Module, Public, PublicContext, RateLimit, Slice
from portico.app.graphql import graphql_schema
from portico.generate.graphql.naming import camel, is_name, pascal
from tests.unit.catalog import Maker, catalog, get_maker

SCHEMA = graphql_schema(App("sample", modules=[catalog]))
TYPES = {
    "CatalogCreateInput": r"""
input CatalogCreateInput {
  name: String!
  size: Size
  secret: String!
  parts: [PartInput!]!
  price: Decimal
  weight: Float
}
""",
    "CatalogDeleteInput": r"""
input CatalogDeleteInput {
  id: UUID!
}
""",
    "Date": r'''
"""A day, such as 2030-05-17."""
scalar Date
''',
    "DateTime": r'''
"""A moment, such as 2030-05-17T14:30:00Z (RFC 3339)."""
scalar DateTime
''',
    "Decimal": r'''
"""An exact number, as a string."""
scalar Decimal
''',
    "Done": r'''
"""What gives nothing else back."""
type Done {
  success: Boolean!
}
''',
    "Duration": r'''
"""A length of time, such as PT1H30M (ISO 8601)."""
scalar Duration
''',
    "JSON": r'''
"""Any JSON."""
scalar JSON
''',
    "Long": r'''
"""A whole number that 32 bits may not hold."""
scalar Long
''',
    "Maker": r'''
"""Who made it."""
type Maker {
  kind: MakerKind!
  name: String!

  """All that they make."""
  things: [Thing!]
}
''',
    "MakerConnection": r'''
"""A page of a list."""
type MakerConnection {
  edges: [MakerEdge!]!

  """The same, without their cursors."""
  nodes: [Maker!]!
  pageInfo: PageInfo!

  """How many there are, where the list is counted."""
  totalCount: Int
}
''',
    "MakerEdge": r'''
"""One of a list, and where it stands."""
type MakerEdge {
  cursor: String!
  node: Maker!
}
''',
    "MakerKind": r"""
enum MakerKind {
  maker
}
""",
    "Mutation": r'''
type Mutation {
  """Make one."""
  catalogCreate(
    input: CatalogCreateInput!

    """
    A repeated mutation with the same key is done once, and answered as the first time.
    """
    idempotencyKey: String
  ): Thing

  """Throw it away."""
  catalogDelete(input: CatalogDeleteInput!): Done

  """Throw all away."""
  catalogClear: [UUID!]
}
''',
    "PageInfo": r'''
"""Where a page of a list stands in it."""
type PageInfo {
  hasNextPage: Boolean!
  hasPreviousPage: Boolean!
  startCursor: String
  endCursor: String
}
''',
    "PartInput": r'''
"""A part to be."""
input PartInput {
  name: String!
  amount: Int
}
''',
    "Query": r'''
type Query {
  """List the things."""
  catalog(
    state: SearchState
    since: DateTime
    tags: [String!]

    """How many are wanted: 20 unless it says, 100 at most."""
    first: Int

    """The cursor that they come after."""
    after: String

    """How many before `before`, or of the end: 100 at most."""
    last: Int

    """The cursor that they come before."""
    before: String
  ): ThingConnection

  """List who makes them."""
  catalogFindMakers(
    q: String

    """How many are wanted: 20 unless it says, 100 at most."""
    first: Int

    """The cursor that they come after."""
    after: String

    """How many before `before`, or of the end: 100 at most."""
    last: Int

    """The cursor that they come before."""
    before: String
  ): MakerConnection

  """Read one."""
  catalogGet(id: UUID!, lang: String): Thing

  """Count them."""
  catalogCount: Int

  """Read one maker."""
  catalogGetMaker(id: UUID!): Maker
}
''',
    "SearchState": r"""
enum SearchState {
  new
  used
}
""",
    "Shop": r'''
"""Who sells it."""
type Shop {
  kind: ShopKind!
  city: String!
}
''',
    "ShopKind": r"""
enum ShopKind {
  shop
}
""",
    "Size": r'''
"""How large."""
enum Size {
  small
  large
}
''',
    "Thing": r'''
"""One of everything."""
type Thing {
  id: UUID!

  """As people say it."""
  name: String!
  old_name: String! @deprecated(reason: "Read name.")
  size: Size!
  state: ThingState!
  clock: String!
  grade: Int!
  count: Int!
  total: Long!
  weight: Float!
  price: Decimal!
  sold: Boolean!
  made_at: DateTime!
  seen_at: DateTime
  day: Date!
  at: Time!
  lasts: Duration!
  contact: String
  tags: [String!]!
  scores: [Int]
  extra: JSON!
  anything: JSON
  nothing: JSON
  either: JSON!
  party: ThingParty!
  parts: [Thing!]!
  odd: JSON
  maker_id: UUID

  """Both names."""
  label: String!

  """Who has made it."""
  maker: Maker
}
''',
    "ThingConnection": r'''
"""A page of a list."""
type ThingConnection {
  edges: [ThingEdge!]!

  """The same, without their cursors."""
  nodes: [Thing!]!
  pageInfo: PageInfo!

  """How many there are, where the list is counted."""
  totalCount: Int
}
''',
    "ThingEdge": r'''
"""One of a list, and where it stands."""
type ThingEdge {
  cursor: String!
  node: Thing!
}
''',
    "ThingParty": r"""
union ThingParty = Maker | Shop
""",
    "ThingState": r"""
enum ThingState {
  new
  used
}
""",
    "Time": r'''
"""A time of day, such as 14:30:00."""
scalar Time
''',
    "UUID": r'''
"""An id, such as 0197d3a4-5b1c-7e55-8f7e-0a4d0c4f7a10 (RFC 9562)."""
scalar UUID
''',
}
PLAIN = {"Boolean", "Float", "Int", "String"}


@pytest.mark.parametrize("name", TYPES)
def test_each_type_is_as_it_was(name: str) -> None:
    """Members, what may be null, enums, unions, scalars, descriptions, deprecations, connections, inputs."""
    assert print_type(SCHEMA.type_map[name]) == TYPES[name].strip("\n")


def test_there_are_no_other_types() -> None:
    """Nothing is in the schema that nobody has looked at."""
    assert {name for name in SCHEMA.type_map if not name.startswith("__")} == {*TYPES, *PLAIN}


def test_the_same_actions_give_the_same_schema() -> None:
    """The schema depends on nothing but the actions."""
    again = graphql_schema(App("again", modules=[catalog]))

    assert print_schema(again) == print_schema(SCHEMA)


def test_an_application_has_one_schema() -> None:
    """It is made once."""
    app = App("once", modules=[catalog])

    assert graphql_schema(app) is graphql_schema(app)


@pytest.mark.parametrize(
    ("words", "as_field", "as_type"),
    [
        ("users", "users", "Users"),
        ("users_v2_get", "usersV2Get", "UsersV2Get"),
        ("find_members", "findMembers", "FindMembers"),
        ("a__b_", "aB", "AB"),
    ],
)
def test_words_become_names(words: str, as_field: str, as_type: str) -> None:
    """An underscore ends a word."""
    assert (camel(words), pascal(words)) == (as_field, as_type)


@pytest.mark.parametrize(
    ("text", "named"),
    [("name", True), ("_x1", True), ("1st", False), ("a-b", False), ("__typename", False), ("", False), ("é", False)],
)
def test_not_every_word_is_a_name(text: str, *, named: bool) -> None:
    """GraphQL's names are narrower than Python's, and two underscores are its own."""
    assert is_name(text) is named


class Thing(BaseModel):
    """Called like another file's."""

    color: str


def test_models_that_are_called_alike_are_told_apart() -> None:
    """Both have the name of their file in front; neither is the other."""
    others = Module("others", Public("a sample"))

    @others.query("GET /other")
    async def get(ctx: PublicContext) -> Thing:
        """Read the other one."""
        raise NotImplementedError

    schema = graphql_schema(App("two", modules=[catalog, others]))

    names = [name for name in schema.type_map if name.endswith("Thing") and not name.startswith("New")]
    assert sorted(names) == ["GraphqlSchemaThing", "UnitCatalogThing"]


def test_two_actions_cannot_share_a_name() -> None:
    """The application does not start, and says which two."""
    others = Module("catalog_find", Public("a sample"))

    @others.query("GET /other")
    async def makers(ctx: PublicContext) -> int:
        """The field would be catalogFindMakers."""
        raise NotImplementedError

    with pytest.raises(Misconfigured, match=r"catalog_find.makers and catalog.find_makers are both catalogFindMakers"):
        graphql_schema(App("two", modules=[catalog, others]))


def test_a_member_that_a_page_needs_is_refused() -> None:
    """`first` of a list's filter would be taken for the size of its page."""
    others = Module("others", Public("a sample"))

    @others.query("GET /others")
    async def find(ctx: PublicContext, page: Keyset, first: str = "") -> Slice[Thing]:
        """List them."""
        raise NotImplementedError

    with pytest.raises(Misconfigured, match=r"others.find takes 'first', which is what a list's page is asked by"):
        graphql_schema(App("page", modules=[others]))


@pytest.mark.parametrize(
    ("name", "by", "message"),
    [
        ("maker", "made_by", "goes by made_by, which is no member; it has color"),
        ("color", "color", "is called like a member; name it otherwise"),
    ],
)
def test_a_relation_goes_by_a_member_and_is_none(name: str, by: str, message: str) -> None:
    """What is wrong with a relation is said where it is declared."""
    others = Module("others", Public("a sample"))

    @others.query("GET /other")
    async def get(ctx: PublicContext) -> Thing:
        """Read the other one."""
        raise NotImplementedError

    async def look(ctx: PublicContext, keys: Sequence[str]) -> Mapping[str, Thing]:
        """Look them up."""
        raise NotImplementedError

    with pytest.raises(Misconfigured, match=message):
        others.relation(Thing, name, by=by, like=get)(look)


def test_a_relation_needs_a_query_that_decides_by_who_calls_alone() -> None:
    """A mutation decides of nothing that is read; what is not in the application decides of nothing at all."""
    others = Module("others", Public("a sample"))

    @others.mutation("POST /other", RateLimit("5/m", by="ip"))
    async def create(ctx: PublicContext) -> Thing:
        """Make one."""
        raise NotImplementedError

    @others.relation(Thing, "twin", by="color", like=create)
    async def twins(ctx: PublicContext, keys: Sequence[str]) -> Mapping[str, Thing]:
        """Look them up."""
        raise NotImplementedError

    with pytest.raises(Misconfigured, match=r"is like others.create, which decides by more than who calls"):
        App("wrong", modules=[others])


def test_a_relation_needs_an_action_of_the_application() -> None:
    """Else nobody would have decided who sees what it gives."""
    others = Module("others", Public("a sample"))

    @others.query("GET /other")
    async def get(ctx: PublicContext) -> Thing:
        """Read the other one."""
        raise NotImplementedError

    @others.relation(Thing, "maker", by="color", like=get_maker)
    async def makers(ctx: PublicContext, keys: Sequence[str]) -> Mapping[str, Maker]:
        """Look them up."""
        raise NotImplementedError

    with pytest.raises(Misconfigured, match=r"is like catalog.get_maker, which is not in this application"):
        App("wrong", modules=[others])


def test_models_within_a_list_are_named_as_well() -> None:
    """A batch takes items of a model that no action takes by itself."""
    batches = Module("batches", Public("a sample"), RateLimit("5/m", by="ip"))

    @batches.mutation("POST /things", RateLimit("5/m", by="ip"))
    async def create(ctx: PublicContext, items: Batch[Thing]) -> int:
        """Make many."""
        raise NotImplementedError

    schema = print_schema(graphql_schema(App("sample", modules=[batches])))

    assert "items: [ThingInput!]!" in schema
    assert "input ThingInput {\n  color: String!\n}" in schema


class Subscription(BaseModel):
    """A model that is called like a root."""

    kind: str


class Gone(BaseModel):
    """One holds the same as the other."""

    kind: str


def test_a_subscription_is_a_field_of_what_its_function_yields() -> None:
    """Of several kinds a union; a model that is called like a root has its module in front, whatever else there is."""
    news = Module("news", Public("an example"))

    @news.subscription("GET /news")
    async def live(ctx: PublicContext, since: int = 0) -> AsyncIterator[Subscription | Gone]:
        """Tell what there is.

        And what is gone.
        """
        yield Gone(kind="x")

    printed = [line.rstrip() for line in print_schema(graphql_schema(App("news", modules=[news]))).splitlines()]

    assert printed[:5] == [
        "type Query {",
        '  """Null: no action of this application is a query."""',
        "  _nothing: Boolean",
        "}",
        "",
    ]
    assert printed[5:14] == [
        "type Subscription {",
        '  """',
        "  Tell what there is.",
        "",
        "  And what is gone.",
        '  """',
        "  newsLive(since: Int): NewsLive",
        "}",
        "",
    ]
    assert printed[14] == "union NewsLive = GraphqlSchemaSubscription | Gone"
