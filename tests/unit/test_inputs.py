"""An action's input: one flat object, whatever the wire."""

import math
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from annotated_types import Len
from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    FutureDate,
    NaiveDatetime,
    PastDate,
    SecretStr,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from portico import From, PublicContext
from portico.core.inputs import Binder, Bound, Raw
from portico.core.signature import read_signature
from portico.errors.catalogs import Catalogs

ID = "018f0000-0000-7000-8000-000000000001"


class Visit(BaseModel):
    """Some input."""

    notes: str = Field(max_length=5)
    seats: int = 1


class Strict(BaseModel):
    """Forbids what it does not know."""

    model_config = ConfigDict(extra="forbid")
    title: str


class Exact(BaseModel):
    """Strict about types, as JSON allows."""

    model_config = ConfigDict(strict=True)
    day: date
    count: int


def binder(handler: Callable[..., object], method: str = "POST", *path: str) -> Binder:
    """The binder of a handler."""
    return read_signature(handler, method, set(path)).binder


def raw(body: str | bytes = b"", **sources: Any) -> Raw:
    """What came over a wire."""
    sent = {"path": {}, "query": {}, "headers": {}, "cookies": {}, **sources}
    return Raw(**sent, body=body.encode() if isinstance(body, str) else body)


def codes(bound: Bound) -> dict[str, list[str]]:
    """Error codes by path."""
    return {path: [f.code for f in found] for path, found in (bound.errors or {}).items()}


async def book(ctx: PublicContext, *, id: UUID, data: Visit, confirm: bool = False) -> None:
    """Takes a path member, a model, and a member of its own."""


async def search(ctx: PublicContext, *, tags: list[str] | None = None, limit: int = 20, q: str = "") -> None:
    """Takes members of a query string."""


async def only_model(ctx: PublicContext, data: Visit) -> None:
    """Takes one model, which is the whole body."""


def test_a_model_gives_its_fields_and_anything_else_itself() -> None:
    """The body is one flat object; the path's members come from the path."""
    bound = binder(book, "POST", "id").bind(raw('{"notes": "ab", "seats": 2, "confirm": true}', path={"id": ID}))

    assert bound == Bound({"id": UUID(ID), "data": Visit(notes="ab", seats=2), "confirm": True})
    assert binder(book, "POST", "id").flatten(bound.arguments) == {
        "id": UUID(ID),
        "notes": "ab",
        "seats": 2,
        "confirm": True,
    }


class Weighed(BaseModel):
    """Some number."""

    weight: float
    name: str = ""


async def weigh(ctx: PublicContext, data: Weighed) -> None:
    """Takes one model, which is the whole body."""


async def weigh_one(ctx: PublicContext, *, id: UUID, data: Weighed) -> None:
    """Takes a path member beside the model."""


async def weigh_loosely(ctx: PublicContext, *, weight: float, name: str = "") -> None:
    """Takes members of its own."""


@pytest.mark.parametrize("handler", [weigh, weigh_one, weigh_loosely])
@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1E400", "1" + 400 * "0"])
def test_a_number_that_json_does_not_know_is_refused(handler: Callable[..., object], number: str) -> None:
    """Pydantic would read it, and an answer could not say it again; a text may hold the word."""
    takes = binder(handler, "POST", *(["id"] if handler is weigh_one else []))

    refused = takes.bind(raw(f'{{"weight": {number}}}', path={"id": ID}))
    taken = takes.bind(raw(f'{{"weight": 1.5, "name": "{number}"}}', path={"id": ID}))

    assert codes(refused) == {"weight": ["VAL_INVALID_FORMAT"]}
    assert (taken.errors, takes.flatten(taken.arguments)["name"]) == (None, number)


def test_such_numbers_are_told_of_wherever_they_are() -> None:
    """By their paths, in lists and in objects."""
    body = '{"weight": 1, "name": [{"a": NaN}, 2, Infinity]}'

    told = codes(binder(weigh).bind(raw(body)))
    assert told == {"name.0.a": ["VAL_INVALID_FORMAT"], "name.2": ["VAL_INVALID_FORMAT"]}
    assert codes(binder(weigh).bind(raw("NaN"))) == {"body": ["VAL_INVALID_FORMAT"]}
    assert codes(binder(weigh).bind(raw("NaN"[:2]))) == {"body": ["VAL_INVALID_JSON"]}


