"""What answers are told to look like: envelopes, and the headers that belong to each."""

from typing import Literal
from uuid import UUID

import pytest
from pydantic import BaseModel

from portico import App, ByLink, Html, Module, Public, PublicContext, RateLimit, Redirect, Slice, UserContext
from portico.app.contract import document
from portico.generate.openapi.schemas import Schema


class Cat(BaseModel):
    """A cat."""

    kind: Literal["cat"]


class Dog(BaseModel):
    """A dog."""

    kind: Literal["dog"]


pets = Module("pets")
ANYBODY = Public("why")
LIMIT = RateLimit("5/m", by="ip")


@pets.query("GET /scalar", ANYBODY)
async def scalar(ctx: PublicContext) -> int:
    """Count."""
    raise NotImplementedError


@pets.query("GET /listed", ANYBODY)
async def listed(ctx: PublicContext) -> list[UUID]:
    """List."""
    raise NotImplementedError


@pets.query("GET /either", ANYBODY)
async def either(ctx: PublicContext) -> Cat | Dog:
    """Show one or the other."""
    raise NotImplementedError


@pets.query("GET /maybe", ANYBODY)
async def maybe(ctx: PublicContext) -> Cat | None:
    """Show one, or none."""
    raise NotImplementedError


@pets.query("GET /slice", ANYBODY)
async def slice_of(ctx: PublicContext) -> Slice[Cat]:
    """List without a way to go on."""
    raise NotImplementedError


@pets.query("GET /page", ANYBODY)
async def page(ctx: PublicContext) -> Html:
    """Show a page."""
    raise NotImplementedError


@pets.mutation("GET /link", ANYBODY, LIMIT, ByLink("its token is good once"))
async def link(ctx: PublicContext, token: str) -> Redirect:
    """Follow a link."""
    raise NotImplementedError


@pets.query("GET /mine")
async def mine(ctx: UserContext) -> int:
    """Count one's own."""
    raise NotImplementedError


app = App("pets", modules=[pets])
DRAWN = document(app, "v1")


def answers(path: str) -> Schema:
    """What a GET of the path answers."""
    found: Schema = DRAWN["paths"][f"/api/v1{path}"]["get"]["responses"]
    return found


def data(path: str) -> Schema:
    """The schema of what stands under `data`."""
    found: Schema = answers(path)["200"]["content"]["application/json"]["schema"]["properties"]["data"]
    return found


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("/scalar", {"type": "integer"}),
        ("/listed", {"type": "array", "items": {"type": "string", "format": "uuid"}}),
        ("/either", {"anyOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]}),
        ("/maybe", {"anyOf": [{"$ref": "#/components/schemas/Cat"}, {"type": "null"}]}),
        ("/slice", {"type": "array", "items": {"$ref": "#/components/schemas/Cat"}}),
    ],
)
def test_a_result_stands_under_data(path: str, schema: Schema) -> None:
    """Whatever it is."""
    assert data(path) == schema


def test_a_list_that_does_not_say_how_it_goes_on_may_do_so_either_way() -> None:
    """By number or by cursor."""
    meta = answers("/slice")["200"]["content"]["application/json"]["schema"]["properties"]["meta"]

    assert [sorted(kind["properties"]) for kind in meta["oneOf"]] == [
        ["limit", "page", "total", "total_pages"],
        ["after", "limit"],
    ]


def test_a_link_leads_on() -> None:
    """Whatever comes of it: its refusals are pages."""
    assert list(answers("/link")) == ["303"]
    assert list(answers("/link")["303"]["headers"]) == ["Location"]


def test_pages_are_not_told() -> None:
    """They are for people."""
    assert "/page" not in DRAWN["paths"]
    assert "/api/v1/page" not in DRAWN["paths"]


@pytest.mark.parametrize(
    ("status", "names"),
    [
        ("200", set()),
        ("401", {"Content-Language", "WWW-Authenticate"}),
        ("403", {"Content-Language"}),
        ("422", {"Content-Language"}),
        ("429", {"Content-Language", "Retry-After"}),
        ("503", {"Content-Language", "Retry-After"}),
    ],
)
def test_headers_belong_to_their_status(status: str, names: set[str]) -> None:
    """Limits and the request's id stand on all of them."""
    found = set(answers("/mine")[status]["headers"])

    limits = {"RateLimit", "RateLimit-Policy", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"}
    assert found == {"X-Request-Id", *limits, *names}


def test_every_header_is_defined() -> None:
    """And none that no answer has."""
    named = {
        name
        for methods in DRAWN["paths"].values()
        for operation in methods.values()
        for answer in operation["responses"].values()
        for name in answer["headers"]
    }

    assert set(DRAWN["components"]["headers"]) == named


def test_every_schema_is_used() -> None:
    """What only the input of a policy was made from stays out."""
    text = str(DRAWN)

    assert [name for name in DRAWN["components"]["schemas"] if f"#/components/schemas/{name}'" not in text] == []
