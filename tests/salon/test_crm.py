"""Customers of a business that are kept in a Supabase database: a change of a row there is one here."""

from typing import Any

import pytest

from portico.testing import Reply
from salon.crm.inbox import supabase
from tests.salon.desk import Desk, open_desk

pytestmark = pytest.mark.anyio
TEN = "2030-05-17T08:00:00Z"


def row(desk: Desk, name: str = "Ida Berger", *, minute: int = 0, **changes: object) -> dict[str, Any]:
    """A row of the table elsewhere, as of that minute."""
    at = f"2030-05-17T12:{minute:02}:00Z"
    return {"id": "c-1", "salon_id": str(desk.org.id), "name": name, "updated_at": at, "secret": "of theirs", **changes}


async def change(desk: Desk, kind: str, changed: dict[str, Any]) -> Reply:
    """Have Supabase tell of it, and the handlers do their work."""
    reply = await desk.portico.client().deliver(supabase, f"{kind}:customers", changed)
    await desk.portico.run_jobs()
    return reply


async def customers(desk: Desk) -> dict[str, dict[str, Any]]:
    """The customers of the business by name, but for the one who was there before."""
    listed = (await desk.client.get("/api/v1/customers")).json["data"]
    return {customer["name"]: customer for customer in listed if customer["id"] != desk.customer}


async def test_a_customer_follows_its_row(desk: Desk) -> None:
    """Added, changed and removed with it, in its own business alone."""
    elsewhere = await open_desk(desk.portico, "Elsewhere")
    await change(desk, "INSERT", row(desk, email="ida@example.com"))
    added = await customers(desk)
    await change(desk, "UPDATE", row(desk, "Ida Huber", minute=1, phone="+43 1 234"))
    changed = await customers(desk)
    others = await customers(elsewhere)
    await change(desk, "DELETE", row(desk, "Ida Huber", minute=2))

    assert (added["Ida Berger"]["email"], added["Ida Berger"]["version"]) == ("ida@example.com", 1)
    assert changed["Ida Huber"] == added["Ida Berger"] | {
        "name": "Ida Huber",
        "email": None,
        "phone": "+43 1 234",
        "version": 2,
    }
    assert (others, await customers(desk)) == ({}, {})


async def test_what_is_older_changes_nothing(desk: Desk) -> None:
    """An update that overtakes its insert makes the customer, and the insert comes too late."""
    await change(desk, "UPDATE", row(desk, "Ida Huber", minute=5))
    await change(desk, "INSERT", row(desk, minute=1))

    assert list(await customers(desk)) == ["Ida Huber"]


async def test_the_same_row_may_belong_to_two_businesses(desk: Desk) -> None:
    """An id elsewhere means something to its own business alone."""
    elsewhere = await open_desk(desk.portico, "Elsewhere")
    await change(desk, "INSERT", row(desk))
    await change(elsewhere, "INSERT", row(elsewhere, "Jo"))

    assert (list(await customers(desk)), list(await customers(elsewhere))) == (["Ida Berger"], ["Jo"])


async def test_who_has_appointments_stays(desk: Desk) -> None:
    """The row is gone, the history is not; a new row of the same id is another customer."""
    await change(desk, "INSERT", row(desk))
    (kept,) = (await customers(desk)).values()
    await desk.booked(TEN, customer_id=kept["id"])
    await change(desk, "DELETE", row(desk, minute=1))
    await change(desk, "INSERT", row(desk, "Ida again", minute=2))

    assert sorted(await customers(desk)) == ["Ida Berger", "Ida again"]


async def test_a_row_that_cannot_be_a_customer_is_given_up_in_sight(desk: Desk) -> None:
    """A name that is too long, a business that is not there: neither is lost."""
    await change(desk, "INSERT", row(desk, "x" * 121))
    await change(desk, "INSERT", row(desk, salon_id="00000000-0000-0000-0000-000000000009"))

    dead = await desk.portico.rows("select problem ->> 'code' as code from portico.jobs order by seq")
    assert [job["code"] for job in dead] == ["VALIDATION_ERROR", "NOT_FOUND"]
    assert await customers(desk) == {}


async def test_who_is_not_supabase_changes_nothing(desk: Desk) -> None:
    """Not even the business's owner, signed in."""
    body = {"type": "INSERT", "table": "customers", "schema": "public", "record": row(desk), "old_record": None}

    unsigned = await desk.client.post("/api/v1/webhooks/supabase", body)
    forged = await desk.client.post("/api/v1/webhooks/supabase", body, headers={"X-Supabase-Signature": "00" * 32})

    assert [(r.status, r.json["code"]) for r in (unsigned, forged)] == [
        (400, "MISSING_SIGNATURE"),
        (401, "INVALID_SIGNATURE"),
    ]
    assert await customers(desk) == {}
