"""What Stripe tells, signed by its own library: a subscription's state is the business's plan."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
import stripe as library
from pydantic_core import to_json

from portico.testing import Reply
from salon.billing.inbox import stripe
from tests.salon.desk import Desk, open_desk

pytestmark = pytest.mark.anyio
NUMBERS = count(1)
PLANS = "select id, plan from portico.organizations"
CHANGES = (
    "select metadata ->> 'before' as before, metadata ->> 'plan' as plan, org_id from portico.audit where action = $1"
)


def subscription(desk: Desk, status: str, **changes: object) -> dict[str, Any]:
    """A subscription as Stripe writes it, with more than the Salon reads."""
    about = {"id": "sub_1", "object": "subscription", "customer": "cus_1", "current_period_end": 1_900_000_000}
    return {**about, "status": status, "metadata": {"org_id": str(desk.org.id), "plan": "pro"}, **changes}


async def tell(desk: Desk, what: str, told: object, *, minute: int = 0) -> Reply:
    """Send what Stripe would, as of that minute."""
    created = int(datetime(2030, 5, 17, 12, minute, tzinfo=UTC).timestamp())
    event = {
        "id": f"evt_{next(NUMBERS)}",
        "object": "event",
        "type": what,
        "created": created,
        "data": {"object": told},
    }
    body = to_json(event).decode()
    running = desk.portico.app.running.pipeline.services
    secret = running.keys["stripe", stripe.proof.secret][0].decode()
    stamp = int(desk.portico.clock.now().timestamp())
    signed = library.WebhookSignature.generate_signature_header(payload=body, secret=secret, timestamp=stamp)
    client = desk.portico.client()
    return await client.send(
        "POST", "/api/v1/webhooks/stripe", content=body.encode(), headers={"Stripe-Signature": signed}
    )


async def plan_of(desk: Desk) -> str:
    """The plan that the business is on."""
    found: dict[object, str] = {row["id"]: row["plan"] for row in await desk.portico.rows(PLANS)}
    return found[desk.org.id]


async def test_a_subscription_moves_its_business_to_its_plan(desk: Desk) -> None:
    """And nobody else's; it is on record, with the plan before."""
    elsewhere = await open_desk(desk.portico, "Elsewhere")

    reply = await tell(desk, "customer.subscription.created", subscription(desk, "trialing"))
    before = await plan_of(desk)
    await desk.portico.run_jobs()

    assert (reply.status, before) == (200, "free")
    assert (await plan_of(desk), await plan_of(elsewhere)) == ("pro", "free")
    changes = await desk.portico.rows(CHANGES, "organization.plan_changed")
    assert [tuple(row) for row in changes] == [("free", "pro", desk.org.id)]
    found = (await desk.client.get("/api/v1/subscription")).json["data"]
    assert found == {"status": "trialing", "plan": "pro", "period_end": "2030-03-17T17:46:40Z"}
    assert (await elsewhere.client.get("/api/v1/subscription")).status == 404


@pytest.mark.parametrize(
    ("status", "plan"),
    [("active", "pro"), ("past_due", "pro"), ("canceled", "free"), ("unpaid", "free"), ("incomplete", "free")],
)
async def test_what_is_no_longer_paid_ends(desk: Desk, status: str, plan: str) -> None:
    """Who is past due keeps the plan until Stripe gives up."""
    await tell(desk, "customer.subscription.created", subscription(desk, "active"))
    await tell(desk, "customer.subscription.updated", subscription(desk, status), minute=1)
    await desk.portico.run_jobs()

    assert await plan_of(desk) == plan


async def test_what_comes_late_changes_nothing(desk: Desk) -> None:
    """Stripe keeps no order: the state that it had last counts, whatever arrives when."""
    await tell(desk, "customer.subscription.deleted", subscription(desk, "canceled"), minute=9)
    await desk.portico.run_jobs()
    await tell(desk, "customer.subscription.updated", subscription(desk, "active"), minute=3)
    await desk.portico.run_jobs()

    assert await plan_of(desk) == "free"
    assert (await desk.client.get("/api/v1/subscription")).json["data"]["status"] == "canceled"


@pytest.mark.parametrize(
    ("first", "then", "plan"),
    [
        (("updated", "active"), ("created", "incomplete"), "pro"),
        (("created", "incomplete"), ("updated", "active"), "pro"),
        (("deleted", "canceled"), ("updated", "active"), "free"),
        (("updated", "active"), ("deleted", "canceled"), "free"),
    ],
)
async def test_within_a_second_it_is_created_first_and_ended_last(
    desk: Desk, *, first: tuple[str, str], then: tuple[str, str], plan: str
) -> None:
    """Stripe tells no finer times, and what it tells first may come last."""
    for what, status in (first, then):
        await tell(desk, f"customer.subscription.{what}", subscription(desk, status))
        await desk.portico.run_jobs()

    assert await plan_of(desk) == plan


async def test_the_end_of_a_former_subscription_is_not_that_of_the_one_in_its_place(desk: Desk) -> None:
    """A business that has changed over ends the one that it had."""
    await tell(desk, "customer.subscription.created", subscription(desk, "active"))
    await desk.portico.run_jobs()
    await tell(desk, "customer.subscription.created", subscription(desk, "active", id="sub_2"), minute=1)
    await desk.portico.run_jobs()
    await tell(desk, "customer.subscription.deleted", subscription(desk, "canceled"), minute=2)
    await desk.portico.run_jobs()

    assert await plan_of(desk) == "pro"
    await tell(desk, "customer.subscription.deleted", subscription(desk, "canceled", id="sub_2"), minute=3)
    await desk.portico.run_jobs()
    assert await plan_of(desk) == "free"


async def test_the_quota_is_that_of_the_plan(desk: Desk) -> None:
    """Four members of staff are free; with the plan there may be more, at once."""
    for name in ("Bea", "Cid", "Dan"):
        await desk.add_staff(name)
    refused = await desk.client.post("/api/v1/staff", {"name": "Eve"})
    await tell(desk, "customer.subscription.created", subscription(desk, "active"))
    await desk.portico.run_jobs()

    assert (refused.status, refused.json["code"]) == (403, "BIZ_QUOTA_EXCEEDED")
    assert (await desk.client.post("/api/v1/staff", {"name": "Eve"})).status == 201


async def test_what_has_no_handler_yet_is_kept(desk: Desk) -> None:
    """Payments are stored as they came, to be handled once something does."""
    reply = await tell(desk, "payment_intent.succeeded", {"id": "pi_1"})

    assert reply.status == 200
    assert await desk.portico.run_jobs() == 0
    (kept,) = await desk.portico.rows("select kind, handler, body is not null as whole from portico.inbox")
    assert tuple(kept) == ("payment_intent.succeeded", None, True)


async def test_a_subscription_of_nobody_here_is_given_up_in_sight(desk: Desk) -> None:
    """One that names no business, and one that names a plan that there is not."""
    lost = subscription(desk, "active", metadata={"org_id": "00000000-0000-0000-0000-000000000009", "plan": "pro"})
    odd = subscription(desk, "active", metadata={"org_id": str(desk.org.id), "plan": "gold"})
    for told in (lost, odd):
        await tell(desk, "customer.subscription.created", told)
    await desk.portico.run_jobs()

    dead = await desk.portico.rows(
        "select problem ->> 'code' as code from portico.jobs where state = 'dead' order by seq"
    )
    assert [row["code"] for row in dead] == ["NOT_FOUND", "VALIDATION_ERROR"]
    assert await plan_of(desk) == "free"
