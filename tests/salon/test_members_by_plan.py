"""As many people as the plan lets belong, however many are invited, and whoever comes first."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest

from portico.testing import Client, Reply
from tests.salon.desk import Desk

pytestmark = pytest.mark.anyio
FREE = 5
WAITING = """
    select from pg_locks
     where not granted and database = (select oid from pg_database where datname = current_database())
"""
LEAVES = """
    delete from portico.members where user_id = (select user_id from portico.members where role = 'member' limit 1)
"""


async def invite(desk: Desk, email: str) -> Reply:
    """Invite somebody to the business."""
    path = f"/api/v1/organizations/{desk.org.id}/invitations"
    return await desk.client.post(path, {"email": email, "role": "member"})


async def invited(desk: Desk, email: str) -> str:
    """Somebody who is invited: the token of their mail."""
    reply = await invite(desk, email)
    assert reply.status == 201, reply.text
    link = next(word for word in (await desk.portico.mails())[-1].text.split() if word.startswith("http"))
    return parse_qs(urlsplit(link).query)["token"][0]


async def accept(client: Client, token: str) -> Reply:
    """Join, as whoever has the address."""
    return await client.post("/api/v1/organizations/invitations/accept", {"token": token})


@asynccontextmanager
async def held(desk: Desk) -> AsyncIterator[None]:
    """Let nobody's session move on to another organization, which is the last that who joins does."""
    owner = await asyncpg.connect(desk.portico.urls.owner)
    async with owner.transaction():
        await owner.execute("lock table portico.sessions in share row exclusive mode")
        yield
    await owner.close()


async def waited_for(desk: Desk, count: int) -> None:
    """Wait until so many transactions wait, for whatever it is."""
    async with asyncio.timeout(10):
        while True:
            if len(await desk.portico.rows(WAITING)) >= count:
                return
            await asyncio.sleep(0.005)


async def fill(desk: Desk, people: int) -> None:
    """Let so many belong."""
    for number in range(people - 1):
        await desk.portico.member(f"m{number}@{desk.org.slug}.example", org=desk.org.id)


async def usage(desk: Desk) -> dict[str, int]:
    """How many belong, and how many may."""
    resources = (await desk.client.get("/api/v1/usage")).json["data"]["resources"]
    (members,) = [resource for resource in resources if resource["resource"] == "members"]
    return {"used": members["used"], "limit": members["limit"]}


async def test_a_full_business_invites_nobody(desk: Desk) -> None:
    """It is told at once, with what there is and what may be; a larger plan has room."""
    await fill(desk, FREE)
    refused = await invite(desk, "sam@x.example")
    await desk.portico.rows("update portico.organizations set plan = 'pro'")
    sent = await invite(desk, "sam@x.example")

    assert (refused.status, refused.json["code"]) == (403, "BIZ_QUOTA_EXCEEDED")
    assert refused.json["data"] == {"resource": "members", "used": FREE, "limit": FREE}
    assert sent.status == 201


async def test_two_who_race_for_the_last_place_cannot_both_have_it(desk: Desk) -> None:
    """Both were invited while there was room; whoever comes second may come once somebody has left."""
    await fill(desk, FREE - 1)
    coming = []
    for email in ("ann@x.example", "bob@x.example"):
        token = await invited(desk, email)
        coming.append((desk.portico.client(await desk.portico.member(email)), token))

    async with held(desk):
        accepting = [asyncio.create_task(accept(client, token)) for client, token in coming]
        await waited_for(desk, len(accepting))
    replies = await asyncio.gather(*accepting)
    full = await usage(desk)
    late, refused = next(pair for pair in zip(coming, replies, strict=True) if pair[1].status == 403)
    await desk.portico.rows(LEAVES)
    again = await accept(*late)

    assert sorted(reply.status for reply in replies) == [200, 403]
    assert refused.json["data"] == {"resource": "members", "used": FREE, "limit": FREE}
    assert full == {"used": FREE, "limit": FREE}
    assert again.status == 200


async def test_services_take_no_place_and_a_member_who_answers_again_none_either(desk: Desk) -> None:
    """Keys of a business belong to it and are no people; who belonged before is not counted twice."""
    await fill(desk, FREE - 1)
    key = await desk.client.post(
        f"/api/v1/organizations/{desk.org.id}/keys", {"name": "Price list", "role": "member", "scopes": ["*"]}
    )
    token = await invited(desk, "ann@x.example")
    member = await desk.portico.member("ann@x.example", org=desk.org.id)

    again = await accept(desk.portico.client(member), token)

    assert (key.status, again.status) == (201, 200), (key.text, again.text)
    assert await usage(desk) == {"used": FREE, "limit": FREE}


async def test_the_page_says_that_there_is_no_room(desk: Desk) -> None:
    """In words, beside the form that was sent; the page of the plan has the numbers."""
    await fill(desk, FREE)
    client, there = desk.client, f"/organizations/{desk.org.id}/invitations"
    page = await client.get("/organization/invitations")
    sent = await client.submit(there, {**page.form(there), "email": "sam@x.example"})

    assert sent.status == 403
    assert "Your plan does not allow more of this." in sent.text
    assert f"{FREE} of {FREE} members" in (await desk.client.get("/organization/usage")).text
