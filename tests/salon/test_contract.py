"""The Salon's contract: valid before the tools of others, and what was released is kept."""

from functools import cache
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from portico.app.contract import document, plans_in
from portico.cli.openapi import read_document
from portico.generate.openapi import in_contract
from portico.generate.openapi.changes import breaking, operations
from portico.testing import Harness
from salon.app import app
from tests.docs.fences import ROOT
from tests.unit.contract.test_document import examples

VERSIONS = ["v1", "v2"]
RELEASED = ROOT / "salon" / "openapi" / "v1.json"
drawn = cache(document)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_document_is_valid(version: str) -> None:
    """A validator of others finds nothing wrong with it."""
    assert [error.message for error in OpenAPIV31SpecValidator(drawn(app, version)).iter_errors()] == []


def test_every_action_is_told() -> None:
    """No action is left out of its version's document."""
    told = {operation.name for operation in operations(drawn(app, "v1"))}

    assert told == {plan.action.origin for plan in plans_in(app, "v1") if in_contract(plan)}
    assert {"identity.sign_in", "organizations.create", "users.find", "appointments.create"} <= told


@pytest.mark.parametrize("version", VERSIONS)
def test_every_example_is_valid(version: str) -> None:
    """Against the schema it stands beside."""
    components = drawn(app, version)["components"]

    wrong = [
        error.message
        for schema, example in examples(drawn(app, version)["paths"])
        for error in OAS31Validator({**schema, "components": components}).iter_errors(example)
    ]

    assert wrong == []


def test_what_was_released_is_kept() -> None:
    """Clients of the released contract go on; a wanted break is written down anew with `portico openapi`."""
    found = breaking(read_document(RELEASED), drawn(app, "v1"))

    assert found == [], "write it anew only for a release: portico openapi salon.app:app --version v1 --out …"


def test_a_deprecated_version_says_so() -> None:
    """Of each operation, with the headers that its answers have, refusals too; the newest has none of it."""
    old, new = (drawn(app, version)["paths"][f"/api/{version}/users"]["get"] for version in ("v1", "v2"))
    said = {"Deprecation", "Sunset", "Link", "X-API-Deprecation-Date", "X-API-Deprecation-Warning"}

    assert old["deprecated"]
    assert [status for status, answer in old["responses"].items() if not said <= set(answer["headers"])] == []
    assert "deprecated" not in new
    assert [status for status, answer in new["responses"].items() if said & set(answer["headers"])] == []


def test_both_shapes_of_an_account_are_told() -> None:
    """Each version has its own."""
    shapes: dict[str, Any] = {v: drawn(app, v)["components"]["schemas"][f"User{v.upper()}"] for v in VERSIONS}

    assert set(shapes["v1"]["properties"]) == {"id", "name", "email"}
    assert set(shapes["v2"]["properties"]) == {"id", "first_name", "last_name", "email", "created_at"}


@pytest.mark.anyio
async def test_what_is_drawn_is_served(portico: Harness) -> None:
    """The documents, what changed between them, and the short catalog."""
    client = portico.client()

    documents = [(await client.get(f"/api/{version}/openapi.json")).json["info"] for version in VERSIONS]
    changes, short = await client.get("/api/changelog"), await client.get("/llms.txt")

    assert [(about["title"], about["version"]) for about in documents] == [("salon", "v1"), ("salon", "v2")]
    assert "users v2" in changes.text
    assert changes.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert short.headers["content-type"] == "text/plain; charset=utf-8"
    assert "- [appointments.create](/api/v1/openapi.json): POST /api/v1/appointments." in short.text
