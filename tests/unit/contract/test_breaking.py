"""What a newer contract breaks is said in one sentence each; what it adds is no break."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from portico.generate.openapi.changes import breaking
from tests.unit.contract.shop import drawn

Edit = Callable[[Any], object]
OFFER = "paths./api/v1/things.post"
FIND = "paths./api/v1/things.get"


def part(document: Any, path: str) -> Any:
    """What stands there."""
    for step in path.split("."):
        document = document[int(step)] if isinstance(document, list) else document[step]
    return document


def schemas(document: Any, name: str) -> Any:
    """The members of a named schema."""
    return document["components"]["schemas"][name]["properties"]


def need(document: Any, name: str, member: str) -> None:
    """Demand one more member."""
    schemas(document, name)[member] = {"type": "string"}
    document["components"]["schemas"][name]["required"].append(member)


BREAKS: list[tuple[str, Edit]] = [
    (
        "shop.remove (DELETE /api/v1/things/{id}) was removed.",
        lambda d: part(d, "paths./api/v1/things/{id}").pop("delete"),
    ),
    (
        "shop.count: it moved from GET /api/v1/counted to GET /api/v1/number.",
        lambda d: d["paths"].__setitem__("/api/v1/number", d["paths"].pop("/api/v1/counted")),
    ),
    ("The event test.sold was removed.", lambda d: d.pop("webhooks")),
    ("shop.offer: color must be sent now.", lambda d: need(d, "NewThing", "color")),
    (
        "shop.offer: price is not taken any more.",
        lambda d: (
            schemas(d, "NewThing").pop("price"),
            d["components"]["schemas"]["NewThing"]["required"].remove("price"),
        ),
    ),
    (
        "shop.offer: name has the maxLength 10 now, which was 40.",
        lambda d: schemas(d, "NewThing")["name"].update(maxLength=10),
    ),
    (
        "shop.offer: name has the minLength 3 now, which was 2.",
        lambda d: schemas(d, "NewThing")["name"].update(minLength=3),
    ),
    ("shop.offer: name must match ^a now.", lambda d: schemas(d, "NewThing")["name"].update(pattern="^a")),
    ("shop.offer: name must be written as email now.", lambda d: schemas(d, "NewThing")["name"].update(format="email")),
    ("shop.offer: price may not be integer any more.", lambda d: schemas(d, "NewThing")["price"].update(type="string")),
    ("shop.offer: kind may not be 'used' any more.", lambda d: schemas(d, "NewThing")["kind"].update(enum=["new"])),
    ("shop.offer: name is one of 'a' now.", lambda d: schemas(d, "NewThing")["name"].update(enum=["a"])),
    (
        "shop.offer: it now needs the header X-New.",
        lambda d: part(d, f"{OFFER}.parameters").append({"name": "X-New", "in": "header", "required": True}),
    ),
    (
        "shop.offer: the header X-Org-Id must be sent now.",
        lambda d: part(d, f"{OFFER}.parameters.0").update(required=True),
    ),
    ("shop.find: the query member kinds is not taken any more.", lambda d: part(d, f"{FIND}.parameters").pop(2)),
    (
        "shop.find: the query member limit has the maximum 50 now, which was 100.",
        lambda d: part(d, f"{FIND}.parameters.0.schema").update(maximum=50),
    ),
    ("shop.find: data[].name is not told any more.", lambda d: schemas(d, "Thing").pop("name")),
    (
        "shop.find: data[].name may be missing now.",
        lambda d: d["components"]["schemas"]["Thing"]["required"].remove("name"),
    ),
    ("shop.find: data[].name may be null now.", lambda d: schemas(d, "Thing")["name"].update(type=["string", "null"])),
    ("shop.find: data[].kind may be 'broken' now.", lambda d: schemas(d, "Thing")["kind"]["enum"].append("broken")),
    (
        "shop.find: data[].kind may be anything now, not only 'new', 'used'.",
        lambda d: schemas(d, "Thing")["kind"].pop("enum"),
    ),
    ("shop.find: data[].id is not written as uuid any more.", lambda d: schemas(d, "Thing")["id"].pop("format")),
    ("shop.find: it may answer 402 now.", lambda d: part(d, f"{FIND}.responses").update({"402": {}})),
    ("shop.offer: it does not answer 201 any more.", lambda d: part(d, f"{OFFER}.responses").pop("201")),
    (
        "shop.offer: its answer has no header Location any more.",
        lambda d: part(d, f"{OFFER}.responses.201.headers").pop("Location"),
    ),
    (
        "shop.offer: its answer is not application/json any more.",
        lambda d: part(d, f"{OFFER}.responses.201").pop("content"),
    ),
    (
        "shop.visit: it needs somebody who is signed in now.",
        lambda d: part(d, "paths./api/v1/visits.post").update(security=[{"bearer": []}]),
    ),
    ("shop.find: it does not admit apiKey any more.", lambda d: part(d, f"{FIND}.security").pop()),
    (
        "shop.visit: it now needs a body.",
        lambda d: part(d, "paths./api/v1/visits.post").update(requestBody={"required": True, "content": {}}),
    ),
    (
        "shop.offer: its body may not be application/json any more.",
        lambda d: part(d, f"{OFFER}.requestBody").update(content={}),
    ),
]


@pytest.mark.parametrize(("sentence", "edit"), BREAKS, ids=[sentence for sentence, _ in BREAKS])
def test_a_break_is_said_in_one_sentence(sentence: str, edit: Edit) -> None:
    """Which action, what, and how it was before."""
    after = deepcopy(drawn())
    edit(after)

    assert sentence in breaking(drawn(), after)


def test_a_new_code_of_a_known_status_is_a_break() -> None:
    """Clients that tell refusals apart by their code meet one that they do not know."""
    after = deepcopy(drawn())
    part(after, f"{FIND}.responses.403")["content"] = part(after, f"{OFFER}.responses.409")["content"]

    assert "shop.find: 403 may have the code TEST_SOLD_OUT now." in breaking(drawn(), after)


ADDITIONS: list[Edit] = [
    lambda _: None,
    lambda d: d["paths"].__setitem__("/api/v1/new", {"get": {"operationId": "new", "responses": {}}}),
    lambda d: schemas(d, "Thing").__setitem__("color", {"type": "string"}),
    lambda d: schemas(d, "NewThing").__setitem__("color", {"type": "string"}),
    lambda d: schemas(d, "NewThing")["name"].update(maxLength=100),
    lambda d: schemas(d, "NewThing")["kind"]["enum"].append("broken"),
    lambda d: schemas(d, "NewThing")["price"].update(type=["integer", "null"]),
    lambda d: part(d, f"{OFFER}.responses").pop("409"),
    lambda d: part(d, f"{OFFER}.parameters.1").update(required=False),
    lambda d: schemas(d, "Thing")["kind"]["enum"].pop(),
]


@pytest.mark.parametrize("edit", ADDITIONS)
def test_what_is_added_breaks_nothing(edit: Edit) -> None:
    """More to ask for, more to be told, fewer refusals: clients go on as before."""
    after = deepcopy(drawn())
    edit(after)

    assert breaking(drawn(), after) == []
