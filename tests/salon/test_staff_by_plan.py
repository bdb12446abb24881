"""As many staff as the plan allows, over the wire and on the page."""

import pytest

from portico.testing import Client, Reply
from tests.salon.desk import Desk, hidden, made

pytestmark = pytest.mark.anyio


async def full(desk: Desk) -> Client:
    """A business on the free plan whose staff is as large as that allows."""
    for name in ("Mira Novak", "Lena Auer", "Emil Gruber"):
        await desk.add_staff(name)
    return desk.client


async def submit(client: Client, path: str, page: Reply, **fields: str) -> Reply:
    """Send a form of the page."""
    return await client.submit(path, {**hidden(page), **fields})


async def test_the_free_plan_has_room_for_four(desk: Desk) -> None:
    """A fifth is refused with what there is and what may be; a larger plan has room at once."""
    client = await full(desk)
    refused = await client.post("/api/v1/staff", {"name": "Sam"})
    await desk.portico.rows("update portico.organizations set plan = 'pro'")
    taken = await client.post("/api/v1/staff", {"name": "Sam"})

    assert (refused.status, refused.json["code"]) == (403, "BIZ_QUOTA_EXCEEDED")
    assert refused.json["data"] == {"resource": "staff", "used": 4, "limit": 4}
    assert taken.status == 201


async def test_whoever_is_removed_leaves_room(desk: Desk) -> None:
    """Somebody without appointments; another is kept, with the reason."""
    client = await full(desk)
    await desk.booked("2030-05-17T10:00:00Z")
    people = {p["name"]: p["id"] for p in (await client.get("/api/v1/staff")).json["data"]}

    kept = await client.send("DELETE", f"/api/v1/staff/{desk.staff}")
    gone = await client.send("DELETE", f"/api/v1/staff/{people['Emil Gruber']}")

    assert (kept.status, kept.json["code"]) == (409, "BIZ_STAFF_BOOKED")
    assert gone.status == 200
    assert made(await client.post("/api/v1/staff", {"name": "Sam"}))["name"] == "Sam"


async def test_the_page_says_how_many_and_why_not_more(desk: Desk) -> None:
    """With a meter, and in words beside the form that was sent."""
    client = await full(desk)
    page = await client.get("/organization/staff")
    sent = await submit(client, "/organization/staff", page, name="Sam")

    assert "4 of 4 staff" in page.text
    assert "has no room for more" in page.text
    assert sent.status == 403
    assert "Your plan does not allow more of this." in sent.text
    assert 'value="Sam"' in sent.text


async def test_staff_is_added_and_removed_on_the_page(desk: Desk) -> None:
    """The page says so afterwards."""
    client = desk.client
    page = await client.get("/organization/staff")
    added = await submit(client, "/organization/staff", page, name="Mira Novak", title="Colorist")
    people = {p["name"]: p["id"] for p in (await client.get("/api/v1/staff")).json["data"]}
    removed = await submit(client, f"/organization/staff/{people['Mira Novak']}/delete", page)

    assert added.headers["location"] == "/organization/staff?done=staff-added"
    assert removed.headers["location"] == "/organization/staff?done=staff-removed"
    assert "1 of 4 staff" in (await client.get(removed.headers["location"])).text


async def test_the_usage_page_shows_the_plan(desk: Desk) -> None:
    """Also where there is no limit."""
    free = await desk.client.get("/organization/usage")
    await desk.portico.rows("update portico.organizations set plan = 'business'")
    business = await desk.client.get("/organization/usage")

    assert ("Plan: free" in free.text, "1 of 4 staff" in free.text) == (True, True)
    assert "1 staff, and as many more as you like." in business.text