class Measured(BaseModel):
    """What has numbers of all kinds in it."""

    most: float = math.inf
    """A default of the author's own."""
    sizes: dict[str, list[float]] = Field(default={}, alias="size")
    rest: Any = None


async def measure(ctx: PublicContext, data: Measured, *, scale: float = math.inf) -> None:
    """Takes some from the body and one beside it."""


async def look_up(ctx: PublicContext, scale: float) -> None:
    """Takes one from the query string."""


def test_numbers_that_are_too_large_are_told_of_wherever_they_are() -> None:
    """In lists and in objects, under the names on the wire; what the author has written himself may be infinite."""
    takes = binder(measure)
    body = '{"size": {"a": [1.5, 1e999]}, "rest": [{"b": -1e999}], "scale": 1e999, "unknown": 1e999}'

    assert codes(takes.bind(raw(body))) == {
        "size.a.1": ["VAL_INVALID_FORMAT"],
        "rest.0.b": ["VAL_INVALID_FORMAT"],
        "scale": ["VAL_INVALID_FORMAT"],
    }
    assert takes.bind(raw('{"size": {"a": [1e300]}}')).errors is None


@pytest.mark.parametrize("number", ["nan", "inf", "-Infinity", "1e999"])
def test_a_query_string_brings_no_such_number_either(number: str) -> None:
    """Pydantic reads the words."""
    takes = binder(look_up, "GET")

    assert codes(takes.bind(Raw({}, {"scale": number}, {}, {}))) == {"scale": ["VAL_INVALID_FORMAT"]}
    assert takes.bind(Raw({}, {"scale": "1e3"}, {}, {})).arguments == {"scale": 1000.0}


NUL = "a\\u0000b"


class Letter(BaseModel):
    """What has texts of all kinds in it."""

    subject: str = ""
    lines: list[dict[str, str]] = Field(default=[], alias="line")
    sealed: SecretStr = SecretStr("")


async def write(ctx: PublicContext, data: Letter) -> None:
    """Takes the whole body."""


async def write_to(ctx: PublicContext, *, to: str, data: Letter, copies: list[str] | None = None) -> None:
    """Takes a path member, a model, and a member of its own."""


async def seek(ctx: PublicContext, *, word: str, data: Letter, also: list[str] | None = None) -> None:
    """Takes members of a query string."""


def test_nul_is_told_of_wherever_it_is() -> None:
    """No text in PostgreSQL has it: in lists and in objects, under the names on the wire; written out, it is a text."""
    body = f'{{"subject": "{NUL}", "line": [{{"a": "x"}}, {{"b": "{NUL}"}}, {{"{NUL}": "x"}}], "sealed": "{NUL}"}}'
    told = {name: ["VAL_INVALID_FORMAT"] for name in ("subject", "line.1.b", "line.2", "sealed")}
    plain = raw('{"subject": "a\\\\u0000b"}')

    assert codes(binder(write).bind(raw(body))) == told
    assert codes(binder(write_to, "POST", "to").bind(raw(body, path={"to": "x"}))) == told
    assert binder(write).bind(plain).errors is None
    assert binder(write).bind(Raw({}, {}, {}, {}, fields={"subject": "a\\u0000b"})).errors is None


def test_nul_is_told_of_wherever_it_comes_from() -> None:
    """A path, a query string, the fields of a form."""
    fields = {"to": "x\0", "subject": "\0", "copies": ["a", "\0"]}
    query = {"word": "\0", "also": ["a", "b\0"], "subject": "\0"}
    wrong = ["VAL_INVALID_FORMAT"]

    assert codes(binder(write_to, "POST", "to").bind(raw(path={"to": "\0"}))) == {"to": wrong}
    assert codes(binder(seek, "GET").bind(raw(query=query))) == dict.fromkeys(("word", "also.1", "subject"), wrong)
    assert codes(binder(write_to).bind(raw(fields=fields))) == dict.fromkeys(("to", "subject", "copies.1"), wrong)
    assert binder(seek, "GET").bind(raw(query={"word": r"\x00"})).arguments["word"] == r"\x00"


