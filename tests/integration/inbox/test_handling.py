"""What becomes of an event: handled by a job, once, however often it comes; never lost."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from portico import Org
from portico.testing import Harness
from tests.integration.inbox.till import OUTAGE, TROUBLES, guests, orders, parcels, stripe
from tests.integration.jobs.test_upkeep import sweep

pytestmark = pytest.mark.anyio
INBOX = (
    "select event, kind, handler, handled_at is not null as handled, body, repeated from portico.inbox order by kind"
)
JOBS = "select name, state, attempt, problem ->> 'code' as code, input::text from portico.jobs"
Told = list[tuple[object, ...]]
PAID: dict[str, Any] = {"id": "in_1", "amount_paid": 4200}


@pytest.fixture
async def alpha(portico: Harness) -> Org:
    """An organization."""
    return await portico.organization("Alpha")


async def test_an_event_is_handled_by_a_job(portico: Harness, told: Told) -> None:
    """Not before it is answered; what the handler is given is the object, as its model."""
    reply = await portico.client().deliver(stripe, "invoice.paid", PAID)
    assert (reply.status, told) == (200, [])

    assert await portico.run_jobs() == 1

    (row,) = await portico.rows("select id, handled_at from portico.inbox")
    assert told == [("paid", "in_1", 4200, row["id"])]
    assert row["handled_at"] is not None
    assert [event.model_dump() for event in await portico.emitted()] == [{"what": "in_1"}]


async def test_an_event_that_comes_again_is_handled_once(portico: Harness, told: Told) -> None:
    """At the same time, a while later, or after it was handled: the provider's id decides."""
    client, same = portico.client(), {"id": "evt_1"}
    replies = await asyncio.gather(*(client.deliver(stripe, "invoice.paid", PAID, changes=same) for _ in range(5)))
    await portico.run_jobs()
    portico.clock.advance(timedelta(days=3))
    replies.append(await client.deliver(stripe, "invoice.paid", {"id": "in_2"}, changes=same))
    await portico.run_jobs()

    assert [reply.status for reply in replies] == [200] * 6
    assert sorted(reply.json["data"]["duplicate"] for reply in replies) == [False, *[True] * 5]
    assert [entry[1] for entry in told] == ["in_1"]
    assert [row["repeated"] for row in await portico.rows(INBOX)] == [5]


async def test_the_same_id_of_two_providers_is_two_events(portico: Harness, told: Told) -> None:
    """An id means something to its provider alone; a body without one is known by its own digest."""
    client = portico.client()
    await client.deliver(stripe, "invoice.paid", PAID, changes={"id": "1"})
    await client.deliver(parcels, "parcel.sent", {"id": "p"}, changes={"id": 1})
    for name in ("Ann", "Ann", "Bob"):
        await client.deliver(guests, "INSERT:guests", {"id": 1, "name": name})
    await portico.run_jobs()

    assert sorted(str(entry[1]) for entry in told) == ["Ann", "Bob", "in_1", "p"]


async def test_what_fails_leaves_nothing_and_is_tried_again(portico: Harness, told: Told) -> None:
    """What the failed attempt had done is undone; the event waits, and is handled in the end."""
    TROUBLES.append(OUTAGE)
    await portico.client().deliver(stripe, "invoice.paid", PAID)

    await portico.run_jobs()
    waiting, emitted = (await portico.rows(JOBS))[0], await portico.emitted()
    portico.clock.advance(timedelta(minutes=2))
    await portico.run_jobs()

    assert (waiting["state"], waiting["code"], emitted) == ("waiting", "EXTERNAL_SERVICE_ERROR", [])
    assert len(told) == 2
    assert len(await portico.emitted()) == 1
    assert [row["handled"] for row in await portico.rows(INBOX)] == [True]


async def test_what_fails_for_good_stays_in_sight(portico: Harness) -> None:
    """After the last attempt the job is dead, the event unhandled; the job itself holds nothing of it."""
    TROUBLES.extend([OUTAGE] * 3)
    await portico.client().deliver(stripe, "invoice.paid", PAID)
    for _ in range(4):
        await portico.run_jobs()
        portico.clock.advance(timedelta(hours=1))

    assert [tuple(job) for job in await portico.rows(JOBS)] == [
        ("till.invoice_paid", "dead", 3, "EXTERNAL_SERVICE_ERROR", "{}")
    ]
    assert [(row["handled"], row["body"] is not None) for row in await portico.rows(INBOX)] == [(False, True)]


