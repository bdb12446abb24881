"""What a business takes out of the Salon, all at once."""

import csv
from io import StringIO

import pytest

from salon.appointments.models import Appointment
from tests.salon.desk import Desk

pytestmark = pytest.mark.anyio
MAY = "/api/v1/appointments/export?since=2030-05-01&until=2030-06-01"


async def test_appointments_of_a_month_leave_as_they_are_read(desk: Desk) -> None:
    """One line each, in their order; what lies outside stays."""
    for at in ("2030-05-17T12:00:00Z", "2030-05-17T10:00:00Z", "2030-06-01T10:00:00Z"):
        await desk.booked(at)

    reply = await desk.client.get(MAY)

    rows = [Appointment.model_validate_json(line) for line in reply.text.splitlines()]
    assert [row.scheduled_at.hour for row in rows] == [10, 12]
    assert 'filename="appointments-' in reply.headers["content-disposition"]


async def test_customers_leave_as_a_spreadsheet_without_formulas(desk: Desk) -> None:
    """A customer who calls themselves a formula stays text."""
    await desk.client.post("/api/v1/customers", {"name": '=HYPERLINK("http://x.test")', "phone": "+43 1 2345"})

    reply = await desk.client.get("/api/v1/customers/export?format=csv")

    rows = list(csv.DictReader(StringIO(reply.text)))
    assert {"name": '\'=HYPERLINK("http://x.test")', "phone": "'+43 1 2345"}.items() <= rows[0].items()


async def test_members_export_nothing(desk: Desk) -> None:
    """It takes a permission of its own, which admins have; what left is on record with its number of rows."""
    member = await desk.portico.member("member@salon.test", org=desk.org.id, role="member")

    denied = await desk.portico.client(member, org=desk.org.id).get("/api/v1/customers/export")
    await desk.client.get("/api/v1/customers/export")

    rows = await desk.portico.rows(
        "select outcome, metadata ->> 'rows' from portico.audit where action = 'customers.exported' order by id"
    )
    assert (denied.status, denied.json["code"]) == (403, "FORBIDDEN")
    assert [tuple(row) for row in rows] == [("denied", None), ("done", "1")]