class Term(BaseModel):
    """From when to when."""

    since: AwareDatetime
    until: NaiveDatetime | None = None


async def serve(ctx: PublicContext, data: Term) -> None:
    """Takes the whole body."""


async def serve_at(ctx: PublicContext, *, id: UUID, data: Term) -> None:
    """Takes a path member and a model."""


async def served(ctx: PublicContext, data: Term, *, at: AwareDatetime | None = None) -> None:
    """Takes members of a query string."""


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-00:01"])
def test_a_moment_of_no_year_in_utc_is_refused(moment: str) -> None:
    """It is told and stored in UTC; at its own place it would be in the first year, or in the last."""
    body, wrong = f'{{"since": "{moment}"}}', {"since": ["VAL_INVALID_FORMAT"]}
    query = {"since": "2030-01-01T00:00:00Z", "at": moment}

    assert codes(binder(serve).bind(raw(body))) == wrong
    assert codes(binder(serve_at, "POST", "id").bind(raw(body, path={"id": ID}))) == wrong
    assert codes(binder(serve).bind(raw(fields={"since": moment}))) == wrong
    assert codes(binder(served, "GET").bind(raw(query=query))) == {"at": ["VAL_INVALID_FORMAT"]}


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59+00:01", "2030-01-01T00:00:00+14:00"])
def test_the_first_moment_and_the_last_are_taken(moment: str) -> None:
    """Without a zone, too."""
    body = f'{{"since": "{moment}", "until": "0001-01-01T00:00:00"}}'

    assert binder(serve).bind(raw(body)).errors is None


def test_the_path_wins_over_a_body_that_names_the_same() -> None:
    """A caller cannot act on another thing than the address says."""
    bound = binder(book, "POST", "id").bind(raw('{"notes": "a", "id": "not this"}', path={"id": ID}))

    assert bound.arguments["id"] == UUID(ID)


def test_all_failing_members_are_told_at_once() -> None:
    """From every source, by their path."""
    bound = binder(book, "POST", "id").bind(raw('{"notes": "too long", "seats": "x"}', path={"id": "1"}))

    assert codes(bound) == {
        "id": ["VAL_INVALID_FORMAT"],
        "notes": ["VAL_TOO_LONG"],
        "seats": ["VAL_INVALID_FORMAT"],
    }


def test_a_missing_member_is_named() -> None:
    """With no body at all, too."""
    assert codes(binder(only_model).bind(raw())) == {"notes": ["VAL_REQUIRED_FIELD"]}
    assert codes(binder(book, "POST", "id").bind(raw())) == {
        "id": ["VAL_REQUIRED_FIELD"],
        "notes": ["VAL_REQUIRED_FIELD"],
    }


@pytest.mark.parametrize("body", ["{", "[]", '"x"', "1", "null", "\ud800".encode("utf-8", "surrogatepass"), b"\xff{}"])
@pytest.mark.parametrize("handler", [only_model, search])
def test_a_body_that_is_no_object_is_refused_as_a_whole(handler: Callable[..., object], body: str | bytes) -> None:
    """A list, a number or nonsense is no input; no part of it is repeated."""
    bound = binder(handler).bind(raw(body))

    assert set(codes(bound)) == {"body"}
    assert not bound.arguments


def test_a_get_reads_the_query_string_and_no_body() -> None:
    """A name repeated is a list; one value of a list's name is a list too."""
    many = binder(search, "GET").bind(raw("{broken", query={"tags": ["a", "b"], "limit": "5"}))
    one = binder(search, "GET").bind(raw(query={"tags": "a"}))

    assert many.arguments == {"tags": ["a", "b"], "limit": 5, "q": ""}
    assert one.arguments["tags"] == ["a"]


