"""The contract says what the actions and their policies say, and nothing is written twice."""

from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from portico import App, Misconfigured, Module, Public, PublicContext, UnknownVersion
from portico.app.contract import document, encoded
from tests.unit.contract.shop import app, drawn, operation, parameters

THINGS = "/api/v1/things"


def codes(method: str, path: str, status: str) -> set[str]:
    """The codes that an answer may have."""
    answer = operation(method, path)["responses"][status]["content"]["application/problem+json"]
    kinds = answer["schema"].get("oneOf", [answer["schema"]])
    schemas = drawn()["components"]["schemas"]
    return {schemas[kind["$ref"].rpartition("/")[2]]["properties"]["code"]["const"] for kind in kinds}


def test_the_document_is_valid() -> None:
    """A validator of others finds nothing wrong."""
    assert [str(error) for error in OpenAPIV31SpecValidator(drawn()).iter_errors()] == []


def test_the_document_is_the_same_every_time() -> None:
    """Byte for byte, examples too: a change of it is a change of the contract."""
    assert encoded(app, "v1") == encoded(app, "v1")


def test_an_operation_is_named_after_its_action() -> None:
    """Its id is the action's name, its tag the module, its words the docstring."""
    found = operation("post", THINGS)

    assert (found["operationId"], found["tags"], found["summary"]) == ("shop.offer", ["shop"], "Offer a thing")
    assert found["description"] == "It is for sale at once.\n\nAsks for `things:create`."
    assert {
        "name": "shop",
        "description": "A shop small enough to know its contract by heart; nothing of it is ever run.",
    } in drawn()["tags"]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("400", {"IDEMPOTENCY_KEY_MISSING", "IDEMPOTENCY_KEY_MALFORMED"}),
        ("401", {"UNAUTHORIZED", "AUTH_SIGN_IN_AGAIN"}),
        ("403", {"FORBIDDEN", "AUTH_SCOPE_MISSING", "AUTH_CROSS_SITE", "AUTH_NO_ORGANIZATION"}),
        ("404", {"NOT_FOUND"}),
        ("409", {"TEST_SOLD_OUT", "IDEMPOTENCY_IN_PROGRESS", "CONFLICT", "BIZ_DUPLICATE_ENTRY"}),
        ("413", {"PAYLOAD_TOO_LARGE"}),
        ("415", {"UNSUPPORTED_MEDIA_TYPE"}),
        ("422", {"VALIDATION_ERROR", "IDEMPOTENCY_KEY_REUSED"}),
        ("429", {"RATE_LIMIT_EXCEEDED"}),
        ("500", {"INTERNAL_ERROR"}),
        ("503", {"EXTERNAL_SERVICE_ERROR"}),
        ("504", {"SYS_TIMEOUT"}),
    ],
)
def test_every_refusal_is_told_by_its_code(status: str, expected: set[str]) -> None:
    """What the policies can give and what the framework can, one of the codes at each status."""
    assert codes("post", THINGS, status) == expected


def test_a_public_action_has_no_401() -> None:
    """Nobody is asked to sign in where anybody may call."""
    found = operation("post", "/api/v1/visits")

    assert "401" not in found["responses"]
    assert found["security"] == []


def test_the_data_of_an_error_has_its_schema() -> None:
    """What every error of a code tells is required; an example shows it."""
    components = drawn()["components"]
    schema = components["schemas"]["TestSoldOutProblem"]

    assert schema["properties"]["data"]["properties"]["left"] == {"type": "integer"}
    assert schema["properties"]["data"]["required"] == ["left", "wish"]
    assert "data" in schema["required"]
    assert components["examples"]["TEST_SOLD_OUT"]["value"]["detail"] == "This is sold out."


def test_a_success_has_its_envelope_and_headers() -> None:
    """201 with Location where something is created; the data under `data`."""
    found = operation("post", THINGS)["responses"]["201"]
    schema = found["content"]["application/json"]["schema"]

    assert schema == {
        "type": "object",
        "properties": {"data": {"$ref": "#/components/schemas/Thing"}},
        "required": ["data"],
    }
    assert {"Location", "Invalidates", "Idempotent-Replayed", "RateLimit", "X-Request-Id"} <= set(found["headers"])
    assert "200" not in operation("post", THINGS)["responses"]


