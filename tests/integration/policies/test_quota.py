"""Quotas: what a plan allows, counted in the transaction that uses it."""

import asyncio
from itertools import count

import pytest

from portico.testing import Client, Harness, Reply
from tests.integration.office.archive import keep
from tests.integration.office.people import Office, code

pytestmark = pytest.mark.anyio
TITLES = count(1)


async def kept(client: Client, title: str = "", *, key: str = "", **more: object) -> Reply:
    """One more paper in the archive."""
    headers = {"idempotency-key": key} if key else {}
    return await client.post("/api/v1/archive", {"title": title or f"paper {next(TITLES)}", **more}, headers=headers)


async def used(office: Office, resource: str = "papers") -> int | None:
    """What the counter says; None where nobody has counted."""
    sql = "select used from portico.usage where org_id = $1 and resource = $2"
    rows = await office.harness.rows(sql, office.org.id, resource)
    return rows[0][0] if rows else None


async def upgrade(office: Office, plan: str) -> None:
    """Move the office to another plan."""
    await office.harness.rows("update portico.organizations set plan = $2 where id = $1", office.org.id, plan)


async def test_what_the_plan_has_no_room_for_is_refused(alpha: Office) -> None:
    """With what is used and what is allowed as data; the other organization has room of its own."""
    client = alpha.wire(alpha.member)
    replies = [await kept(client) for _ in range(4)]

    assert [r.status for r in replies] == [200, 200, 200, 403]
    assert code(replies[3]) == (403, "BIZ_QUOTA_EXCEEDED")
    assert replies[3].json["data"] == {"resource": "papers", "used": 3, "limit": 3}
    assert replies[3].json["retryable"] is False
    assert await used(alpha) == len(await alpha.titles()) == 3


async def test_every_organization_has_room_of_its_own(alpha: Office, beta: Office) -> None:
    """A full one takes nothing from another."""
    for _ in range(4):
        await kept(alpha.wire(alpha.member))

    assert (await kept(beta.wire(beta.member))).status == 200
    assert (await used(alpha), await used(beta)) == (3, 1)


async def test_what_was_there_before_is_counted_at_first_use(alpha: Office) -> None:
    """Rows of a time when nobody counted; the count is not part of the refusal's price afterwards."""
    for title in ("old 1", "old 2"):
        await alpha.file(alpha.member, title)
    assert await used(alpha) is None

    replies = [await kept(alpha.wire(alpha.member)) for _ in range(2)]

    assert [r.status for r in replies] == [200, 403]
    assert await used(alpha) == 3


async def test_a_full_organization_is_refused_at_first_use(alpha: Office) -> None:
    """Also where nobody has counted yet, and nothing is left behind."""
    for n in range(3):
        await alpha.file(alpha.member, f"old {n}")

    assert code(await kept(alpha.wire(alpha.member))) == (403, "BIZ_QUOTA_EXCEEDED")
    assert await used(alpha) is None


async def test_two_racers_cannot_both_take_the_last_slot(alpha: Office) -> None:
    """Of fifty at the same moment exactly one wins, counted before and not counted before."""
    clients = [alpha.wire(user) for user in (alpha.owner, alpha.member, alpha.other, alpha.editor, alpha.guest)] * 10
    await alpha.file(alpha.member, "first")
    await alpha.file(alpha.member, "second")

    replies = await asyncio.gather(*(kept(client) for client in clients))

    assert sorted(r.status for r in replies) == [200] + [403] * 49
    assert {r.json.get("code") for r in replies} == {None, "BIZ_QUOTA_EXCEEDED"}
    assert await used(alpha) == len(await alpha.titles()) == 3


async def test_first_uses_at_once_agree(alpha: Office) -> None:
    """Each of them counts what was there; whose count is kept, nobody's paper is counted twice or not at all."""
    await upgrade(alpha, "pro")
    old = [await alpha.file(alpha.member, f"old {n}") for n in range(3)]
    client = alpha.wire(alpha.member)

    replies = await asyncio.gather(
        *(kept(client) for _ in range(12)),
        *(client.send("DELETE", f"/api/v1/archive/{paper}") for paper in old),
    )

    assert {r.status for r in replies} == {200}
    assert await used(alpha) == len(await alpha.titles()) == 12


async def test_racers_lose_no_count(alpha: Office) -> None:
    """Thirty at once on a larger plan are counted as thirty."""
    await upgrade(alpha, "pro")

    replies = await asyncio.gather(*(kept(alpha.wire(alpha.member)) for _ in range(30)))

    assert {r.status for r in replies} == {200}
    assert await used(alpha) == 30


async def test_a_replay_is_not_counted_again(alpha: Office) -> None:
    """And a stored answer is given again where the quota would now refuse."""
    client = alpha.wire(alpha.member)
    for n in range(3):
        await kept(client, f"kept {n}", key=f"key-{n}")

    again = await kept(client, "kept 0", key="key-0")

    assert again.status == 200
    assert again.headers["idempotent-replayed"] == "true"
    assert await used(alpha) == 3


async def test_what_is_rolled_back_was_never_taken(alpha: Office) -> None:
    """The handler fails after it has written."""
    client = alpha.wire(alpha.member)
    await kept(client)

    torn = await kept(client, "torn")

    assert torn.status == 409
    assert await used(alpha) == 1


async def test_the_quota_comes_before_rules_that_look_things_up(alpha: Office) -> None:
    """Where there is no room, nobody asks further."""
    client = alpha.wire(alpha.member)
    assert (await kept(client, "forbidden")).status == 409
    for _ in range(3):
        await kept(client)

    assert (await kept(client, "forbidden")).status == 403