def test_a_name_repeated_where_one_value_is_wanted_is_refused() -> None:
    """Which of the two was meant is nobody's to guess."""
    assert codes(binder(search, "GET").bind(raw(query={"limit": ["1", "2"]}))) == {"limit": ["VAL_INVALID_FORMAT"]}


async def with_header(
    ctx: PublicContext,
    *,
    etag: Annotated[str, From("header", "If-Match")],
    theme: Annotated[str, From("cookie")] = "light",
    page: Annotated[int, From("query", "p")] = 1,
) -> None:
    """Takes members from elsewhere."""


def test_a_member_may_come_from_a_header_a_cookie_or_the_query() -> None:
    """Under its own name or another; header names have no case."""
    bound = binder(with_header).bind(raw("{}", headers={"if-match": '"3"'}, cookies={"theme": "dark"}, query={"p": 4}))

    assert bound.arguments == {"etag": '"3"', "theme": "dark", "page": 4}


def test_a_member_from_a_header_cannot_come_from_the_body() -> None:
    """Or a page of another site could set what only a header may."""
    bound = binder(with_header).bind(raw('{"etag": "x", "theme": "dark"}'))

    assert codes(bound) == {"etag": ["VAL_REQUIRED_FIELD"]}
    assert bound.arguments == {"theme": "light", "page": 1}


async def strict_pair(ctx: PublicContext, *, id: UUID, data: Strict, notes: str = "") -> None:
    """A model that forbids strangers, beside a member of its own."""


def test_a_model_that_forbids_strangers_forbids_them_on_the_whole_input() -> None:
    """Its neighbors' members are no strangers."""
    fine = binder(strict_pair, "POST", "id").bind(raw('{"title": "a", "notes": "b"}', path={"id": ID}))
    stray = binder(strict_pair, "POST", "id").bind(raw('{"title": "a", "stray": "b"}', path={"id": ID}))

    assert fine.errors is None
    assert codes(stray) == {"stray": ["VAL_UNKNOWN_FIELD"]}


def test_a_flood_of_strangers_is_told_in_part() -> None:
    """Twenty names, each cut short: an error map is no place to store a body."""
    body = "{" + ", ".join(f'"{"x" * 300}{n}": 1' for n in range(500)) + "}"

    found = codes(binder(strict_pair, "POST", "id").bind(raw(body, path={"id": ID})))

    assert len(found) <= 22
    assert max(len(name) for name in found) <= 100


async def only_strict(ctx: PublicContext, data: Strict) -> None:
    """A model that forbids strangers, alone."""


def test_a_strict_model_alone_forbids_strangers_too() -> None:
    """Whichever way its JSON is read."""
    assert codes(binder(only_strict).bind(raw('{"title": "a", "stray": 1}'))) == {"stray": ["VAL_UNKNOWN_FIELD"]}
    assert codes(binder(only_strict, "GET").bind(raw(query={"title": "a", "b": "1"}))) == {"b": ["VAL_UNKNOWN_FIELD"]}


async def exact(ctx: PublicContext, *, data: Exact, on: Annotated[bool, Field(strict=True)] = True) -> None:
    """Strict about types."""


def test_a_strict_model_takes_a_date_from_its_string() -> None:
    """JSON has no dates: strict means strict JSON, not strict Python."""
    bound = binder(exact).bind(raw('{"day": "2026-01-02", "count": 3, "on": false}'))
    loose = binder(exact).bind(raw('{"day": "2026-01-02", "count": "3"}'))

    assert bound.arguments == {"data": Exact(day=date(2026, 1, 2), count=3), "on": False}
    assert codes(loose) == {"count": ["VAL_INVALID_FORMAT"]}


def test_a_form_s_fields_are_read_as_they_are() -> None:
    """Strings, from a form or an in-process caller; the path still wins."""
    bound = binder(book, "POST", "id").bind(
        raw(path={"id": ID}, fields={"notes": "ab", "seats": "2", "confirm": "on", "id": "no"})
    )

    assert bound.arguments == {"id": UUID(ID), "data": Visit(notes="ab", seats=2), "confirm": True}


