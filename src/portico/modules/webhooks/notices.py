"""The owners are told when an endpoint was switched off."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from portico import Mails, TenantContext
from portico.modules.webhooks.module import webhooks

STOPPED = "select url, stopped from portico.webhook_endpoints where id = :id and stopped is not null"
OWNERS = """
    select email from portico.organization_members_v1(:org)
     where kind = 'person' and (role = 'owner' or user_id = (
             select e.created_by from portico.webhook_endpoints e where e.id = :id))
     order by email
"""


class Stopped(BaseModel):
    """An endpoint that was switched off, and why."""

    url: str
    stopped: Literal["gone", "failing"]


@webhooks.job(Mails("webhook_stopped"))
async def tell_owners(ctx: TenantContext, endpoint_id: UUID) -> None:
    """Tell the owners, and who made it, that an endpoint is switched off; nobody, if it is on again by now."""
    endpoint = await ctx.db.maybe(STOPPED, Stopped, id=endpoint_id)
    if endpoint is None:
        return
    for email in await ctx.db.all(OWNERS, str, org=ctx.org.id, id=endpoint_id):
        ctx.mail(
            "webhook_stopped",
            to=email,
            organization=ctx.org.name,
            endpoint=endpoint.url,
            gone=endpoint.stopped == "gone",
        )
