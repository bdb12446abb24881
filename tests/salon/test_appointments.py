"""What happens to an appointment after it was booked."""

import pytest

from portico.testing import Reply
from tests.salon.desk import Desk, open_desk

pytestmark = pytest.mark.anyio

TEN = "2030-05-17T10:00:00Z"
NOON = "2030-05-17T12:00:00Z"


async def test_a_rescheduled_appointment_keeps_its_length(desk: Desk) -> None:
    """It moves as a whole, and its old slot is free."""
    booked = await desk.booked(TEN)

    moved = await act(desk, booked["id"], "reschedule", scheduled_at=NOON)

    assert moved.status == 200
    data = moved.json["data"]
    assert (data["scheduled_at"], data["ends_at"], data["version"]) == (NOON, "2030-05-17T12:45:00Z", 2)
    assert (await desk.book(TEN)).status == 201


async def test_rescheduling_says_when_it_was_to_be(desk: Desk) -> None:
    """Listeners can tell the customer what changed."""
    booked = await desk.booked(TEN)
    await act(desk, booked["id"], "reschedule", scheduled_at=NOON)

    event = (await desk.portico.emitted())[-1].model_dump(mode="json")

    assert (event["previously"], event["appointment"]["scheduled_at"]) == (TEN, NOON)


async def test_an_appointment_may_move_into_its_own_slot(desk: Desk) -> None:
    """A quarter of an hour later overlaps with nobody but itself."""
    booked = await desk.booked(TEN)

    assert (await act(desk, booked["id"], "reschedule", scheduled_at="2030-05-17T10:15:00Z")).status == 200


async def test_an_appointment_moves_to_a_colleague(desk: Desk) -> None:
    """Time and person change together; the first one's slot is free."""
    booked, colleague = await desk.booked(TEN), await desk.add_staff("Mira Novak")

    moved = await act(desk, booked["id"], "reschedule", scheduled_at=TEN, staff_id=colleague)

    assert moved.json["data"]["staff_id"] == colleague
    assert (await desk.book(TEN)).status == 201


async def test_an_appointment_cannot_move_onto_another(desk: Desk) -> None:
    """A taken slot is taken for those who move, too; nothing has changed."""
    booked = await desk.booked(TEN)
    await desk.booked(NOON)

    reply = await act(desk, booked["id"], "reschedule", scheduled_at=NOON)

    assert (reply.status, reply.json["code"]) == (409, "BIZ_SLOT_TAKEN")
    assert [row["scheduled_at"] for row in await desk.list()] == [TEN, NOON]


async def test_an_appointment_moves_to_nobody_who_has_left(desk: Desk) -> None:
    """Unknown and inactive staff are told apart."""
    booked, gone = await desk.booked(TEN), await desk.add_staff("Emil Gruber", active=False)

    inactive = await act(desk, booked["id"], "reschedule", scheduled_at=NOON, staff_id=gone)
    unknown = await act(desk, booked["id"], "reschedule", scheduled_at=NOON, staff_id=booked["id"])

    assert (inactive.status, inactive.json["code"]) == (409, "BIZ_STAFF_INACTIVE")
    assert (unknown.status, list(unknown.json["errors"])) == (404, ["staff_id"])


async def test_a_cancelled_appointment_keeps_its_reason(desk: Desk) -> None:
    """The reason is on the row, in the event and in the audit."""
    booked = await desk.booked(TEN)

    cancelled = await act(desk, booked["id"], "cancel", reason="Has caught a cold")

    audit = await desk.portico.rows("select metadata::text as it from portico.audit where action like '%cancelled'")
    assert (cancelled.json["data"]["status"], cancelled.json["data"]["cancel_reason"]) == (
        "cancelled",
        "Has caught a cold",
    )
    assert (await desk.portico.emitted())[-1].event_name == "appointment.cancelled"
    assert "Has caught a cold" in audit[0]["it"]


async def test_cancelling_needs_a_reason(desk: Desk) -> None:
    """Blanks are none."""
    booked = await desk.booked(TEN)

    reply = await act(desk, booked["id"], "cancel", reason="  ")

    assert (reply.status, list(reply.json["errors"])) == (422, ["reason"])


async def test_what_is_cancelled_stays_cancelled(desk: Desk) -> None:
    """It is not cancelled again, not moved, not changed."""
    booked = await desk.booked(TEN)
    await act(desk, booked["id"], "cancel", reason="Has caught a cold")

    replies = [
        await act(desk, booked["id"], "cancel", reason="Again"),
        await act(desk, booked["id"], "reschedule", scheduled_at=NOON),
        await patch(desk, booked["id"], status="confirmed", version=2),
    ]

    assert [(reply.status, reply.json["code"]) for reply in replies] == [(409, "BIZ_APPOINTMENT_CLOSED")] * 3


async def test_null_clears_and_what_is_absent_stays(desk: Desk) -> None:
    """A change touches what it names."""
    booked = await desk.booked(TEN, notes="By the window")

    confirmed = (await patch(desk, booked["id"], status="confirmed", version=1)).json["data"]
    cleared = (await patch(desk, booked["id"], notes=None, version=2)).json["data"]

    assert (confirmed["status"], confirmed["notes"]) == ("confirmed", "By the window")
    assert (cleared["status"], cleared["notes"], cleared["version"]) == ("confirmed", None, 3)


async def test_a_change_of_what_was_changed_meanwhile_is_refused(desk: Desk) -> None:
    """The second of two who read the same version reads it again."""
    booked = await desk.booked(TEN)
    await patch(desk, booked["id"], notes="First", version=1)

    reply = await patch(desk, booked["id"], notes="Second", version=1)

    assert (reply.status, reply.json["code"]) == (409, "BIZ_STALE_VERSION")
    assert (await desk.list())[0]["notes"] == "First"


async def test_an_appointment_of_another_business_does_not_exist(desk: Desk) -> None:
    """Reading, changing, moving and cancelling it all say not found, and leave it alone."""
    other = await open_desk(desk.portico, "Elsewhere")
    booked = await other.booked(TEN)
    theirs = await other.list()

    replies = [
        await desk.client.get(f"/api/v1/appointments/{booked['id']}"),
        await patch(desk, booked["id"], notes="Mine", version=1),
        await act(desk, booked["id"], "reschedule", scheduled_at=NOON),
        await act(desk, booked["id"], "cancel", reason="Mine"),
    ]

    assert [reply.status for reply in replies] == [404] * 4
    assert [appointment["id"] for appointment in theirs] == [booked["id"]]
    assert await other.list() == theirs
    assert await desk.list() == []


async def act(desk: Desk, appointment: str, verb: str, **body: object) -> Reply:
    """Reschedule or cancel."""
    return await desk.client.post(f"/api/v1/appointments/{appointment}/{verb}", body)


async def patch(desk: Desk, appointment: str, **body: object) -> Reply:
    """Change an appointment."""
    return await desk.client.send("PATCH", f"/api/v1/appointments/{appointment}", json=body)