def test_what_returns_nothing_says_success() -> None:
    """DELETE answers an envelope, too."""
    found = operation("delete", f"{THINGS}/{{id}}")["responses"]["200"]["content"]["application/json"]

    assert found["example"] == {"data": {"success": True}}


@pytest.mark.parametrize(
    ("path", "members"), [(THINGS, {"limit", "after"}), ("/api/v1/counted", {"page", "limit", "total", "total_pages"})]
)
def test_a_list_says_how_it_goes_on(path: str, members: set[str]) -> None:
    """By cursor or by number, as it is asked for."""
    schema = operation("get", path)["responses"]["200"]["content"]["application/json"]["schema"]

    assert set(schema["properties"]["meta"]["properties"]) == members
    assert schema["required"] == ["data", "meta"]


def test_headers_that_policies_read_are_parameters() -> None:
    """A required one says so."""
    found = parameters("post", THINGS)

    assert found["Idempotency-Key"]["required"] is True
    assert (found["X-Org-Id"]["in"], found["X-Org-Id"]["required"]) == ("header", False)
    assert "Idempotency-Key" not in parameters("get", THINGS)


def test_members_stand_where_they_come_from() -> None:
    """Path, query string and header are parameters; null cannot be written there; the rest is one body."""
    found = parameters("patch", f"{THINGS}/{{id}}")
    body = operation("patch", f"{THINGS}/{{id}}")["requestBody"]

    assert (found["id"]["in"], found["id"]["required"], found["id"]["schema"]["format"]) == ("path", True, "uuid")
    assert (found["X-Seen"]["in"], found["X-Seen"]["schema"]) == ("header", {"type": "string"})
    assert body["content"]["application/json"]["schema"]["required"] == ["name"]
    assert set(body["content"]["application/json"]["schema"]["properties"]) == {"name", "note"}
    assert parameters("get", THINGS)["kinds"]["schema"] == {"type": "array", "items": {"type": "string"}}
    assert parameters("get", THINGS)["limit"]["schema"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": 100,
        "default": 20,
    }


def test_one_shape_of_path_is_spelled_once() -> None:
    """Two actions may call a place differently; the document cannot."""
    assert set(drawn()["paths"][f"{THINGS}/{{id}}"]) == {"patch", "delete"}
    assert parameters("delete", f"{THINGS}/{{id}}")["id"]["in"] == "path"


def test_ways_of_signing_in_are_told() -> None:
    """A session, a bearer token or a key, where a key may."""
    assert operation("get", THINGS)["security"] == [{"session": []}, {"bearer": []}, {"apiKey": []}]


def test_events_are_webhooks() -> None:
    """The body of a delivery has the event's payload; what other applications declare is not there."""
    found = drawn()["webhooks"]

    assert set(found) == {"test.sold"}
    body = found["test.sold"]["post"]["requestBody"]["content"]["application/json"]
    assert body["example"]["event"] == "test.sold"
    assert set(body["schema"]["required"]) == {"id", "event", "timestamp", "data"}


def test_an_unknown_version_is_refused() -> None:
    """With those that there are."""
    with pytest.raises(UnknownVersion) as caught:
        drawn("v7")

    assert (caught.value.supported, caught.value.current) == (["v1"], "v1")


def test_a_type_without_a_schema_names_its_action() -> None:
    """The mend stands beside it."""
    odd = Module("odd")

    @odd.query("GET /odd", Public("why"))
    async def find(ctx: PublicContext) -> type:
        """Find what no schema tells."""
        raise NotImplementedError

    with pytest.raises(Misconfigured, match=r"The result of odd\.find has no JSON Schema"):
        document(App("odd", modules=[odd]), "v1")


def test_every_example_is_valid() -> None:
    """Against the schema it stands beside, of every body and every answer."""
    found = list(examples(drawn()))

    assert len(found) > 5
    assert [problem for schema, example in found for problem in problems(schema, example)] == []


def examples(part: Any) -> Any:
    """Every schema with the example beside it."""
    if isinstance(part, dict):
        if "schema" in part and "example" in part:
            yield part["schema"], part["example"]
        for value in part.values():
            yield from examples(value)
    elif isinstance(part, list):
        for value in part:
            yield from examples(value)


def problems(schema: Any, example: Any) -> list[str]:
    """What a validator of others finds wrong with it."""
    from openapi_schema_validator import OAS31Validator

    whole = {**schema, "components": drawn()["components"]}
    return [error.message for error in OAS31Validator(whole).iter_errors(example)]
