"""Versioned: nobody overwrites what they have not seen."""

import asyncio
from uuid import UUID, uuid4

import asyncpg
import pytest

from portico.testing import Harness, Reply
from tests.integration.office.people import Office, code, fields

pytestmark = pytest.mark.anyio


async def rename(office: Office, paper: str, body: dict[str, object], **headers: str) -> Reply:
    """Give the paper another title, as its writer."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return await office.wire(office.member).send("PATCH", f"/api/v1/papers/{paper}", json=body, headers=sent)


async def test_the_version_that_was_read_may_be_written(alpha: Office) -> None:
    """And counts up."""
    paper = await alpha.file(alpha.member, "One")

    first = await rename(alpha, paper, {"title": "Two", "version": 1})
    second = await rename(alpha, paper, {"title": "Three", "version": 2})

    assert [r.json["data"]["version"] for r in (first, second)] == [2, 3]


@pytest.mark.parametrize("tag", ['"1"', 'W/"1"', "1"])
async def test_if_match_stands_in_for_the_member(alpha: Office, tag: str) -> None:
    """Strong, weak or bare."""
    paper = await alpha.file(alpha.member, "One")

    assert (await rename(alpha, paper, {"title": "Two"}, if_match=tag)).status == 200
    assert code(await rename(alpha, paper, {"title": "Three"}, if_match=tag)) == (409, "BIZ_STALE_VERSION")


async def test_of_two_who_saw_the_same_version_the_second_is_told(portico: Harness, alpha: Office) -> None:
    """It waits until the first is done, and is compared with what that one has written."""
    paper = await alpha.file(alpha.member, "One")
    first = await asyncpg.connect(portico.urls.owner)
    async with first.transaction():
        await first.execute("update papers set title = 'Two', version = 2 where id = $1", UUID(paper))
        second = asyncio.create_task(rename(alpha, paper, {"title": "Three", "version": 1}))
        await somebody_waits(portico)
    await first.close()

    assert code(await second) == (409, "BIZ_STALE_VERSION")
    assert await alpha.titles() == ["Two"]


async def somebody_waits(harness: Harness) -> None:
    """Until a session wants what another's transaction holds."""
    async with asyncio.timeout(10):
        while True:
            if await harness.rows("select from pg_locks where locktype = 'transactionid' and not granted"):
                return
            await asyncio.sleep(0.005)


@pytest.mark.parametrize("version", [0, 2, -1, 2**40])
async def test_another_version_is_stale(alpha: Office, version: int) -> None:
    """The finding stands beside the member, and nothing is written."""
    paper = await alpha.file(alpha.member, "One")

    reply = await rename(alpha, paper, {"title": "Two", "version": version})

    assert code(reply) == (409, "BIZ_STALE_VERSION")
    assert fields(reply) == {"version": ["BIZ_STALE_VERSION"]}
    assert reply.json["retryable"] is True
    assert await alpha.titles() == ["One"]


async def test_without_a_version_the_member_is_missing(alpha: Office) -> None:
    """A blind write is no write."""
    paper = await alpha.file(alpha.member, "One")

    reply = await rename(alpha, paper, {"title": "Two"})

    assert (code(reply), fields(reply)) == ((422, "VALIDATION_ERROR"), {"version": ["VAL_REQUIRED_FIELD"]})


async def test_a_replay_is_not_stale(alpha: Office) -> None:
    """The version has moved on by the very call that is repeated."""
    paper = await alpha.file(alpha.member, "One")
    body: dict[str, object] = {"title": "Two", "version": 1}

    first = await rename(alpha, paper, body, idempotency_key="k1")
    again = await rename(alpha, paper, body, idempotency_key="k1")
    without = await rename(alpha, paper, body)

    assert (again.status, again.content) == (200, first.content)
    assert again.headers["idempotent-replayed"] == "true"
    assert code(without) == (409, "BIZ_STALE_VERSION")


async def test_a_row_that_is_not_there_has_no_version(alpha: Office, beta: Office) -> None:
    """Missing and another's alike."""
    paper = await beta.file(beta.member, "Theirs")

    for missing in (paper, str(uuid4())):
        assert code(await rename(alpha, missing, {"title": "Two", "version": 1})) == (404, "NOT_FOUND")


async def test_whose_row_it_is_is_asked_first(alpha: Office) -> None:
    """A stranger does not learn which version there is."""
    paper = await alpha.file(alpha.member, "One")
    path = f"/api/v1/papers/{paper}"

    for version in (1, 7):
        reply = await alpha.wire(alpha.other).send("PATCH", path, json={"title": "Two", "version": version})
        assert code(reply) == (403, "FORBIDDEN")
