"""A handler that forgets its WHERE touches its own organization's rows alone."""

import pytest

from portico.testing import Client
from tests.promises.shop import Shop, join, refusal

pytestmark = pytest.mark.anyio


@pytest.fixture
async def other(shop: Shop) -> Shop:
    """Another organization, with two notes in the same table."""
    other = await join(shop.portico, "Other")
    for body in ("one", "two"):
        assert (await other.write(body)).status == 201
    return other


async def bodies(client: Client) -> list[str]:
    """What somebody sees of the notes."""
    return [note["body"] for note in (await client.get("/api/v1/notes")).json["data"]]


async def test_a_select_without_where_reads_ones_own_rows(shop: Shop, other: Shop) -> None:
    """`select *` and `count(*)` see what the organization has, and no more."""
    await shop.write("mine")

    assert await bodies(shop.client) == ["mine"]
    assert (await shop.client.get("/api/v1/notes/number")).json == {"data": 1}
    assert (await other.client.get("/api/v1/notes/number")).json == {"data": 2}


async def test_an_update_without_where_changes_ones_own_rows(shop: Shop, other: Shop) -> None:
    """`update` counts and changes what the organization has."""
    await shop.write("mine")

    reply = await shop.client.post("/api/v1/notes/rewrite", {"suffix": "!"})

    assert reply.json == {"data": 1}
    assert await bodies(shop.client) == ["mine!"]
    assert await bodies(other.client) == ["one", "two"]


async def test_a_delete_without_where_deletes_ones_own_rows(shop: Shop, other: Shop) -> None:
    """`delete` empties the organization's share of the table."""
    await shop.write("mine")

    reply = await shop.client.post("/api/v1/notes/wipe")

    assert reply.json == {"data": 1}
    assert await bodies(shop.client) == []
    assert await bodies(other.client) == ["one", "two"]


async def test_no_row_can_be_written_for_another_organization(shop: Shop, other: Shop) -> None:
    """An insert that names another organization is refused, and tells nothing of it."""
    wanted = {"org_id": str(other.org.id), "body": "smuggled"}

    reply = await shop.client.post("/api/v1/notes/smuggle", wanted)

    assert refusal(reply) == (403, "FORBIDDEN")
    assert str(other.org.id) not in reply.text
    assert await bodies(other.client) == ["one", "two"]


@pytest.mark.usefixtures("other")
async def test_the_same_words_may_be_used_in_both(shop: Shop) -> None:
    """A unique key never tells that another organization has a row already; one's own duplicate is refused."""
    assert (await shop.write("one")).status == 201
    assert refusal(await shop.write("one")) == (409, "BIZ_DUPLICATE_ENTRY")


async def test_a_connection_remembers_nobody(shop: Shop, other: Shop) -> None:
    """One connection serves both organizations in turn, and each time sees the one that calls."""
    await shop.write("mine")

    for _ in range(5):
        assert await bodies(shop.client) == ["mine"]
        assert await bodies(other.client) == ["one", "two"]
        assert (await shop.portico.client().get("/api/v1/ping")).status == 200
