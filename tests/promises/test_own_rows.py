"""What is a user's own is nobody else's, not even a colleague's whose handler forgot its WHERE."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from portico.testing import Client, Reply
from tests.promises.shop import Shop, refusal

pytestmark = pytest.mark.anyio

PATH = "/api/v1/jottings"


@pytest.fixture
async def colleague(shop: Shop) -> Shop:
    """Somebody else of the same organization, with a jotting of their own."""
    user = await shop.portico.member("colleague@example.com", org=shop.org.id)
    colleague = replace(shop, user=user, client=shop.portico.client(user, org=shop.org.id))
    await jot(colleague.client, "theirs")
    return colleague


async def test_a_select_without_where_reads_ones_own_rows(shop: Shop, colleague: Shop) -> None:
    """In one organization, in one table: each their own, and whoever is not signed in none."""
    await jot(shop.client, "mine")

    assert (await shop.client.get(PATH)).json == {"data": ["mine"]}
    assert (await colleague.client.get(PATH)).json == {"data": ["theirs"]}
    assert (await shop.portico.client().get(f"{PATH}/public")).json == {"data": 0}


async def test_ones_own_rows_are_there_in_every_organization_and_in_none(shop: Shop) -> None:
    """They go with the person, not with the place."""
    await jot(shop.client, "mine")
    other = await shop.portico.organization("Second")
    await shop.portico.member(shop.user.email, org=other.id)

    for org in (other.id, None):
        assert (await shop.portico.client(shop.user, org=org).get(PATH)).json == {"data": ["mine"]}


async def test_a_delete_without_where_deletes_ones_own_rows(shop: Shop, colleague: Shop) -> None:
    """The colleague's stay."""
    await jot(shop.client, "mine")

    assert (await shop.client.post(f"{PATH}/wipe")).json == {"data": 1}
    assert (await colleague.client.get(PATH)).json == {"data": ["theirs"]}


async def test_no_row_can_be_written_for_another_user(shop: Shop, colleague: Shop) -> None:
    """An insert that names somebody else is refused."""
    reply = await shop.client.post(f"{PATH}/smuggle", {"user_id": str(colleague.user.id), "text": "smuggled"})

    assert refusal(reply) == (403, "FORBIDDEN")
    assert (await colleague.client.get(PATH)).json == {"data": ["theirs"]}


@pytest.mark.parametrize("inside", [False, True])
async def test_a_stale_version_of_ones_own_row_is_refused(shop: Shop, *, inside: bool) -> None:
    """Called from the wire, or from another action."""
    id = (await jot(shop.client, "first"))["id"]

    fresh = await rewrite(shop, id, version=1, inside=inside)
    stale = await rewrite(shop, id, version=1, inside=inside)

    assert (fresh.status, fresh.json["data"]["version"]) == (200, 2)
    assert refusal(stale) == (409, "BIZ_STALE_VERSION")


async def test_another_users_row_is_not_found_whatever_its_version(shop: Shop, colleague: Shop) -> None:
    """As an id that never was."""
    theirs = (await jot(colleague.client, "more of theirs"))["id"]

    for id in (theirs, str(uuid4())):
        for version in (1, 7):
            assert refusal(await rewrite(shop, id, version=version)) == (404, "NOT_FOUND")


async def jot(client: Client, text: str) -> dict[str, Any]:
    """Write something down."""
    data: dict[str, Any] = (await client.post(PATH, {"text": text})).json["data"]
    return data


async def rewrite(shop: Shop, id: str, *, version: int, inside: bool = False) -> Reply:
    """Change a jotting, having read that version of it."""
    method, path = ("POST", f"{PATH}/{id}/change") if inside else ("PATCH", f"{PATH}/{id}")
    return await shop.client.send(method, path, json={"text": "changed", "version": version})
