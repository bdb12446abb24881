"""Giving back to a quota: at once, once, and by nobody who has not removed anything."""

import asyncio

import pytest

from portico.testing import Client
from tests.integration.office.people import Office, code

pytestmark = pytest.mark.anyio
USED = "select resource, used from portico.usage where org_id = $1 order by resource"


async def full(office: Office) -> tuple[Client, list[str]]:
    """An archive without room, and what is in it."""
    client = office.wire(office.member)
    return client, [(await client.post("/api/v1/archive", {"title": f"paper {n}"})).json["data"] for n in range(3)]


async def used(office: Office) -> dict[str, int]:
    """What the counters say."""
    return {row[0]: row[1] for row in await office.harness.rows(USED, office.org.id)}


async def test_room_is_there_at_once(alpha: Office) -> None:
    """The next one is kept."""
    client, papers = await full(alpha)
    assert (await client.post("/api/v1/archive", {"title": "one more"})).status == 403

    await client.send("DELETE", f"/api/v1/archive/{papers[0]}")

    assert (await client.post("/api/v1/archive", {"title": "one more"})).status == 200


async def test_what_is_not_there_gives_nothing_back(alpha: Office, beta: Office) -> None:
    """Nor does what is another organization's."""
    client, papers = await full(alpha)
    replies = [
        await client.send("DELETE", "/api/v1/archive/00000000-0000-0000-0000-000000000000"),
        await beta.wire(beta.member).send("DELETE", f"/api/v1/archive/{papers[0]}"),
    ]

    assert [code(reply) for reply in replies] == [(404, "NOT_FOUND")] * 2
    assert (await used(alpha))["papers"] == 3


async def test_one_paper_is_given_back_once(alpha: Office) -> None:
    """However many remove it at the same moment."""
    client, papers = await full(alpha)

    replies = await asyncio.gather(*(client.send("DELETE", f"/api/v1/archive/{papers[0]}") for _ in range(8)))

    assert sorted(reply.status for reply in replies) == [200] + [404] * 7
    assert await used(alpha) == {"pages": 2, "papers": 2}


async def test_taking_and_giving_back_at_once_add_up(alpha: Office) -> None:
    """Nobody waits for somebody who waits for them, and no count is lost."""
    client, papers = await full(alpha)
    await alpha.harness.rows("update portico.organizations set plan = 'pro'")

    replies = await asyncio.gather(
        *(client.post("/api/v1/archive", {"title": f"new {n}"}) for n in range(12)),
        *(client.send("DELETE", f"/api/v1/archive/{paper}") for paper in papers),
    )

    assert {reply.status for reply in replies} == {200}
    assert await used(alpha) == {"pages": 12, "papers": 12}
