"""A policy of anybody's tells the contract what it adds: no list beside it needs to know."""

from typing import Annotated

import pytest
from pydantic import BaseModel, Field

from portico import App, Call, Contract, Error, From, Module, Policy, Public, PublicContext, RateLimit
from portico.app.contract import document
from portico.generate.openapi.schemas import Schema


class Closed(Error, code="TEST_NIGHT", status=423):
    """We are closed."""


class Hours(Policy):
    """Opens at some hours, which a header may ask about."""

    def decide(self, call: Call) -> Error | None:
        """Refuse at night."""
        return Closed() if call.now.hour < 6 else None

    def contract(self) -> Contract:
        """It may answer TEST_NIGHT, reads two headers, answers 202 with a third."""
        return Contract(
            errors=(Closed,),
            headers=("X-Hours",),
            inputs=("X-Zone", "X-Day"),
            required=("X-Zone",),
            status=202,
        )


class Wish(BaseModel):
    """What is wished for."""

    what: Annotated[str, Field(alias="wish", max_length=5)]
    seen: Annotated[str | None, From("cookie")] = None
    zone: Annotated[str, From("header", "X-Zone")] = "UTC"


desk = Module("desk", Hours())


@desk.mutation("POST /wishes", Public("why"), RateLimit("5/m", by="ip"))
async def wish(ctx: PublicContext, data: Wish) -> str:
    """Wish for something."""
    raise NotImplementedError


@pytest.fixture
def told() -> Schema:
    """How the action is told."""
    found: Schema = document(App("desk", modules=[desk]), "v1")["paths"]["/api/v1/wishes"]["post"]
    return found


def test_its_error_is_told(told: Schema) -> None:
    """At its own status."""
    answer = told["responses"]["423"]

    assert answer["description"] == "Locked"
    assert answer["content"]["application/problem+json"]["schema"] == {"$ref": "#/components/schemas/TestNightProblem"}


def test_its_status_and_header_are_told(told: Schema) -> None:
    """The header on refusals, too, where it does not belong to a success."""
    assert [status for status in told["responses"] if status < "3"] == ["202"]
    assert told["responses"]["202"]["description"] == "Accepted"
    assert {"X-Hours"} <= set(told["responses"]["202"]["headers"]) & set(told["responses"]["423"]["headers"])


def test_the_headers_that_it_reads_are_told_once(told: Schema) -> None:
    """The action's own member stands for one of them."""
    headers = [(each["name"], each["required"]) for each in told["parameters"] if each["in"] == "header"]

    assert headers == [("X-Zone", False), ("X-Day", False)]


def test_members_are_told_by_their_names_on_the_wire(told: Schema) -> None:
    """An alias in the body, a cookie where it comes from."""
    body = told["requestBody"]["content"]["application/json"]["schema"]
    cookies = [each["name"] for each in told["parameters"] if each["in"] == "cookie"]

    assert body == {
        "type": "object",
        "properties": {"wish": {"type": "string", "maxLength": 5}},
        "required": ["wish"],
    }
    assert cookies == ["seen"]
