"""Services: create, list, get, update."""

from uuid import UUID

from sqlalchemy import bindparam, select

from portico import (
    Allow,
    Audit,
    Cached,
    Created,
    Idempotent,
    Invalidates,
    Listing,
    Module,
    Numbered,
    OrgContext,
    Raises,
    RateLimit,
    Slice,
    Versioned,
)
from salon.services.errors import ServiceExists
from salon.services.models import NewService, Service, ServiceChanges, ServiceFilter
from salon.services.tables import services

module = Module("services")

CREATE = """
    insert into services (name, description, duration_minutes, price_minor, currency, active)
    values (:name, :description, :duration_minutes, :price_minor, :currency, :active)
    returning *
"""
GET = "select * from services where id = :id"
UPDATE = """
    update services as s
       set (name, description, duration_minutes, price_minor, currency, active) = (
             select n.name, n.description, n.duration_minutes, n.price_minor, n.currency, n.active
               from jsonb_populate_record(s, cast(:changes as jsonb)) as n),
           version = version + 1
     where id = :id
    returning *
"""
LISTING = Listing(
    select(services),
    order=(services.c.name, services.c.id),
    where={"active": services.c.active == bindparam("active")},
)


@module.mutation(
    "POST /services",
    Allow("services:create"),
    RateLimit("writes"),
    Idempotent(),
    Audit("service.created"),
    Invalidates("services"),
    Created("/services/{result.id}"),
    Raises(ServiceExists, on="services_name_key"),
)
async def create(ctx: OrgContext, data: NewService) -> Service:
    """Offer a service."""
    return await ctx.db.one(CREATE, Service, data)


@module.query("GET /services", Allow("services:read"), Cached(tags="services", shared=True))
async def find(ctx: OrgContext, filter: ServiceFilter, page: Numbered) -> Slice[Service]:
    """List services by name."""
    return await ctx.db.page(LISTING, Service, page, filter)


@module.query("GET /services/{id}", Allow("services:read"))
async def get(ctx: OrgContext, id: UUID) -> Service:
    """Read one service."""
    return await ctx.db.one(GET, Service, id=id)


@module.mutation(
    "PATCH /services/{id}",
    Allow("services:update"),
    RateLimit("writes"),
    Versioned("services"),
    Audit("service.updated", target="{id}"),
    Invalidates("services", "service:{id}"),
    Raises(ServiceExists, on="services_name_key"),
)
async def update(ctx: OrgContext, id: UUID, data: ServiceChanges, version: int | None = None) -> Service:
    """Change a service: absent members stay, null clears."""
    changes = data.model_dump(mode="json", exclude_unset=True)
    return await ctx.db.one(UPDATE, Service, id=id, changes=changes)