def test_a_caller_in_process_is_checked_too() -> None:
    """A missing argument is a finding, a wrong one too; a default stands where nothing is given."""
    fine = binder(book, "POST", "id").values((UUID(ID),), {"data": Visit(notes="a")})
    wrong = binder(book, "POST", "id").values((), {"id": "1", "confirm": "perhaps"})

    assert fine.arguments == {"id": UUID(ID), "data": Visit(notes="a"), "confirm": False}
    assert codes(wrong) == {
        "id": ["VAL_INVALID_FORMAT"],
        "data": ["VAL_REQUIRED_FIELD"],
        "confirm": ["VAL_INVALID_FORMAT"],
    }


def test_the_same_input_has_the_same_canonical_form() -> None:
    """However it was spelled; other input has another."""
    read = binder(book, "POST", "id")
    spelled = ['{"notes": "a", "seats": 1}', '{"seats":"1","notes":"a","stranger":2}', '{"notes":"a"}']

    same = {read.canonical(read.bind(raw(body, path={"id": ID})).arguments) for body in spelled}
    other = read.canonical(read.bind(raw('{"notes": "b"}', path={"id": ID})).arguments)

    assert len(same) == 1
    assert other not in same


async def secretive(ctx: PublicContext, password: SecretStr) -> None:
    """Takes a secret."""


def test_a_secret_counts_in_the_canonical_form_by_no_letter_of_it() -> None:
    """A fingerprint may be stored; the password is not in what it is made of."""
    read = binder(secretive)

    assert b"hunter2" not in read.canonical(read.bind(raw('{"password": "hunter2"}')).arguments)


class Odd:
    """What no JSON can say."""

    def __repr__(self) -> str:
        """Say it all the same."""
        return "an odd thing"


async def anything(ctx: PublicContext, thing: Any) -> None:
    """Takes what it is given."""


def test_what_no_json_can_say_counts_by_what_it_shows() -> None:
    """A caller in-process may give anything, under a key too."""
    assert b"an odd thing" in binder(anything).canonical({"thing": Odd()})


class Color(Enum):
    """Two of them."""

    RED = "red"
    BLUE = "blue"


def _odd(value: int) -> int:
    if value % 2 == 0:
        raise ValueError("Please use an odd number.")
    return value


class Everything(BaseModel):
    """One field for each family of rules."""

    short: Annotated[str, Field(max_length=3)] = ""
    few: Annotated[list[int], Len(0, 2)] = []
    long: Annotated[str, Field(min_length=3)] = "abc"
    many: Annotated[list[int], Field(min_length=2)] = [1, 2]
    above: Annotated[int, Field(gt=0)] = 1
    below: Annotated[Decimal, Field(le=9)] = Decimal(1)
    step: Annotated[int, Field(multiple_of=5)] = 5
    choice: Literal["a", "b"] = "a"
    color: Color = Color.RED
    aware: AwareDatetime | None = None
    naive: NaiveDatetime | None = None
    past: PastDate | None = None
    future: FutureDate | None = None
    url: Annotated[str, Field(pattern="^https://")] = "https://"
    nested: list[Visit] = []
    odd: int = 1
    late: timedelta | None = None
    own: int = 1

    _odd = field_validator("odd")(_odd)

    @field_validator("own")
    @classmethod
    def own_code(cls, value: int) -> int:
        """Speak in a code of the application's own."""
        if value > 1:
            raise PydanticCustomError("VAL_OWN_RULE", "At most {most}.", {"most": 1})
        return value