async def test_what_is_not_as_the_handler_expects_is_given_up_at_once(portico: Harness) -> None:
    """Trying again would not help; the reason names the member."""
    await portico.client().deliver(stripe, "invoice.paid", {"id": "in_1", "amount_paid": -1})
    await portico.client().deliver(stripe, "invoice.paid", "no object")
    await portico.run_jobs()

    problems = await portico.rows("select problem ->> 'message' as said, attempt from portico.jobs order by seq")
    assert [tuple(row) for row in problems] == [("amount_paid: VAL_TOO_SMALL", 1), ("id: VAL_REQUIRED_FIELD", 1)]


async def test_what_nobody_handles_is_stored_and_answered(portico: Harness) -> None:
    """The provider need not know; it is there to be looked at, and can be handled later."""
    reply = await portico.client().deliver(orders, "order.lost", {"id": "o"})

    assert reply.status == 200
    assert await portico.run_jobs() == 0
    assert [(row["kind"], row["handler"]) for row in await portico.rows(INBOX)] == [("order.lost", None)]


async def test_kinds_find_their_handlers(portico: Harness, told: Told) -> None:
    """Several kinds for one, the rest for `*`; a change of a row by table, with the row that was, where it is whole."""
    client = portico.client()
    await client.deliver(orders, "order.placed", {"id": "o1"})
    await client.deliver(orders, "order.changed", {"id": "o2"})
    await client.deliver(parcels, "parcel.lost", {"id": "p"})
    await client.deliver(guests, "DELETE:guests", {"id": 1, "name": "Ann"})
    await client.deliver(guests, "DELETE:other.guests", {"id": 1, "name": "Bob"})
    was = {"old_record": {"id": 2, "name": "Cid"}}
    await client.deliver(guests, "UPDATE:guests", {"id": 2, "name": "Dan"}, changes=was)
    await portico.run_jobs()

    assert told == [("order", "o1"), ("order", "o2"), ("whatever", "p"), ("guest", "Ann"), ("renamed", "Cid", "Dan")]


async def test_a_handler_enters_an_organization(portico: Harness, alpha: Org) -> None:
    """By its id; what it does there is the organization's."""
    await portico.client().deliver(stripe, "invoice.paid", PAID | {"org": str(alpha.id)})
    await portico.run_jobs()

    rows = await portico.rows("select org_id, data ->> 'what' as what from portico.outbox order by id")
    assert {(row["org_id"], row["what"]) for row in rows} == {(None, "in_1"), (alpha.id, "Alpha")}


async def test_an_organization_that_is_not_there_is_no_reason_to_forget(portico: Harness, told: Told) -> None:
    """The job is given up, the event kept."""
    await portico.client().deliver(stripe, "invoice.paid", PAID | {"org": "00000000-0000-0000-0000-000000000001"})
    await portico.run_jobs()

    assert [(job["state"], job["code"]) for job in await portico.rows(JOBS)] == [("dead", "NOT_FOUND")]
    assert [row["handled"] for row in await portico.rows(INBOX)] == [False]
    assert len(told) == 1


async def test_any_text_that_json_can_hold_is_handled(portico: Harness, told: Told) -> None:
    """A NUL, which no text of the database can hold, and letters of everywhere."""
    await portico.client().deliver(orders, "order.placed", {"id": "a\u0000b ä 漢 🙂"})
    await portico.run_jobs()

    assert told == [("order", "a\u0000b ä 漢 🙂")]


async def test_what_was_handled_loses_its_body_in_time(portico: Harness) -> None:
    """After so many days the body is gone and the id known; what was not handled keeps it."""
    client = portico.client()
    await client.deliver(orders, "order.placed", {"id": "o"})
    await client.deliver(orders, "order.unknown", {"id": "o"})
    await client.deliver(stripe, "invoice.paid", {"of": "no use"})
    await portico.run_jobs()
    await sweep(portico)
    portico.clock.advance(timedelta(days=31))
    assert [row["body"] is not None for row in await portico.rows(INBOX)] == [True] * 3

    await sweep(portico)
    kept = {row["kind"]: row["body"] is not None for row in await portico.rows(INBOX)}
    portico.clock.advance(timedelta(days=365))
    await sweep(portico)

    assert kept == {"invoice.paid": True, "order.placed": False, "order.unknown": False}
    assert [row["kind"] for row in await portico.rows(INBOX)] == ["invoice.paid"]
