"""Customers are told of their appointments by mail: at once, and the day before."""

from datetime import timedelta

import pytest

from portico.testing import Harness
from tests.promises.business import FIRST_SLOT, Business, open_business

pytestmark = pytest.mark.anyio
BOOKED, MOVED = "your appointment is booked", "your appointment has a new time"
CANCELLED, REMINDED = "your appointment will not take place", "we look forward to seeing you"


@pytest.fixture
async def business(portico: Harness) -> Business:
    """A business in Vienna, whose customer has an address, a week before its first slot."""
    business = await open_business(portico, "Curl")
    business.customer = await business.create("customers", name="Zoë", email="zoe@example.com")
    portico.clock.set(FIRST_SLOT - timedelta(days=7))
    return business


async def book(business: Business) -> str:
    """A booking at the first slot; its id."""
    reply = await business.book("k1", business.visit(scheduled_at=FIRST_SLOT.isoformat()))
    assert reply.status == 201, reply.text
    return str(reply.json["data"]["id"])


async def told(portico: Harness) -> list[str]:
    """What was mailed, by the first words of each text, once all that is due is done."""
    await portico.run_jobs()
    return [mail.text.splitlines()[2].partition(":")[0] for mail in portico.mailbox]


async def test_a_booking_is_confirmed_and_reminded_of(portico: Harness, business: Business) -> None:
    """In the business's own time; the reminder comes a day before, once."""
    await book(business)

    assert await told(portico) == [BOOKED]
    assert "Monday, 06 January 2031, 01:00" in portico.mailbox[0].text
    portico.clock.set(FIRST_SLOT - timedelta(hours=25))
    assert len(await told(portico)) == 1
    portico.clock.advance(timedelta(hours=1))
    assert await told(portico) == [BOOKED, REMINDED]
    assert await portico.enqueued() == []


async def test_a_reminder_moves_with_its_appointment(portico: Harness, business: Business) -> None:
    """The old time passes in silence."""
    id = await book(business)
    await portico.run_jobs()
    later = FIRST_SLOT + timedelta(days=3)
    moved = await business.client.post(f"/api/v1/appointments/{id}/reschedule", {"scheduled_at": later.isoformat()})
    assert moved.status == 200, moved.text

    assert len(await told(portico)) == 2
    portico.clock.set(FIRST_SLOT)
    assert len(await told(portico)) == 2
    portico.clock.set(later - timedelta(hours=24))
    assert await told(portico) == [BOOKED, MOVED, REMINDED]


async def test_nobody_is_reminded_of_what_was_cancelled(portico: Harness, business: Business) -> None:
    """The customer is told that it will not take place, and then nothing more."""
    id = await book(business)
    await portico.run_jobs()
    await business.client.post(f"/api/v1/appointments/{id}/cancel", {"reason": "ill"})

    assert await told(portico) == [BOOKED, CANCELLED]
    assert await portico.enqueued() == []
    portico.clock.set(FIRST_SLOT)
    assert len(await told(portico)) == 2
