"""The audit as an organization reads it."""

from datetime import timedelta
from urllib.parse import quote

import asyncpg
import pytest

from portico.testing import Harness
from tests.integration.office.people import Office, code

pytestmark = pytest.mark.anyio


async def read(office: Office, query: str = "") -> list[tuple[str, str]]:
    """Actions and outcomes, the newest first, as the owner is told them."""
    reply = await office.wire(office.owner).get(f"/api/v1/audit?{query}")
    assert reply.status == 200, reply.text
    return [(record["action"], record["outcome"]) for record in reply.json["data"]]


@pytest.fixture
async def busy(alpha: Office) -> Office:
    """An office where a paper was filed, and somebody else tried to shred it."""
    paper = await alpha.file(alpha.member, "One")
    await alpha.wire(alpha.other).send("DELETE", f"/api/v1/papers/{paper}", headers={"x-request-id": "shredding-1"})
    return alpha


async def test_the_newest_comes_first(busy: Office) -> None:
    """With all that is on record of it."""
    reply = await busy.wire(busy.owner).get("/api/v1/audit")

    shredded, filed = reply.json["data"]
    assert (filed["action"], filed["outcome"], filed["user_id"]) == ("paper.filed", "done", str(busy.member.id))
    assert shredded["target"] == filed["target"]
    assert (shredded["metadata"], shredded["request_id"]) == ({"code": "FORBIDDEN"}, "shredding-1")


async def test_each_filter_narrows_it(portico: Harness, busy: Office) -> None:
    """Alone and together; times from the first moment to before the last."""
    at = (await portico.rows("select at, target from portico.audit order by id"))[0]
    before, after = (quote((at["at"] + timedelta(microseconds=d)).isoformat()) for d in (-1, 1))
    filed, shredded = ("paper.filed", "done"), ("paper.shredded", "denied")

    expected = {
        "action=paper.filed": [filed],
        "outcome=denied": [shredded],
        f"user_id={busy.other.id}": [shredded],
        f"target={at['target']}": [shredded, filed],
        "request_id=shredding-1": [shredded],
        f"from={before}&to={after}": [filed],
        f"from={after}": [shredded],
        "action=paper.filed&outcome=denied": [],
    }

    for query, wanted in expected.items():
        assert await read(busy, query) == wanted, query


async def test_it_is_read_page_by_page(busy: Office) -> None:
    """By a cursor, which new records do not shift."""
    first = await busy.wire(busy.owner).get("/api/v1/audit?limit=1")
    await busy.file(busy.member, "Two")
    second = await busy.wire(busy.owner).get(f"/api/v1/audit?limit=1&after={first.json['meta']['after']}")

    assert [reply.json["data"][0]["action"] for reply in (first, second)] == ["paper.shredded", "paper.filed"]
    assert second.json["meta"]["after"] is None


async def test_it_is_for_who_may(busy: Office, beta: Office) -> None:
    """The permission is `audit:read`; another organization's records are not there."""
    assert code(await busy.wire(busy.member).get("/api/v1/audit")) == (403, "FORBIDDEN")
    assert await read(beta) == []


async def test_a_filter_that_cannot_be_is_refused(busy: Office) -> None:
    """By its name on the wire."""
    reply = await busy.wire(busy.owner).get("/api/v1/audit?from=yesterday&outcome=odd")

    assert sorted(reply.json["errors"]) == ["from", "outcome"]


CHANGES = (
    "update portico.audit set outcome = 'done'",
    "delete from portico.audit",
    "truncate portico.audit",
    "insert into portico.audit (action, outcome, request_id) values ('forged', 'done', 'x')",
)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("role", ["portico_app", "portico_worker", "portico_reader"])
async def test_no_role_changes_what_is_on_record(portico: Harness, busy: Office, change: str, *, role: str) -> None:
    """Neither the application, be the statement its own or slipped in, nor maintenance, nor reports."""
    url = portico.urls.app if role == "portico_app" else None
    connection = await asyncpg.connect(url or portico.urls.app)
    try:
        granted = await connection.fetchval(
            "select has_any_column_privilege($1, 'portico.audit', 'insert, update') "
            "or has_table_privilege($1, 'portico.audit', 'delete, truncate')",
            role,
        )
        if url:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(f"set portico.retention = 'on'; {change}")
    finally:
        await connection.close()

    assert granted is False
    assert len(await busy.audit()) == 2


@pytest.mark.parametrize("change", CHANGES[:3])
async def test_not_even_the_owner_changes_it(portico: Harness, busy: Office, change: str) -> None:
    """Unless it says beforehand, in the same transaction, that this is retention."""
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="the audit stays as it was written"):
        await portico.rows(change)

    assert len(await busy.audit()) == 2
