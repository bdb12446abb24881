"""Endpoints: made, changed, given another secret, deleted."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import Field

from portico import (
    Allow,
    Audit,
    Created,
    FieldError,
    Invalid,
    Invalidates,
    NotFound,
    OrgContext,
    Raises,
    RateLimit,
    Stale,
)
from portico.core.context import call_of
from portico.core.webhooks import WebhookTerms
from portico.modules.webhooks.errors import TooManyEndpoints
from portico.modules.webhooks.models import Endpoint, EndpointChanges, IssuedEndpoint, NewEndpoint
from portico.modules.webhooks.module import webhooks
from portico.modules.webhooks.sending import about
from portico.modules.webhooks.signing import SIZE, secret_of
from portico.modules.webhooks.statements import COUNT, CREATE, DELETE, FIND, GET, HOLD, LOCK_ORG, ROTATE, UPDATE

MANAGE = "webhooks:manage"
Hours = Annotated[float, Field(ge=0, le=720)]


@webhooks.mutation(
    "POST /webhooks/endpoints",
    Allow(MANAGE),
    RateLimit("30/h", by="org", fail="closed"),
    Raises(TooManyEndpoints),
    Audit("webhook.created", target="{result.id}"),
    Invalidates("webhooks"),
    Created("/webhooks/endpoints/{result.id}"),
)
async def create_endpoint(ctx: OrgContext, data: NewEndpoint) -> IssuedEndpoint:
    """Have events sent to an address from now on; the secret that signs them is shown once."""
    _check(ctx, data.url, data.events)
    await ctx.db.one(LOCK_ORG, UUID, org=ctx.org.id)
    if await ctx.db.one(COUNT, int, org=ctx.org.id) >= terms_of(ctx).endpoints:
        raise TooManyEndpoints
    id, secret = ctx.new_id(), _new_secret()
    sealed = ctx.seal(secret.encode(), about(id))
    made = await ctx.db.one(CREATE, Endpoint, data, org=ctx.org.id, id=id, sealed=sealed, by=ctx.user.id)
    ctx.audit(host=urlsplit(made.url).hostname, events=made.events)
    return IssuedEndpoint(**dict(made), secret=secret)


@webhooks.query("GET /webhooks/endpoints", Allow(MANAGE))
async def find_endpoints(ctx: OrgContext) -> list[Endpoint]:
    """The organization's endpoints, the oldest first."""
    return await ctx.db.all(FIND, Endpoint, org=ctx.org.id)


@webhooks.query("GET /webhooks/endpoints/{id}", Allow(MANAGE))
async def get_endpoint(ctx: OrgContext, id: UUID) -> Endpoint:
    """One endpoint."""
    return await ctx.db.one(GET, Endpoint, org=ctx.org.id, id=id)


@webhooks.mutation(
    "PATCH /webhooks/endpoints/{id}",
    Allow(MANAGE),
    RateLimit("writes", fail="closed"),
    Raises(Stale),
    Audit("webhook.updated", target="{id}"),
    Invalidates("webhooks"),
)
async def update_endpoint(ctx: OrgContext, id: UUID, data: EndpointChanges) -> Endpoint:
    """Change an endpoint, or switch it off or on; what waits for one that is switched off counts as failed."""
    former = await ctx.db.one(HOLD, Endpoint, org=ctx.org.id, id=id)
    if data.version not in {None, former.version}:
        raise Stale(at="version")
    _check(ctx, data.url, data.events or ())
    ctx.audit(changed=sorted(data.model_dump(exclude_none=True, exclude={"version"})))
    return await ctx.db.one(UPDATE, Endpoint, data, org=ctx.org.id, id=id)


@webhooks.mutation(
    "POST /webhooks/endpoints/{id}/rotate",
    Allow(MANAGE),
    RateLimit("30/h", by="org", fail="closed"),
    Audit("webhook.secret_rotated", target="{id}"),
    Invalidates("webhooks"),
)
async def rotate_secret(ctx: OrgContext, id: UUID, *, overlap_hours: Hours | None = None) -> IssuedEndpoint:
    """Give an endpoint another secret, shown once; the former one signs beside it for as long as the overlap."""
    secret = _new_secret()
    sealed = ctx.seal(secret.encode(), about(id))
    until = _end_of_overlap(ctx, overlap_hours)
    made = await ctx.db.one(ROTATE, Endpoint, org=ctx.org.id, id=id, sealed=sealed, until=until)
    return IssuedEndpoint(**dict(made), secret=secret)


@webhooks.mutation(
    "DELETE /webhooks/endpoints/{id}",
    Allow(MANAGE),
    RateLimit("writes", fail="closed"),
    Audit("webhook.deleted", target="{id}"),
    Invalidates("webhooks"),
)
async def delete_endpoint(ctx: OrgContext, id: UUID) -> None:
    """Delete an endpoint with its secret and the log of its deliveries."""
    if not await ctx.db.execute(DELETE, org=ctx.org.id, id=id):
        raise NotFound


def terms_of(ctx: OrgContext) -> WebhookTerms:
    """What the settings say."""
    return call_of(ctx).services.webhooks


def _check(ctx: OrgContext, url: str | None, events: Sequence[str]) -> None:
    """Raise Invalid, by member, for an address that may not be called and for events that there are not."""
    errors: dict[str, list[FieldError]] = {}
    try:
        if url is not None:
            terms_of(ctx).reach.read(url)
    except ValueError as problem:
        errors["url"] = [FieldError("VAL_INVALID_URL", default=str(problem))]
    known = call_of(ctx).services.events
    for at, filter in enumerate(events):
        if not any(wants(filter, name) for name in known):
            errors[f"events.{at}"] = [FieldError("VAL_UNKNOWN_EVENT", {"event": filter})]
    if errors:
        raise Invalid(errors=errors)


def wants(filter: str, event: str) -> bool:
    """Whether a filter names an event."""
    return filter in {"*", event} or (filter.endswith(".*") and event.startswith(filter[:-1]))


def _new_secret() -> str:
    return secret_of(secrets.token_bytes(SIZE))


def _end_of_overlap(ctx: OrgContext, hours: float | None) -> datetime:
    seconds = terms_of(ctx).overlap if hours is None else hours * 3600
    return ctx.now + timedelta(seconds=seconds)
