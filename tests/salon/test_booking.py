"""Booking an appointment."""

import asyncio
from uuid import uuid4

import pytest

from portico.testing import Harness
from tests.salon.desk import Desk, open_desk

pytestmark = pytest.mark.anyio

TEN = "2030-05-17T10:00:00+02:00"
QUARTER_PAST = "2030-05-17T10:15:00+02:00"
TAKEN = "This time slot is no longer available. Please choose another time."


async def test_a_booking_lasts_as_long_as_its_service(desk: Desk) -> None:
    """Nobody says when an appointment ends: the service does."""
    reply = await desk.book(TEN, {"notes": "By the window"})

    booked = reply.json["data"]
    assert reply.status == 201
    assert reply.headers["location"] == f"/api/v1/appointments/{booked['id']}"
    assert (booked["scheduled_at"], booked["ends_at"]) == ("2030-05-17T08:00:00Z", "2030-05-17T08:45:00Z")
    assert (booked["status"], booked["notes"]) == ("booked", "By the window")


async def test_a_booking_leaves_one_event_and_one_audit_row(desk: Desk) -> None:
    """Listeners and auditors learn of it in its own transaction."""
    booked = await desk.booked(TEN)

    events = await desk.portico.emitted()
    audit = await desk.portico.rows("select target from portico.audit where action = 'appointment.created'")
    assert [event.event_name for event in events] == ["appointment.created"]
    assert [row["target"] for row in audit] == [booked["id"]]


async def test_nobody_of_the_staff_is_booked_twice_at_a_time(desk: Desk) -> None:
    """The refusal says what to do, and which field to change."""
    await desk.booked(TEN)

    reply = await desk.book(QUARTER_PAST)

    assert reply.status == 409
    assert (reply.json["code"], reply.json["detail"], reply.json["retryable"]) == ("BIZ_SLOT_TAKEN", TAKEN, True)
    assert reply.json["errors"] == {"scheduled_at": [{"code": "BIZ_SLOT_TAKEN", "message": TAKEN}]}
    assert len(await desk.list()) == 1


async def test_a_refusal_speaks_the_callers_language(desk: Desk) -> None:
    """German is spoken where German is read."""
    await desk.booked(TEN)

    reply = await desk.book(TEN, language="de-AT,de;q=0.9")

    assert reply.headers["content-language"] == "de"
    assert "nicht mehr frei" in reply.json["detail"]


async def test_of_many_who_want_one_slot_one_gets_it(desk: Desk) -> None:
    """The database decides, whoever comes at the same moment."""
    replies = await asyncio.gather(*(desk.book(TEN) for _ in range(12)))

    assert sorted(reply.status for reply in replies) == [201] + [409] * 11
    assert len(await desk.list()) == 1


async def test_one_appointment_begins_when_another_ends(desk: Desk) -> None:
    """Slots touch without overlapping."""
    await desk.booked(TEN)

    assert (await desk.book("2030-05-17T10:45:00+02:00")).status == 201
    assert (await desk.book("2030-05-17T09:15:00+02:00")).status == 201


async def test_colleagues_work_at_the_same_time(desk: Desk) -> None:
    """A slot is one member of staff's."""
    colleague = await desk.add_staff("Mira Novak")
    await desk.booked(TEN)

    assert (await desk.book(TEN, {"staff_id": colleague})).status == 201


async def test_two_businesses_never_stand_in_each_others_way(portico: Harness) -> None:
    """The constraint sees all organizations, and their slots lie on different lines."""
    desks = [await open_desk(portico, name) for name in ("First", "Second")]

    replies = [await desk.book(TEN) for desk in desks]

    assert [reply.status for reply in replies] == [201, 201]


async def test_a_cancelled_appointment_frees_its_slot(desk: Desk) -> None:
    """The next customer gets it."""
    booked = await desk.booked(TEN)
    await desk.client.post(f"/api/v1/appointments/{booked['id']}/cancel", {"reason": "Has caught a cold"})

    assert (await desk.book(QUARTER_PAST)).status == 201


@pytest.mark.parametrize(
    ("at", "code"),
    [
        ("2030-05-17T10:00:30+02:00", "VAL_WHOLE_MINUTE"),
        ("2030-05-17T10:00:00.5+02:00", "VAL_WHOLE_MINUTE"),
        ("2030-05-17T10:00:00", "VAL_TIMEZONE_REQUIRED"),
        ("9030-05-17T10:00:00Z", "VAL_TIME_OUT_OF_RANGE"),
        ("0001-01-01T00:00:00+14:00", "VAL_TIME_OUT_OF_RANGE"),
        ("soon", "VAL_INVALID_FORMAT"),
        (1_900_000_000, "VAL_INVALID_FORMAT"),
        ("1900000000", "VAL_INVALID_FORMAT"),
    ],
)
async def test_a_time_is_a_whole_minute_with_its_offset(desk: Desk, at: object, code: str) -> None:
    """Anything else is refused at its field."""
    reply = await desk.book(at)

    assert reply.status == 422
    assert [found["code"] for found in reply.json["errors"]["scheduled_at"]] == [code]


async def test_every_wrong_field_is_named_at_once(desk: Desk) -> None:
    """One round of corrections is enough."""
    reply = await desk.book("soon", {"customer_id": "x", "notes": "n" * 501})

    assert reply.status == 422
    assert set(reply.json["errors"]) == {"scheduled_at", "customer_id", "notes"}


@pytest.mark.parametrize("member", ["customer_id", "service_id", "staff_id"])
async def test_an_unknown_party_is_not_found(desk: Desk, member: str) -> None:
    """The refusal names the member that leads nowhere."""
    reply = await desk.book(TEN, {member: str(uuid4())})

    assert reply.status == 404
    assert list(reply.json["errors"]) == [member]


@pytest.mark.parametrize("member", ["customer_id", "service_id", "staff_id"])
async def test_a_party_of_another_business_is_not_found_either(desk: Desk, member: str) -> None:
    """What belongs to somebody else does not exist here."""
    other = await open_desk(desk.portico, "Elsewhere")

    reply = await desk.book(TEN, {member: other.visit(TEN)[member]})

    assert reply.status == 404


async def test_nobody_books_who_has_left_or_what_is_not_offered(desk: Desk) -> None:
    """Inactive staff and services are known, and refused by name."""
    gone = await desk.add_staff("Emil Gruber", active=False)
    service = {"name": "Perm", "duration_minutes": 60, "active": False}
    ended = (await desk.client.post("/api/v1/services", service)).json["data"]["id"]

    replies = [await desk.book(TEN, {"staff_id": gone}), await desk.book(TEN, {"service_id": ended})]

    assert [reply.status for reply in replies] == [409, 409]
    assert [reply.json["code"] for reply in replies] == ["BIZ_STAFF_INACTIVE", "BIZ_SERVICE_INACTIVE"]


async def test_a_repeated_request_books_once(desk: Desk) -> None:
    """The second answer is the first one's, and says so."""
    first = await desk.book(TEN, key="the-same")
    second = await desk.book(TEN, key="the-same")

    assert (first.status, second.status) == (201, 201)
    assert second.content == first.content
    assert second.headers["idempotent-replayed"] == "true"
    assert len(await desk.list()) == 1


async def test_a_booking_needs_its_key(desk: Desk) -> None:
    """Without one, nobody could repeat a lost request safely."""
    reply = await desk.client.post("/api/v1/appointments", desk.visit(TEN))

    assert (reply.status, reply.json["code"]) == (400, "IDEMPOTENCY_KEY_MISSING")