@pytest.mark.parametrize(
    ("member", "value", "code"),
    [
        ("short", '"abcd"', "VAL_TOO_LONG"),
        ("few", "[1,2,3]", "VAL_TOO_LONG"),
        ("long", '"a"', "VAL_TOO_SHORT"),
        ("many", "[]", "VAL_TOO_SHORT"),
        ("above", "0", "VAL_TOO_SMALL"),
        ("below", "10", "VAL_TOO_LARGE"),
        ("step", "7", "VAL_INVALID_STEP"),
        ("choice", '"c"', "VAL_INVALID_CHOICE"),
        ("color", '"green"', "VAL_INVALID_CHOICE"),
        ("aware", '"2026-01-01T00:00:00"', "VAL_TIMEZONE_REQUIRED"),
        ("naive", '"2026-01-01T00:00:00Z"', "VAL_TIMEZONE_UNWANTED"),
        ("past", '"2999-01-01"', "VAL_NOT_PAST"),
        ("future", '"1999-01-01"', "VAL_NOT_FUTURE"),
        ("url", '"ftp://x"', "VAL_INVALID_FORMAT"),
        ("nested.0.notes", '[{"notes": "too long"}]', "VAL_TOO_LONG"),
        ("odd", "2", "VAL_INVALID_VALUE"),
        ("late", '"soon"', "VAL_INVALID_FORMAT"),
        ("own", "2", "VAL_OWN_RULE"),
    ],
)
def test_every_family_of_rules_has_its_code(member: str, value: str, code: str) -> None:
    """By the dotted path of the member."""

    async def handler(ctx: PublicContext, data: Everything) -> None: ...

    bound = binder(handler).bind(raw(f'{{"{member.partition(".")[0]}": {value}}}'))

    assert codes(bound) == {member: [code]}


class Cat(BaseModel):
    """One kind."""

    kind: Literal["cat"]
    lives: int


class Dog(BaseModel):
    """Another."""

    kind: Literal["dog"]
    friends: list["Pet"] = []


Pet = Annotated[Cat | Dog, Field(discriminator="kind")]


@pytest.mark.parametrize(
    ("pet", "at", "said"),
    [
        ('{"kind": "cow"}', "pet.kind", "Please choose one of: 'cat', 'dog'."),
        ("{}", "pet.kind", "Please fill this in."),
        ('{"kind": "cat"}', "pet.lives", "Please fill this in."),
        ('{"kind": "dog", "friends": [{"kind": "cat", "lives": "x"}]}', "pet.friends.0.lives", "This does not have"),
        ('"cat"', "pet", "This does not have the right format."),
    ],
)
def test_a_member_of_one_kind_is_named_as_it_was_sent(pet: str, at: str, said: str) -> None:
    """Pydantic puts the kind in between, which is no place in what was sent; it is asked for by its own name."""

    async def one(ctx: PublicContext, pet: Pet) -> None: ...

    async def within(ctx: PublicContext, data: Owner) -> None: ...

    for handler in (one, within):
        errors = binder(handler).bind(raw(f'{{"pet": {pet}}}')).errors or {}

        assert list(errors) == [at]
        assert (Catalogs().finding(errors[at][0], "en") or "").startswith(said)


class Cage(BaseModel):
    """What may be said in several ways, and nothing tells which is meant."""

    size: int | Literal["large"] = 1
    sizes: list[int | bool] | dict[str, int] = []
    since: AwareDatetime | date | None = None
    home: Cat | Dog | None = None


@pytest.mark.parametrize(
    ("sent", "at"),
    [
        ('{"size": "small"}', {"size": 2}),
        ('{"size": [1]}', {"size": 2}),
        ('{"size": null}', {"size": 2}),
        ('{"sizes": [1, "x"]}', {"sizes.1": 1, "sizes": 1}),
        ('{"sizes": "x"}', {"sizes": 1}),
        ('{"since": "yesterday"}', {"since": 1}),
        ('{"home": {"kind": "cat", "lives": "x"}}', {"home.lives": 1, "home.kind": 1}),
        ('{"home": 5}', {"home": 1}),
    ],
)
def test_a_member_of_several_kinds_is_named_as_it_was_sent(sent: str, at: dict[str, int]) -> None:
    """Under its own place, where a form has its field, and once where each kind says the same."""

    async def keep(ctx: PublicContext, data: Cage) -> None: ...

    async def own(ctx: PublicContext, data: Cage, name: str = "") -> None: ...

    for handler in (keep, own):
        errors = binder(handler).bind(raw(sent)).errors or {}

        assert {path: len(found) for path, found in errors.items()} == at


