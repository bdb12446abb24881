"""Deliveries: looked up, made again, tried with an example."""

from uuid import UUID

from pydantic_core import to_json

from portico import Allow, Audit, FieldError, Invalid, Invalidates, Keyset, OrgContext, Raises, RateLimit, Slice
from portico.core.context import call_of
from portico.modules.webhooks.catalog import example_of
from portico.modules.webhooks.endpoints import MANAGE, wants
from portico.modules.webhooks.errors import EndpointDisabled
from portico.modules.webhooks.models import (
    Attempt,
    Delivery,
    DeliveryFilter,
    DeliveryShown,
    Endpoint,
    EventName,
    Missed,
)
from portico.modules.webhooks.module import webhooks
from portico.modules.webhooks.statements import (
    AGAIN,
    ALL_AGAIN,
    GET,
    HOLD,
    LOG,
    ONE,
    PUT_SAMPLE,
    RING,
    SEND,
    deliveries,
)
from portico.modules.webhooks.telling import body_of


class Kept(Delivery):
    """A delivery with what is sent."""

    body: str


@webhooks.query("GET /webhooks/endpoints/{id}/deliveries", Allow(MANAGE))
async def find_deliveries(ctx: OrgContext, id: UUID, *, filter: DeliveryFilter, page: Keyset) -> Slice[Delivery]:
    """What was and is to be delivered to an endpoint, the newest first."""
    await ctx.db.one(GET, Endpoint, org=ctx.org.id, id=id)
    return await ctx.db.page(deliveries(), Delivery, page, filter, endpoint=id)


@webhooks.query("GET /webhooks/deliveries/{id}", Allow(MANAGE))
async def get_delivery(ctx: OrgContext, id: UUID) -> DeliveryShown:
    """A delivery: what is sent, and how each attempt went."""
    kept = await ctx.db.one(ONE, Kept, org=ctx.org.id, id=id)
    return DeliveryShown(**dict(kept), log=await ctx.db.all(LOG, Attempt, org=ctx.org.id, id=id))


@webhooks.mutation(
    "POST /webhooks/deliveries/{id}/redeliver",
    Allow(MANAGE),
    RateLimit("writes", fail="closed"),
    Raises(EndpointDisabled),
    Audit("webhook.redelivered", target="{id}"),
    Invalidates("webhooks"),
)
async def redeliver(ctx: OrgContext, id: UUID) -> Delivery:
    """Deliver once more, with all attempts: the same `webhook-id` and body, signed with the secret of now."""
    found = await ctx.db.one(ONE, Delivery, org=ctx.org.id, id=id)
    await _held(ctx, found.endpoint_id, also_disabled=found.sample)
    await ctx.db.execute(AGAIN, org=ctx.org.id, id=id, now=ctx.now)
    await ctx.db.execute(RING)
    return await ctx.db.one(ONE, Delivery, org=ctx.org.id, id=id)


@webhooks.mutation(
    "POST /webhooks/endpoints/{id}/redeliver",
    Allow(MANAGE),
    RateLimit("30/h", by="org", fail="closed"),
    Raises(EndpointDisabled),
    Audit("webhook.redelivered", target="{id}"),
    Invalidates("webhooks"),
)
async def redeliver_missed(ctx: OrgContext, id: UUID, data: Missed) -> int:
    """Deliver once more all that has failed, or what has arrived, of some time; how many deliveries that are."""
    await _held(ctx, id)
    count = await ctx.db.execute(ALL_AGAIN, data, org=ctx.org.id, id=id, now=ctx.now)
    await ctx.db.execute(RING)
    ctx.audit(count=count)
    return count


@webhooks.mutation(
    "POST /webhooks/endpoints/{id}/test",
    Allow(MANAGE),
    RateLimit("30/h", by="org", fail="closed"),
    Audit("webhook.tested", target="{id}"),
    Invalidates("webhooks"),
)
async def send_sample(ctx: OrgContext, id: UUID, *, event: EventName | None = None) -> Delivery:
    """Send an example of an event, marked by `"sample": true`, once; to one that is switched off, too."""
    endpoint = await _held(ctx, id, also_disabled=True)
    name, body = _sample(ctx, endpoint, event)
    message, delivery = ctx.new_id(), ctx.new_id()
    sent = body_of(message, name, at=ctx.now, data=body)
    await ctx.db.execute(PUT_SAMPLE, org=ctx.org.id, id=message, event=name, body=_marked(sent), now=ctx.now)
    await ctx.db.execute(SEND, org=ctx.org.id, id=delivery, endpoint=id, message=message, now=ctx.now)
    await ctx.db.execute(RING)
    return await ctx.db.one(ONE, Delivery, org=ctx.org.id, id=delivery)


async def _held(ctx: OrgContext, id: UUID, *, also_disabled: bool = False) -> Endpoint:
    """The endpoint, kept from changing; raises EndpointDisabled."""
    endpoint = await ctx.db.one(HOLD, Endpoint, org=ctx.org.id, id=id)
    if not endpoint.enabled and not also_disabled:
        raise EndpointDisabled
    return endpoint


def _sample(ctx: OrgContext, endpoint: Endpoint, wanted: str | None) -> tuple[str, str]:
    """The event asked for, or the first that the endpoint is told of, and its example as JSON."""
    known = call_of(ctx).services.events
    name = wanted or next((name for name in known if any(wants(f, name) for f in endpoint.events)), "")
    if name not in known:
        raise Invalid(errors={"event": [FieldError("VAL_UNKNOWN_EVENT", {"event": name})]})
    return name, to_json(example_of(known[name])).decode()


def _marked(body: str) -> str:
    return f'{body[:-1]},"sample":true}}'
