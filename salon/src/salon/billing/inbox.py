"""What Stripe sends: the state of a subscription decides a business's plan."""

from sqlalchemy import select

from portico import Allow, Module, OrgContext, Signature, SystemContext, TenantContext
from portico.modules.organizations import set_plan
from salon.billing.models import PAID, Subscription, SubscriptionEvent
from salon.billing.tables import subscriptions

module = Module("billing")
stripe = module.webhook("POST /webhooks/stripe", Signature("stripe", "STRIPE_WEBHOOK_SECRET", optional=True))

# Stripe tells times in seconds, and keeps no order: within one, a subscription is created first and ended last. One
# that is not paid for does not take the place of another that is: who has changed over ends the former one.
NOTE = """
    insert into subscriptions as s (stripe_id, status, plan, period_end, told_at)
    values (:id, :status, :plan, cast(:period_end as timestamptz), cast(:told_at as timestamptz))
    on conflict on constraint subscriptions_one_each do update
       set stripe_id = excluded.stripe_id, status = excluded.status, plan = excluded.plan,
           period_end = excluded.period_end, told_at = excluded.told_at
     where s.told_at <= excluded.told_at
       and case when s.stripe_id = excluded.stripe_id
                then s.told_at < excluded.told_at or not (:is_first or s.status = 'canceled')
                else excluded.status = any (:paid) or not s.status = any (:paid) end
"""
FIRST = "customer.subscription.created"
GET = select(subscriptions.c.status, subscriptions.c.plan, subscriptions.c.period_end)


@stripe.on(FIRST, "customer.subscription.updated", "customer.subscription.deleted", whole=True)
async def subscription_changed(ctx: SystemContext, event: SubscriptionEvent) -> None:
    """Note a subscription's state, unless a later one is known, and move its business to the plan it pays for."""
    told = event.data.object
    async with ctx.within(told.metadata.org_id) as inside:
        await _follow(inside, event)


async def _follow(ctx: TenantContext, event: SubscriptionEvent) -> None:
    told = event.data.object
    noted = await ctx.db.execute(
        NOTE,
        id=told.id,
        status=told.status,
        plan=told.metadata.plan,
        period_end=told.current_period_end,
        told_at=event.created,
        is_first=event.type == FIRST,
        paid=sorted(PAID),
    )
    if noted:
        await set_plan(ctx, told.metadata.plan if told.status in PAID else "free")


@module.query("GET /subscription", Allow("billing:read"))
async def get(ctx: OrgContext) -> Subscription:
    """What the business is subscribed to; not found where it never was."""
    return await ctx.db.one(GET, Subscription)
