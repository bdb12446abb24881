"""A flag that chooses who is booked, an experiment on the booking form."""

import pytest

from portico import Rule
from tests.salon.desk import Desk, hidden

pytestmark = pytest.mark.anyio
TEN, ELEVEN, NOON = (f"2030-05-17T{hour}:00:00Z" for hour in (10, 11, 12))


async def whoever(desk: Desk, at: str) -> str:
    """Book with whoever is free; returns who it is."""
    return str((await desk.booked(at, staff_id=None))["staff_id"])


async def test_the_first_by_name_who_is_free_is_booked(desk: Desk) -> None:
    """Where the customer has no wish."""
    anna = await desk.add_staff("Anna Berger")

    chosen = [await whoever(desk, at) for at in (TEN, TEN, ELEVEN)]

    assert chosen == [anna, desk.staff, anna]


async def test_a_flag_has_the_least_busy_booked(desk: Desk) -> None:
    """Of those who are free, who has the fewest hours that day."""
    anna = await desk.add_staff("Anna Berger")
    await desk.portico.flag(Rule("least-busy-staff", "on", orgs=frozenset({desk.org.id})))

    chosen = [await whoever(desk, at) for at in (TEN, ELEVEN, NOON)]

    assert chosen == [anna, desk.staff, anna]


@pytest.mark.parametrize("state", ["off", "on"])
async def test_nobody_free_is_told_so(desk: Desk, state: str) -> None:
    """Either way, beside the time."""
    await desk.portico.flag(Rule("least-busy-staff", "on" if state == "on" else "off"))
    await desk.booked(TEN)

    reply = await desk.book(TEN, {"staff_id": None})

    assert (reply.status, reply.json["code"]) == (409, "BIZ_NOBODY_FREE")
    assert list(reply.json["errors"]) == ["scheduled_at"]


async def test_whoever_is_free_needs_a_service_and_a_customer(desk: Desk) -> None:
    """What is missing is named, not the staff."""
    for member, value in (("customer_id", desk.service), ("service_id", desk.customer)):
        reply = await desk.book(TEN, {"staff_id": None, member: value})

        assert (reply.status, list(reply.json["errors"])) == (404, [member])


async def test_a_booking_counts_for_the_form_that_was_seen(desk: Desk) -> None:
    """Seen once, booked once; the operator's page draws it."""
    client = desk.client
    page = await client.get("/appointments?day=2030-05-17")
    fields = {"customer_id": desk.customer, "service_id": desk.service, "scheduled_at": "2030-05-17T10:00"}
    booked = await client.submit("/appointments", {**hidden(page), **fields})
    await desk.portico.touched()
    await desk.portico.rows("update portico.users set operator = true")

    report = await client.get("/operating/experiments")

    assert booked.status == 303
    assert ("Book this visit" in page.text) == (await variant(desk) == "variant_a")
    assert 'role="img"' in report.text
    assert "100.0 % (20.7 % to 100.0 %)" in report.text


async def variant(desk: Desk) -> str:
    """What the one person has seen."""
    return str((await desk.portico.rows("select variant from portico.exposures"))[0][0])
