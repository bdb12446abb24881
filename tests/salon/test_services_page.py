"""What is offered, with descriptions that may hold some markup and nothing that runs."""

import pytest

from tests.salon.desk import Desk, made

pytestmark = pytest.mark.anyio
PAGE = "/organization/services"


async def test_a_description_keeps_its_markup(desk: Desk) -> None:
    """Emphasis and links are shown, whatever else was written is gone; a name has no markup at all."""
    description = '<b>Gentle</b> &amp; slow, <a href="https://curl.example/care">our care</a><script>alert(1)</script>'
    service = {"name": "<i>Perm</i>", "description": description, "duration_minutes": 90, "price_minor": 9805}
    made(await desk.client.post("/api/v1/services", service))
    hidden = {"name": "Wig fitting", "duration_minutes": 30, "active": False}
    made(await desk.client.post("/api/v1/services", hidden))

    page = (await desk.client.get(PAGE)).text

    assert "<b>Gentle</b> &amp; slow" in page
    assert 'href="https://curl.example/care"' in page
    assert "&lt;i&gt;Perm&lt;/i&gt;" in page
    assert "90 min · 98.05 EUR" in page
    assert "alert(1)" not in page
    assert "Wig fitting" not in page


async def test_a_row_that_passed_no_action_is_harmless_too(desk: Desk) -> None:
    """What an import has written into the table is cleaned where it is shown."""
    dirty = 'Soft<img src=x onerror="alert(1)"> <a href="javascript:alert(2)">and</a> <em>calm</em>'
    await desk.portico.rows("update services set description = $1 where org_id = $2", dirty, desk.org.id)

    page = (await desk.client.get(PAGE)).text

    assert "<em>calm</em>" in page
    assert [word for word in ("onerror", "javascript:", "<img src=x") if word in page] == []


async def test_the_pages_of_the_organization_lead_there(desk: Desk) -> None:
    """A member finds it as well."""
    member = desk.portico.client(await desk.portico.member("m@salon.test", org=desk.org.id, role="member"))

    assert f'href="{PAGE}"' in (await member.get("/organization")).text
    assert "Haircut" in (await member.get(PAGE)).text
