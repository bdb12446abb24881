"""What a policy adds to the answer: Created, Invalidates, Raises, Refine."""

import pytest

from portico.testing import Harness
from tests.integration.office.people import Office, code, fields

pytestmark = pytest.mark.anyio


# -- Created and Invalidates -------------------------------------------------------------------------------------------
async def test_a_created_thing_has_an_address_that_answers(alpha: Office) -> None:
    """201, and Location leads to it."""
    client = alpha.wire(alpha.member)

    made = await client.post("/api/v1/papers", {"title": "One"})
    read = await client.get(made.headers["location"])

    assert made.status == 201
    assert made.headers["location"] == f"/api/v1/papers/{made.json['data']['id']}"
    assert read.json["data"] == made.json["data"]


async def test_a_success_names_what_it_made_stale(alpha: Office) -> None:
    """In one header; a refusal names nothing and creates nothing."""
    client = alpha.wire(alpha.member)

    made = await client.post("/api/v1/papers", {"title": "One"})
    refused = await client.post("/api/v1/papers", {"title": "One"})

    assert made.headers["invalidates"] == f"papers, paper:{made.json['data']['id']}"
    assert {"invalidates", "location"} & set(refused.headers) == set()


# -- Raises ------------------------------------------------------------------------------------------------------------
async def test_a_constraint_means_what_the_action_says(alpha: Office) -> None:
    """Its own code and words, and none of the database's."""
    await alpha.file(alpha.member, "One")

    reply = await alpha.wire(alpha.member).post("/api/v1/papers", {"title": "One"})

    assert code(reply) == (409, "OFFICE_TITLE_TAKEN")
    assert reply.json["detail"] == "There is a paper with this title already."
    assert "papers_title_key" not in reply.text


async def test_a_constraint_without_a_meaning_is_told_as_what_it_is(alpha: Office) -> None:
    """A CHECK is an invalid value; which one is for the log."""
    reply = await alpha.wire(alpha.member).post("/api/v1/papers", {"title": "x" * 41})

    assert code(reply) == (422, "VALIDATION_ERROR")
    assert "papers_title_length" not in reply.text
    assert "x" * 41 not in reply.text


async def test_a_constraint_through_the_orm_means_the_same(alpha: Office) -> None:
    """A duplicate is a duplicate, and says of which member."""
    await alpha.file(alpha.member, "One")

    reply = await alpha.wire(alpha.member).post("/api/v1/orm", {"title": "One"})

    assert code(reply) == (409, "BIZ_DUPLICATE_ENTRY")
    assert fields(reply) == {"title": ["BIZ_DUPLICATE_ENTRY"]}


async def test_a_declared_error_reaches_the_caller_with_its_data(alpha: Office) -> None:
    """Filled into its message, too."""
    reply = await alpha.wire(alpha.member).post("/api/v1/raises", {"kind": "declared"})

    assert code(reply) == (409, "OFFICE_FULL")
    assert reply.json["data"] == {"used": 9, "size": 9}
    assert reply.json["detail"] == "The drawer is full: 9 of 9."
    assert reply.headers["retry-after"] == "3"


@pytest.mark.parametrize("kind", ["undeclared", "broken"])
async def test_anything_else_is_masked(alpha: Office, caplog: pytest.LogCaptureFixture, kind: str) -> None:
    """500 and one sentence; the log has all of it under the request id."""
    reply = await alpha.wire(alpha.member).post("/api/v1/raises", {"kind": kind}, headers={"x-request-id": "find-me-1"})

    assert code(reply) == (500, "INTERNAL_ERROR")
    assert reply.headers["content-type"] == "application/problem+json"
    assert {"secret", "recipe", "Unsaid", "UNSAID"} & set(reply.text.split()) == set()
    assert reply.json["request_id"] == "find-me-1"
    said = caplog.text
    assert ("write Raises(Unsaid)" if kind == "undeclared" else "the secret recipe") in said


# -- Refine ------------------------------------------------------------------------------------------------------------
async def refined(office: Office, **body: object) -> tuple[int, dict[str, list[str]]]:
    """Status and findings."""
    reply = await office.wire(office.member).post("/api/v1/refined", body)
    return reply.status, fields(reply) if reply.status >= 400 else {}


async def test_every_rule_is_asked_and_all_findings_are_told(alpha: Office) -> None:
    """In the same shape as those of the model."""
    await alpha.file(alpha.member, "Taken")

    assert await refined(alpha, title="Free", number=2) == (200, {})
    assert await refined(alpha, title="Taken", number=2) == (422, {"title": ["VAL_INVALID_VALUE"]})
    assert await refined(alpha, title="Taken", number=3) == (
        422,
        {"title": ["VAL_INVALID_VALUE"], "number": ["OFFICE_ODD"]},
    )


async def test_a_rule_is_asked_only_where_the_model_s_own_have_passed(alpha: Office) -> None:
    """It may rely on them."""
    await alpha.file(alpha.member, "Taken")

    assert await refined(alpha, title="much too long", number=3) == (422, {"title": ["VAL_TOO_LONG"]})


async def test_a_rule_s_own_words_are_told(alpha: Office) -> None:
    """As it wrote them."""
    await alpha.file(alpha.member, "Taken")

    reply = await alpha.wire(alpha.member).post("/api/v1/refined", {"title": "Taken", "number": 1})

    assert reply.json["errors"]["title"][0]["message"] == "Taken is taken."
    assert reply.json["errors"]["number"][0]["message"] == "Odd."


async def test_a_rule_may_forbid(alpha: Office) -> None:
    """Then nothing else is told."""
    reply = await alpha.wire(alpha.member).post("/api/v1/refined", {"title": "Free", "number": 13})

    assert code(reply) == (403, "FORBIDDEN")


async def test_a_rule_sees_its_own_organization_alone(portico: Harness, alpha: Office, beta: Office) -> None:
    """It runs in the transaction, under row level security."""
    await alpha.file(alpha.member, "Taken")

    assert await refined(beta, title="Taken", number=2) == (200, {})
    assert (await portico.rows("select count(*) from papers"))[0][0] == 1
