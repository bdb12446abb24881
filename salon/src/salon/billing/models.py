"""What Stripe tells of a subscription, as far as it matters here."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel

Status = Literal["active", "trialing", "past_due", "canceled", "unpaid", "incomplete", "incomplete_expired", "paused"]
Plan = Literal["pro", "business"]
PAID: frozenset[Status] = frozenset({"active", "trialing", "past_due"})
"""While it is in one of these, the business has what it pays for: who is past due is reminded first."""


class Whose(BaseModel):
    """What the Salon has told Stripe of a subscription."""

    org_id: UUID
    plan: Plan


class StripeSubscription(BaseModel):
    """A subscription, as Stripe has it."""

    id: str
    status: Status
    metadata: Whose
    current_period_end: AwareDatetime | None = None


class Held(BaseModel):
    """Stripe's envelope of an object."""

    object: StripeSubscription


class SubscriptionEvent(BaseModel):
    """An event about a subscription, and when Stripe had it: events may come in another order."""

    type: str
    created: AwareDatetime
    data: Held


class Subscription(BaseModel):
    """What the business is subscribed to."""

    status: Status
    plan: Plan
    period_end: datetime | None
