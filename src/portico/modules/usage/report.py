"""The usage report: used, limit and percentage of every resource, and what the plan includes."""

from typing import Annotated

from pydantic import BaseModel, Field

from portico import Allow, Module, OrgContext

usage = Module("usage")

Amount = Annotated[int, Field(le=2**53 - 1)]
"""Bytes, for one, are soon more than 32 bits hold; JSON numbers are exact up to here."""
USED = "select resource, used from portico.usage where org_id = :org"


class Counted(BaseModel):
    """A counter."""

    resource: str
    used: int


class Resource(BaseModel):
    """How much is used of one resource."""

    resource: str
    used: Amount
    limit: Amount
    """-1 where there is none."""
    percentage: int
    """Of the limit, rounded down; 0 where there is none. More than 100 after a move to a smaller plan."""


class UsageReport(BaseModel):
    """What an organization's plan allows, and how much of it is used."""

    plan: str
    features: list[str]
    resources: list[Resource]


@usage.query("GET /usage", Allow("usage:read"))
async def read(ctx: OrgContext) -> UsageReport:
    """What the plan allows, and how much of it is used."""
    allowance = ctx.quotas.of(ctx.org.plan)
    counted = {row.resource: row.used for row in await ctx.db.all(USED, Counted, org=ctx.org.id)}
    resources = []
    for resource, limit in sorted(allowance.limits.items()):
        used = counted.get(resource)
        if used is None:  # nobody has added to it or removed from it yet
            used = await ctx.db.one(ctx.quotas.counted[resource], int)
        resources.append(Resource(resource=resource, used=used, limit=limit, percentage=_percentage(used, limit)))
    return UsageReport(plan=ctx.org.plan, features=sorted(allowance.features), resources=resources)


def _percentage(used: int, limit: int) -> int:
    if limit < 0:
        return 0
    return 100 * used // limit if limit else 100 * bool(used)
