"""What the contract says of a success, a booking shows: status, headers, envelope, and the same of its refusals."""

from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator

from portico.app.contract import document
from portico.testing import Harness, Reply
from salon.app import app
from tests.promises.business import Business

pytestmark = pytest.mark.anyio
BOOKINGS = "/api/v1/appointments"
CONTRACT = document(app, "v1")
SENT_ANYWAY = {"cache-control", "content-length", "content-type", "x-content-type-options"}
"""What HTTP itself says of an answer."""


def told(status: int) -> Any:
    """How the contract tells of an answer to a booking."""
    return CONTRACT["paths"][BOOKINGS]["post"]["responses"][str(status)]


def strange_headers(reply: Reply) -> set[str]:
    """Headers of the answer that the contract does not tell."""
    known = {name.lower() for name in told(reply.status)["headers"]}
    return set(reply.headers) - known - SENT_ANYWAY


def astonishing(reply: Reply) -> list[str]:
    """What of the body is not as the contract says."""
    media = reply.headers["content-type"]
    schema = {**told(reply.status)["content"][media]["schema"], "components": CONTRACT["components"]}
    return [error.message for error in OAS31Validator(schema).iter_errors(reply.json)]


async def test_a_booking_is_as_told(alpha: Business) -> None:
    """Every header of it stands in the contract, and none of the promised is missing."""
    reply = await alpha.book("k1", alpha.visit())

    assert reply.status == 201
    assert astonishing(reply) == []
    assert strange_headers(reply) == set()
    assert {name.lower() for name in told(201)["headers"]} - set(reply.headers) == {"idempotent-replayed"}


async def test_a_repeated_booking_says_so(alpha: Business) -> None:
    """By the one header that the first answer had not."""
    visit = alpha.visit()
    await alpha.book("k1", visit)

    again = await alpha.book("k1", visit)

    assert (again.status, again.headers["idempotent-replayed"]) == (201, "true")
    assert astonishing(again) == []
    assert strange_headers(again) == set()


@pytest.mark.parametrize(
    ("key", "changes", "status", "code"),
    [
        ("", {}, 400, "IDEMPOTENCY_KEY_MISSING"),
        ("k" * 256, {}, 400, "IDEMPOTENCY_KEY_MALFORMED"),
        ("k1", {"customer_id": "01970a3e-5c00-7a31-8f00-4b3c2d1e0f00"}, 404, "NOT_FOUND"),
        ("k1", {"scheduled_at": "soon"}, 422, "VALIDATION_ERROR"),
        ("k1", {"notes": "x" * 1000}, 422, "VALIDATION_ERROR"),
    ],
)
async def test_a_refusal_is_as_told(alpha: Business, *, key: str, changes: Any, status: int, code: str) -> None:
    """Its code is one of those at its status, its body that code's shape."""
    reply = await alpha.book(key, alpha.visit(**changes))

    assert (reply.status, reply.json["code"]) == (status, code)
    assert astonishing(reply) == []
    assert strange_headers(reply) == set()


async def test_a_taken_slot_is_as_told(alpha: Business) -> None:
    """The application's own error, by its own schema."""
    visit = alpha.visit()
    await alpha.book("k1", visit)

    refused = await alpha.book("k2", visit)

    assert (refused.status, refused.json["code"]) == (409, "BIZ_SLOT_TAKEN")
    assert astonishing(refused) == []
    assert strange_headers(refused) == set()


async def test_nobody_is_told_so_as_promised(salon: Harness, alpha: Business) -> None:
    """With how to sign in."""
    refused = await alpha.book("k1", alpha.visit(), salon.client())

    assert refused.status == 401
    assert "www-authenticate" in refused.headers
    assert astonishing(refused) == []
    assert strange_headers(refused) == set()