async def test_what_is_removed_is_given_back(alpha: Office) -> None:
    """One paper and its pages, which only the result knows."""
    client = alpha.wire(alpha.member)
    first = (await kept(client, pages=40)).json["data"]
    await kept(client, pages=50)

    assert (await client.send("DELETE", f"/api/v1/archive/{first}")).status == 200

    assert (await used(alpha), await used(alpha, "pages")) == (1, 50)


async def test_no_count_falls_below_zero(alpha: Office) -> None:
    """Whatever the counter said before."""
    client = alpha.wire(alpha.member)
    first = (await kept(client, pages=40)).json["data"]
    await alpha.harness.rows("update portico.usage set used = 0")

    assert (await client.send("DELETE", f"/api/v1/archive/{first}")).status == 200

    assert (await used(alpha), await used(alpha, "pages")) == (0, 0)


async def test_what_is_removed_at_first_use_is_counted_before(alpha: Office) -> None:
    """A paper of a time when nobody counted."""
    old = await alpha.file(alpha.member, "old 1")
    await alpha.file(alpha.member, "old 2")

    assert (await alpha.wire(alpha.member).send("DELETE", f"/api/v1/archive/{old}")).status == 200

    assert await used(alpha) == 1


async def test_an_amount_comes_from_the_input(alpha: Office) -> None:
    """A number, or the length of a list."""
    client = alpha.wire(alpha.member)

    assert (await kept(client, pages=101)).json["data"] == {"resource": "pages", "used": 0, "limit": 100}
    assert (await client.post("/api/v1/archive/many", {"titles": ["a", "b", "c", "d"]})).status == 403
    assert (await client.post("/api/v1/archive/many", {"titles": ["a", "b", "c"]})).status == 200
    assert await used(alpha) == 3


async def test_calls_within_a_call_count_once_each(alpha: Office) -> None:
    """In one transaction; where the second has no room, neither is kept."""
    client = alpha.wire(alpha.member)
    assert (await client.post("/api/v1/archive/twice", {"title": "pair"})).status == 200
    assert await used(alpha) == 2

    second = await client.post("/api/v1/archive/twice", {"title": "other"})

    assert code(second) == (403, "BIZ_QUOTA_EXCEEDED")
    assert second.json["data"]["used"] == 3
    assert await used(alpha) == len(await alpha.titles()) == 2


async def test_what_a_savepoint_undoes_is_not_counted(alpha: Office) -> None:
    """The torn paper alone."""
    reply = await alpha.wire(alpha.member).post("/api/v1/archive/perhaps", {"titles": ["a", "torn", "b"]})

    assert reply.json["data"] == 2
    assert await used(alpha) == len(await alpha.titles()) == 2


async def test_a_larger_plan_has_more_room(alpha: Office) -> None:
    """At once; a smaller one refuses what is new and keeps what is there."""
    client = alpha.wire(alpha.member)
    for _ in range(3):
        await kept(client)
    await upgrade(alpha, "business")
    assert {(await kept(client)).status for _ in range(3)} == {200}

    await upgrade(alpha, "free")

    assert (await kept(client)).json["data"] == {"resource": "papers", "used": 6, "limit": 3}


async def test_a_plan_that_is_not_declared_has_the_first_ones_room(alpha: Office) -> None:
    """Somebody wrote it into the database by hand."""
    await upgrade(alpha, "legacy")

    assert [(await kept(alpha.wire(alpha.member))).status for _ in range(4)] == [200, 200, 200, 403]


async def test_in_process_calls_are_counted_too(alpha: Office, portico: Harness) -> None:
    """A refusal is a value."""
    caller = portico.app.as_(alpha.member, org=alpha.org.id)
    results = [await caller.call(keep, title=f"paper {n}") for n in range(4)]

    assert [r.error.code if r.error else None for r in results] == [None, None, None, "BIZ_QUOTA_EXCEEDED"]


async def test_the_report_says_what_is_used(alpha: Office) -> None:
    """Of every resource, also of one that nobody has counted."""
    await alpha.file(alpha.member, "old")

    report = await alpha.wire(alpha.owner).get("/api/v1/usage")

    assert report.json["data"] == {
        "plan": "free",
        "features": [],
        "resources": [
            {"resource": "pages", "used": 1, "limit": 100, "percentage": 1},
            {"resource": "papers", "used": 1, "limit": 3, "percentage": 33},
        ],
    }


async def test_the_report_tells_of_bytes_everywhere(alpha: Office) -> None:
    """Of more than 32 bits hold, over GraphQL too."""
    await kept(alpha.wire(alpha.member), pages=7)
    await alpha.harness.rows("update portico.usage set used = 3000000000 where resource = 'pages'")

    query = {"query": "{ usageRead { resources { resource used limit } } }"}
    told = (await alpha.wire(alpha.owner).post("/api/graphql", query)).json

    pages = {"resource": "pages", "used": 3_000_000_000, "limit": 100}
    assert pages in told["data"]["usageRead"]["resources"]


async def test_the_report_of_an_unlimited_plan_says_minus_one(alpha: Office) -> None:
    """And no percentage."""
    await upgrade(alpha, "business")
    await kept(alpha.wire(alpha.member), pages=7)

    report = (await alpha.wire(alpha.owner).get("/api/v1/usage")).json["data"]

    assert report["features"] == ["binding", "copies"]
    assert report["resources"][0] == {"resource": "pages", "used": 7, "limit": -1, "percentage": 0}


async def test_the_report_is_for_who_may_read_it(alpha: Office) -> None:
    """`usage:read`."""
    assert code(await alpha.wire(alpha.guest).get("/api/v1/usage")) == (403, "FORBIDDEN")
