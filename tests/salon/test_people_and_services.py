"""Customers, services and staff: what is kept of them, and who may change it."""

import pytest

from tests.salon.desk import Desk, made, open_desk

pytestmark = pytest.mark.anyio

RECORDS = (
    ("customers", {"name": "Hanna Berger", "email": "hanna@berger.example", "phone": "+43 1 2345"}),
    ("services", {"name": "Perm", "duration_minutes": 90, "price_minor": 9900, "description": "With a wash"}),
    ("staff", {"name": "Lena Auer", "email": "lena@kastanie.example", "title": "Stylist"}),
)
CLEARED = {"customers": "phone", "services": "description", "staff": "title"}


@pytest.mark.parametrize(("path", "record"), RECORDS)
async def test_a_record_is_read_as_it_was_made(desk: Desk, path: str, record: dict[str, object]) -> None:
    """Create, then get."""
    created = made(await desk.client.post(f"/api/v1/{path}", record))

    reply = await desk.client.get(f"/api/v1/{path}/{created['id']}")

    assert reply.json == {"data": created}
    assert created | record == created


@pytest.mark.parametrize(("path", "record"), RECORDS)
async def test_null_clears_and_what_is_absent_stays(desk: Desk, path: str, record: dict[str, object]) -> None:
    """A change touches what it names, and counts the version up."""
    created = made(await desk.client.post(f"/api/v1/{path}", record))

    change = {CLEARED[path]: None, "version": 1}
    reply = await desk.client.send("PATCH", f"/api/v1/{path}/{created['id']}", json=change)

    assert reply.json["data"] == {**created, CLEARED[path]: None, "version": 2}


@pytest.mark.parametrize(("path", "record"), RECORDS)
async def test_a_name_cannot_be_cleared(desk: Desk, path: str, record: dict[str, object]) -> None:
    """What must be there is refused as null."""
    created = made(await desk.client.post(f"/api/v1/{path}", record))

    change = {"name": None, "version": 1}
    reply = await desk.client.send("PATCH", f"/api/v1/{path}/{created['id']}", json=change)

    assert (reply.status, list(reply.json["errors"])) == (422, ["name"])


@pytest.mark.parametrize(("path", "record"), RECORDS)
async def test_if_match_stands_in_for_the_version(desk: Desk, path: str, record: dict[str, object]) -> None:
    """A stale one is refused, the row's own passes."""
    created = made(await desk.client.post(f"/api/v1/{path}", record))
    url = f"/api/v1/{path}/{created['id']}"

    stale = await desk.client.send("PATCH", url, json={"name": "New"}, headers={"if-match": '"7"'})
    fresh = await desk.client.send("PATCH", url, json={"name": "New"}, headers={"if-match": '"1"'})

    assert (stale.status, fresh.status) == (409, 200)


@pytest.mark.parametrize(("path", "record"), RECORDS)
async def test_a_record_of_another_business_is_not_found(desk: Desk, path: str, record: dict[str, object]) -> None:
    """Neither to be read nor to be changed."""
    other = await open_desk(desk.portico, "Elsewhere")
    created = made(await other.client.post(f"/api/v1/{path}", record))

    read = await desk.client.get(f"/api/v1/{path}/{created['id']}")
    change = {"name": "Mine", "version": 1}
    changed = await desk.client.send("PATCH", f"/api/v1/{path}/{created['id']}", json=change)

    assert (read.status, changed.status) == (404, 404)


@pytest.mark.parametrize(
    ("path", "record", "refusal"),
    [
        ("services", {"name": "HAIRCUT", "duration_minutes": 30}, (409, "BIZ_SERVICE_EXISTS", ["name"])),
        ("staff", {"name": "Second", "email": "JONAS@kastanie.example"}, (409, "BIZ_STAFF_EMAIL_TAKEN", ["email"])),
    ],
)
async def test_what_is_there_once_is_refused_by_its_field(
    desk: Desk, path: str, record: dict[str, object], *, refusal: tuple[int, str, list[str]]
) -> None:
    """Capitals make no difference."""
    await desk.add_staff("Jonas", email="jonas@kastanie.example")

    reply = await desk.client.post(f"/api/v1/{path}", record)

    assert (reply.status, reply.json["code"], list(reply.json["errors"])) == refusal


async def test_two_businesses_offer_services_of_one_name(desk: Desk) -> None:
    """A name is taken within a business alone."""
    other = await open_desk(desk.portico, "Elsewhere")

    assert made(await other.client.post("/api/v1/services", {"name": "Perm", "duration_minutes": 60}))
    assert made(await desk.client.post("/api/v1/services", {"name": "Perm", "duration_minutes": 60}))


async def test_a_customer_with_appointments_is_not_deleted(desk: Desk) -> None:
    """History stays; who never came can go."""
    stranger = made(await desk.client.post("/api/v1/customers", {"name": "Stranger"}))
    await desk.booked("2030-05-17T08:00:00Z")

    gone = await desk.client.send("DELETE", f"/api/v1/customers/{stranger['id']}")
    kept = await desk.client.send("DELETE", f"/api/v1/customers/{desk.customer}")

    assert (gone.status, gone.json) == (200, {"data": {"success": True}})
    assert (kept.status, kept.json["code"]) == (409, "BIZ_CUSTOMER_HAS_APPOINTMENTS")


async def test_the_number_that_keeps_slots_apart_is_never_shown(desk: Desk) -> None:
    """It counts over all businesses, and would tell one how many the others employ."""
    reply = await desk.client.get("/api/v1/staff")

    assert "number" not in reply.json["data"][0]


async def test_a_member_books_and_leaves_the_house_rules_alone(desk: Desk) -> None:
    """Roles decide: members work with customers and appointments, admins with everything."""
    member = await desk.portico.member("jonas@kastanie.example", org=desk.org.id, role="member")
    admin = await desk.portico.member("mira@kastanie.example", org=desk.org.id, role="admin")
    service, staff = {"name": "Perm", "duration_minutes": 60}, {"name": "Lena"}

    refused = [
        (await desk.portico.client(member).post("/api/v1/services", service)).status,
        (await desk.portico.client(member).post("/api/v1/staff", staff)).status,
        (await desk.portico.client(member).send("DELETE", f"/api/v1/customers/{desk.customer}")).status,
    ]
    visit, key = desk.visit("2030-05-17T08:00:00Z"), {"idempotency-key": "once"}
    booked = await desk.portico.client(member).post("/api/v1/appointments", visit, headers=key)

    assert refused == [403, 403, 403]
    assert booked.status == 201
    assert (await desk.portico.client(admin).post("/api/v1/staff", staff)).status == 201