class Owner(BaseModel):
    """Somebody with a pet."""

    pet: Pet


class Worded(BaseModel):
    """Limits that read differently."""

    text: Annotated[str, Field(min_length=2, max_length=3)] = "ab"
    filled: Annotated[str, Field(min_length=1)] = "a"
    secret: Annotated[SecretStr, Field(min_length=1, max_length=3)] = SecretStr("a")
    some: Annotated[list[int], Field(min_length=1, max_length=2)] = [1]
    above: Annotated[int, Field(gt=0, lt=10)] = 1
    within: Annotated[int, Field(ge=1, le=9)] = 1


@pytest.mark.parametrize(
    ("member", "value", "said"),
    [
        ("text", '"a"', "Please use at least 2 characters."),
        ("text", '"abcd"', "Please use at most 3 characters."),
        ("filled", '""', "Please fill this in."),
        ("secret", '""', "Please fill this in."),
        ("secret", '"abcd"', "Please use at most 3 characters."),
        ("some", "[]", "Please use at least 1 of these."),
        ("some", "[1, 2, 3]", "Please use at most 2 of these."),
        ("above", "0", "Please enter a value above 0."),
        ("above", "10", "Please enter a value below 10."),
        ("within", "0", "Please enter a value above or equal to 1."),
        ("within", "10", "Please enter a value below or equal to 9."),
    ],
)
def test_a_limit_is_told_as_it_is(member: str, value: str, said: str) -> None:
    """Of texts, of lists and of numbers, and whether the limit itself is accepted."""

    async def handler(ctx: PublicContext, data: Worded) -> None: ...

    bound = binder(handler).bind(raw(f'{{"{member}": {value}}}'))

    (finding,) = (bound.errors or {})[member]
    assert Catalogs().finding(finding, "en") == said


@pytest.mark.parametrize("member", ["short", "many", "above", "choice", "color", "aware", "url", "late", "notes.0"])
def test_what_was_sent_is_never_repeated(member: str) -> None:
    """A finding speaks of the rule alone: what is sent may be a password in the wrong field."""

    async def handler(ctx: PublicContext, *, data: Everything, notes: list[int]) -> None: ...

    secret = '"hunter2-hunter2"'
    bound = binder(handler).bind(raw(f'{{"{member.partition(".")[0]}": {f"[{secret}]" if "." in member else secret}}}'))

    findings = (bound.errors or {})[member]
    assert "hunter2" not in " ".join(f"{f.code} {f.params} {f.message}" for f in findings)


def test_a_validator_s_own_words_reach_the_caller() -> None:
    """A ValueError's text was written for people; a code of one's own brings the words for want of a catalog's."""

    async def handler(ctx: PublicContext, data: Everything) -> None: ...

    found = binder(handler).bind(raw('{"odd": 2, "own": 5}')).errors or {}

    assert found["odd"][0].message == "Please use an odd number."
    assert (found["own"][0].default, found["own"][0].params) == ("At most 1.", {"most": 1})


class Pair(BaseModel):
    """A rule over two members."""

    low: int
    high: int

    @model_validator(mode="after")
    def ordered(self) -> "Pair":
        """Refuse the wrong way round."""
        if self.low > self.high:
            raise ValueError
        return self


def test_a_rule_over_the_whole_model_is_told_of_the_body() -> None:
    """It has no member of its own; one without words is an invalid format."""

    async def handler(ctx: PublicContext, data: Pair) -> None: ...

    assert codes(binder(handler).bind(raw('{"low": 2, "high": 1}'))) == {"body": ["VAL_INVALID_FORMAT"]}


def test_at_most_a_hundred_findings_are_told() -> None:
    """Ten thousand bad items do not make ten thousand sentences."""

    async def handler(ctx: PublicContext, numbers: list[int]) -> None: ...

    bound = binder(handler).bind(raw('{"numbers": [' + ", ".join(['"x"'] * 10_000) + "]}"))

    assert len(bound.errors or {}) == 100
    assert "numbers.0" in (bound.errors or {})
