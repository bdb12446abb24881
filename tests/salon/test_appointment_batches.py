"""Many appointments are confirmed or cancelled at a time: all of them, or none."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from portico.testing import Harness, Reply, open_harness
from tests.promises.proxy import Proxy, proxy_before
from tests.salon.desk import Desk, made, open_desk

pytestmark = pytest.mark.anyio
FIRST = datetime(2031, 1, 6, 8, tzinfo=UTC)
CONFIRM, CANCEL = "/api/v1/appointments/confirm-many", "/api/v1/appointments/cancel-many"
TRIPS = 4
"""BEGIN, gate, close with COMMIT; and the handler's one."""
RECORDED = "select target, metadata::text from portico.audit where action = $1 order by id"


async def visits(desk: Desk, count: int, *, since: datetime = FIRST) -> list[str]:
    """So many bookings, an hour apart; their ids."""
    return [(await desk.booked((since + timedelta(hours=n)).isoformat()))["id"] for n in range(count)]


async def statuses(desk: Desk) -> list[str]:
    """How the appointments stand, by time."""
    return [row["status"] for row in await desk.list()]


async def confirm(desk: Desk, ids: Sequence[str]) -> Reply:
    """Confirm those."""
    return await desk.client.post(CONFIRM, {"ids": ids})


async def cancel(desk: Desk, ids: Sequence[str]) -> Reply:
    """Cancel those."""
    return await desk.client.post(CANCEL, {"ids": ids, "reason": "Burst pipe"})


async def test_many_are_confirmed_at_a_time(desk: Desk) -> None:
    """Given in the order of the request, each once; an audit row and an event for each."""
    first, second, third = await visits(desk, 3)

    reply = await confirm(desk, [second, first, second])

    assert [(a["id"], a["status"], a["version"]) for a in reply.json["data"]] == [
        (second, "confirmed", 2),
        (first, "confirmed", 2),
    ]
    assert reply.headers["invalidates"] == "appointments"
    assert await statuses(desk) == ["confirmed", "confirmed", "booked"]
    assert [row["target"] for row in await desk.portico.rows(RECORDED, "appointment.confirmed")] == [second, first]
    events = [event.model_dump(mode="json") for event in await desk.portico.emitted()]
    assert [event["appointment"]["id"] for event in events] == [first, second, third, second, first]


async def test_what_is_confirmed_already_is_left_as_it_is(desk: Desk) -> None:
    """It is not told again, and stands in nobody's way."""
    first, second = await visits(desk, 2)
    await confirm(desk, [first])

    again = await confirm(desk, [first, second])

    assert [a["id"] for a in again.json["data"]] == [second]
    assert len(await desk.portico.rows(RECORDED, "appointment.confirmed")) == 2


async def test_many_are_cancelled_for_one_reason(desk: Desk) -> None:
    """It is on every row, in every audit row and every event; the slots are free again."""
    ids = await visits(desk, 2)

    reply = await cancel(desk, ids)

    assert [(a["id"], a["status"], a["cancel_reason"]) for a in reply.json["data"]] == [
        (id, "cancelled", "Burst pipe") for id in ids
    ]
    recorded = await desk.portico.rows(RECORDED, "appointment.cancelled")
    assert [tuple(row) for row in recorded] == [(id, '{"reason": "Burst pipe"}') for id in ids]
    assert len(await visits(desk, 2)) == 2


@pytest.mark.parametrize("path", [CONFIRM, CANCEL])
async def test_one_that_is_wrong_undoes_all(desk: Desk, path: str) -> None:
    """Each at its place: one that is over, and one that is another business's."""
    open_one, over = await visits(desk, 2)
    await cancel(desk, [over])
    other = await open_desk(desk.portico, "Salon Linde")
    strange = (await visits(other, 1))[0]

    refused = await desk.client.post(path, {"ids": [open_one, over, strange], "reason": "Burst pipe"})

    assert refused.status == 422
    assert {at: [e["code"] for e in found] for at, found in refused.json["errors"].items()} == {
        "ids.1": ["BIZ_APPOINTMENT_CLOSED"],
        "ids.2": ["NOT_FOUND"],
    }
    assert (await statuses(desk), await statuses(other)) == (["booked", "cancelled"], ["booked"])


async def test_a_batch_has_one_to_a_hundred_items(desk: Desk) -> None:
    """None and too many are refused before anything is read."""
    none, many = await confirm(desk, []), await confirm(desk, [desk.customer] * 101)

    assert [reply.json["errors"]["ids"][0]["code"] for reply in (none, many)] == ["VAL_TOO_SHORT", "VAL_TOO_LONG"]


async def test_customers_of_a_batch_are_told_and_reminded_no_more(desk: Desk) -> None:
    """A mail to each; a confirmed visit is still reminded of, a cancelled one is not."""
    desk.portico.clock.set(FIRST - timedelta(days=7))
    guest = made(await desk.client.post("/api/v1/customers", {"name": "Zoë", "email": "zoe@example.com"}))["id"]
    desk = replace(desk, customer=guest)
    kept, lost, gone = await visits(desk, 3)
    await desk.portico.run_jobs()
    before = len(desk.portico.mailbox)

    await confirm(desk, [kept, lost])
    await cancel(desk, [lost, gone])
    await desk.portico.run_jobs()
    told = desk.portico.mailbox[before:]
    desk.portico.clock.set(FIRST)
    await desk.portico.run_jobs()

    assert (before, len(told), len(desk.portico.mailbox)) == (3, 2, 6)
    assert all("will not take place" in mail.text for mail in told)
    assert "look forward" in desk.portico.mailbox[-1].text


@pytest.fixture
async def wire(portico: Harness) -> AsyncIterator[tuple[Desk, Proxy]]:
    """A desk that reaches its database by way of a proxy."""
    async with (
        proxy_before(portico.urls.app) as proxy,
        open_harness(portico.app, replace(portico.urls, app=proxy.url), portico_rate_limit_factor=1000) as harness,
    ):
        yield await open_desk(harness, "Salon Esche", timezone="Europe/Vienna"), proxy


async def test_fifty_take_no_more_statements_than_two(wire: tuple[Desk, Proxy]) -> None:
    """Counted on the wire: the rows, their audit and their events, in the same trips."""
    desk, proxy = wire
    warm, few = await visits(desk, 2), await visits(desk, 2, since=FIRST + timedelta(days=1))
    many = await visits(desk, 50, since=FIRST + timedelta(days=2))
    trips: list[int] = []
    for ids in (warm, few, many):
        for act in (confirm, cancel):
            proxy.sent.clear()
            reply = await act(desk, ids)
            assert (reply.status, len(reply.json["data"])) == (200, len(ids)), reply.text
            trips.append(
                sum(not said.startswith("notify") for said in proxy.sent)
            )  # that wakes workers, for many at once

    assert trips[2:] == [TRIPS] * 4, proxy.sent
