"""Webhooks of the organization: where other systems are told of what happens here, and how that went."""

from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, Field

from portico import Allow, Form, Html, Interactive, Keyset, OrgContext, RateLimit
from portico.modules.webhooks import (
    DeliveryFilter,
    EndpointChanges,
    NewEndpoint,
    create_endpoint,
    delete_endpoint,
    find_deliveries,
    find_endpoints,
    find_events,
    get_delivery,
    get_endpoint,
    redeliver,
    redeliver_missed,
    rotate_secret,
    send_sample,
    update_endpoint,
)
from salon.frame import by_thing, framed
from salon.team.module import team

PAGE = 20
MANAGE = Allow("webhooks:manage")
HERE = "/organization/webhooks"


def _or_none(value: object) -> object:
    """A form sends what is left open, too."""
    return value or None


class Wanted(DeliveryFilter):
    """Which deliveries the page's form asks for."""

    state: Annotated[str | None, BeforeValidator(_or_none), Field(pattern="^(waiting|done|failed)$")] = None  # type: ignore[assignment]  # a form sends it empty


class EndpointEdited(NewEndpoint):
    """The form of an endpoint: what is not ticked is off, and some event is ticked."""

    enabled: bool = False
    version: int


@team.query(f"GET {HERE}", MANAGE, Interactive())
async def webhooks(ctx: OrgContext, done: str = "") -> Html:
    """Show where events are sent."""
    return await framed(ctx, "team/webhooks.html", {"endpoints": await ctx.call(find_endpoints)}, done=done)


@team.query(f"GET {HERE}/new", MANAGE, Interactive())
async def new_webhook(ctx: OrgContext) -> Html:
    """Ask where to, and of what; the secret is shown here, once."""
    return await framed(ctx, "team/new_webhook.html", {"things": await _events(ctx), "now": ctx.now})


@team.query(f"GET {HERE}/{{id}}", MANAGE, Interactive())
async def webhook(ctx: OrgContext, id: UUID, wanted: Wanted, *, page: Keyset, done: str = "") -> Html:
    """Show an endpoint in a form, and what was delivered to it, the newest first."""
    filter, page = DeliveryFilter.model_validate(wanted.model_dump()), page.model_copy(update={"limit": PAGE})
    values = {
        "endpoint": await ctx.call(get_endpoint, id=id),
        "deliveries": await ctx.call(find_deliveries, id=id, filter=filter, page=page),
        "things": await _events(ctx),
        "wanted": wanted,
        "continued": page.after is not None,
    }
    return await framed(ctx, "team/webhook.html", values, done=done)


@team.query(f"GET {HERE}/{{id}}/secret", MANAGE, Interactive())
async def webhook_secret(ctx: OrgContext, id: UUID) -> Html:
    """Ask for how long the former secret shall count beside a new one, which is shown here, once."""
    values = {"endpoint": await ctx.call(get_endpoint, id=id), "now": ctx.now}
    return await framed(ctx, "team/webhook_secret.html", values)


@team.query("GET /organization/deliveries/{id}", MANAGE, Interactive())
async def webhook_delivery(ctx: OrgContext, id: UUID, done: str = "") -> Html:
    """Show what was sent, and how each attempt went."""
    delivery = await ctx.call(get_delivery, id=id)
    endpoint = await ctx.call(get_endpoint, id=delivery.endpoint_id)
    return await framed(ctx, "team/delivery.html", {"delivery": delivery, "endpoint": endpoint}, done=done)


@team.mutation(
    f"POST {HERE}/{{id}}",
    MANAGE,
    RateLimit("writes"),
    Interactive(),
    Form(page=webhook, then=f"{HERE}/{{id}}?done=webhook-saved"),
)
async def edit_webhook(ctx: OrgContext, id: UUID, data: EndpointEdited) -> None:
    """Take the endpoint from the page."""
    await ctx.call(update_endpoint, id=id, data=EndpointChanges.model_validate(data.model_dump()))


async def _events(ctx: OrgContext) -> dict[str, list[str]]:
    """What can be ticked: everything, all of a thing, each event."""
    names = [kind.name for kind in await ctx.call(find_events)]
    return by_thing({"*", *names, *(f"{name.partition('.')[0]}.*" for name in names)}, mark=".")


team.form(HERE, create_endpoint, page=new_webhook)
team.form(f"{HERE}/{{id}}/secret", rotate_secret, page=webhook_secret)
team.form(
    f"{HERE}/{{id}}/test", send_sample, page=webhook, then="/organization/deliveries/{result.id}?done=webhook-sent"
)
team.form(f"{HERE}/{{id}}/redeliver", redeliver_missed, page=webhook, then=f"{HERE}/{{id}}?done=webhook-sent")
team.form(f"{HERE}/{{id}}/delete", delete_endpoint, page=webhook, then=f"{HERE}?done=webhook-deleted")
team.form(
    "/organization/deliveries/{id}/redeliver",
    redeliver,
    page=webhook_delivery,
    then="/organization/deliveries/{id}?done=webhook-sent",
)
