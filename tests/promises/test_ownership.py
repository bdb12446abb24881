"""What is one's own, and as one last read it: decided before the handler, on the row itself."""

from uuid import uuid4

import pytest

from tests.promises.shop import Shop, join, refusal

pytestmark = pytest.mark.anyio


async def test_only_the_owner_may(shop: Shop) -> None:
    """A colleague's note is 403, whatever the version; one's own is changed."""
    note = (await shop.write("mine")).json["data"]
    friend = await shop.portico.member("friend@example.com", org=shop.org.id)
    colleague, path = shop.portico.client(friend, org=shop.org.id), f"/api/v1/notes/{note['id']}"

    refused = await colleague.send("PATCH", path, json={"body": "theirs", "version": 1})
    changed = await shop.client.send("PATCH", path, json={"body": "still mine", "version": 1})

    assert refusal(refused) == (403, "FORBIDDEN")
    assert changed.json == {"data": 1}


async def test_a_stale_version_changes_nothing(shop: Shop) -> None:
    """Of two who read the same version, the second is refused."""
    note = (await shop.write("mine")).json["data"]
    path = f"/api/v1/notes/{note['id']}"

    first = await shop.client.send("PATCH", path, json={"body": "first", "version": 1})
    second = await shop.client.send("PATCH", path, json={"body": "second", "version": 1})

    assert first.status == 200
    assert refusal(second) == (409, "BIZ_STALE_VERSION")


async def test_what_is_not_there_and_what_is_another_organization_s_look_alike(shop: Shop) -> None:
    """Both are 404, never 403 or 409, which would tell that there is something."""
    other = await join(shop.portico, "Other")
    note = (await other.write("theirs")).json["data"]

    theirs, nobodys = [
        await shop.client.send("PATCH", f"/api/v1/notes/{id}", json={"body": "stolen", "version": 7})
        for id in (note["id"], uuid4())
    ]

    assert refusal(theirs) == refusal(nobodys) == (404, "NOT_FOUND")
    assert theirs.json | {"request_id": ""} == nobodys.json | {"request_id": ""}
