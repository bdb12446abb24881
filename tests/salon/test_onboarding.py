"""A business begins with its services and opening hours, all at once or not at all."""

import pytest

from portico.testing import Client, Reply
from tests.salon.desk import Desk

pytestmark = pytest.mark.anyio
PATH = "/api/v1/drafts/onboarding"
STEPS: dict[str, dict[str, object]] = {
    "basic-info": {"name": "Salon Linde", "slug": "salon-linde", "timezone": "Europe/Vienna", "currency": "CHF"},
    "services": {"services": [{"name": "Haircut", "duration_minutes": 45, "price": "39.50"}]},
    "publish": {"spans": [{"weekday": 0, "opens": "09:00", "closes": "18:00"}]},
}


async def began(desk: Desk) -> Client:
    """The browser of somebody whose draft is whole."""
    client = desk.portico.client()
    client.cookies["__Host-session"] = desk.portico.token(desk.user)
    for step, data in STEPS.items():
        assert (await send(client, "PUT", f"/{step}", data=data)).status == 200
    return client


async def send(client: Client, method: str, path: str, *, data: object = None) -> Reply:
    """From one of our own pages."""
    return await client.send(method, PATH + path, json=data or {}, headers={"sec-fetch-site": "same-origin"})


async def test_a_business_is_founded_with_all_that_it_needs(desk: Desk) -> None:
    """Its rows are its own, its founder owns it, its prices are in minor units; the draft is gone."""
    client = await began(desk)

    made = await send(client, "POST", "")

    assert made.status == 200, made.text
    org = made.json["data"]["id"]
    rows = desk.portico.rows
    services = await rows("select name, price_minor, currency from services where org_id = $1", org)
    hours = await rows("select weekday, opens::text from opening_hours where org_id = $1", org)
    assert [tuple(row) for row in services] == [("Haircut", 3950, "CHF")]
    assert [tuple(row) for row in hours] == [(0, "09:00:00")]
    assert [row[0] for row in await rows("select role from portico.members where org_id = $1", org)] == ["owner"]
    assert [row[0] for row in await rows("select count(*) from portico.drafts")] == [0]


async def test_a_name_that_is_taken_founds_nothing(desk: Desk) -> None:
    """The organization, its services and the end of the draft are one transaction."""
    client = await began(desk)
    await send(client, "PUT", "/basic-info", data={**STEPS["basic-info"], "slug": desk.org.slug})

    refused = await send(client, "POST", "")

    assert (refused.status, refused.json["code"]) == (409, "BIZ_SLUG_TAKEN")
    assert [row[0] for row in await desk.portico.rows("select count(*) from opening_hours")] == [0]
    assert (await client.get(PATH)).json["data"]["missing"] == []


async def test_a_step_opened_without_a_draft_leads_to_the_first(desk: Desk) -> None:
    """In words, on its page."""
    client = desk.portico.client()
    client.cookies["__Host-session"] = desk.portico.token(desk.user)

    page = await client.get("/onboarding/services")
    resumed = await client.get("/onboarding/resume")

    assert "No draft found." in page.text
    assert resumed.headers["location"] == "/onboarding"
