"""Many rows at a time, in one statement and one transaction."""

from uuid import uuid4

import pytest

from portico.testing import Harness
from tests.integration.office.people import Office, code

pytestmark = pytest.mark.anyio


def titled(*titles: str) -> dict[str, object]:
    """Papers to be."""
    return {"items": [{"title": title, "pages": place} for place, title in enumerate(titles)], "body": "the same"}


async def test_many_rows_are_one_statement(portico: Harness, alpha: Office) -> None:
    """Their values differ, or are the same for all; the rows come back in the items' order."""
    reply = await alpha.wire(alpha.member).post("/api/v1/shelf/papers", titled("One", "Two", "Three"))

    filed = [(paper["title"], paper["pages"], paper["body"]) for paper in reply.json["data"]]
    assert filed == [("One", 0, "the same"), ("Two", 1, "the same"), ("Three", 2, "the same")]
    assert len(await portico.rows("select distinct xmin, cmin from papers")) == 1
    assert await alpha.audit() == [("papers.filed", "done", "the same")]


async def test_a_batch_is_all_or_nothing(alpha: Office) -> None:
    """One row that the database refuses undoes the others."""
    reply = await alpha.wire(alpha.member).post("/api/v1/shelf/papers", titled("One", "Two", "One"))

    assert code(reply) == (409, "BIZ_DUPLICATE_ENTRY")
    assert await alpha.titles() == []


@pytest.mark.parametrize(("count", "told"), [(0, "VAL_TOO_SHORT"), (101, "VAL_TOO_LONG")])
async def test_a_batch_has_a_limit(alpha: Office, count: int, told: str) -> None:
    """The refusal names the member and the limit."""
    reply = await alpha.wire(alpha.member).post("/api/v1/shelf/papers", titled(*(f"{i}" for i in range(count))))

    finding = reply.json["errors"]["items"][0]
    assert (reply.status, finding["code"]) == (422, told)
    assert ("100" if count else "1") in finding["message"]


async def test_a_wrong_item_is_told_at_its_place(alpha: Office) -> None:
    """All of them, by item and field."""
    reply = await alpha.wire(alpha.member).post("/api/v1/shelf/papers", titled("One", "", "Three", ""))

    assert sorted(reply.json["errors"]) == ["items.1.title", "items.3.title"]


async def test_a_statement_over_arrays_changes_many_rows(alpha: Office) -> None:
    """What is not there is told at its place, and nothing is changed."""
    one, two = await alpha.file(alpha.member, "One"), await alpha.file(alpha.member, "Two")
    wire, there = alpha.wire(alpha.member), [{"id": one, "title": "Uno"}, {"id": two, "title": "Due"}]

    refused = await wire.send(
        "PATCH", "/api/v1/shelf/papers", json={"items": [{"id": str(uuid4()), "title": ""}, *there]}
    )
    changed = await wire.send("PATCH", "/api/v1/shelf/papers", json={"items": there})

    assert refused.json["errors"] == {"items.0.id": [{"code": "NOT_FOUND", "message": "There is no such thing."}]}
    assert changed.json["data"] == 2
    assert await alpha.titles() == ["Due", "Uno"]


async def test_what_cannot_be_spread_is_refused(alpha: Office, caplog: pytest.LogCaptureFixture) -> None:
    """And the log says what to write instead."""
    reply = await alpha.wire(alpha.member).send("DELETE", "/api/v1/shelf/papers")

    assert reply.status == 500
    assert "from unnest(cast(:id as uuid[])" in caplog.text
