"""Customers: create, list, get, update, delete."""

from collections.abc import AsyncIterator
from uuid import UUID

from sqlalchemy import bindparam, func, select

from portico import (
    Allow,
    Audit,
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
from salon.customers.errors import CustomerHasAppointments
from salon.customers.models import Customer, CustomerChanges, CustomerFilter, NewCustomer
from salon.customers.tables import customers

module = Module("customers")

CREATE = """
    insert into customers (name, email, phone, notes) values (:name, :email, :phone, :notes) returning *
"""
GET = "select * from customers where id = :id"
UPDATE = """
    update customers as c
       set (name, email, phone, notes) = (
             select n.name, n.email, n.phone, n.notes from jsonb_populate_record(c, cast(:changes as jsonb)) as n),
           version = version + 1
     where id = :id
    returning *
"""
DELETE = "delete from customers where id = :id returning id"

# strpos knows no wildcards: a % or _ in the search is what the caller typed.
_WANTED = func.lower(bindparam("search"))
LISTING = Listing(
    select(customers),
    order=(customers.c.name, customers.c.id),
    where={
        "search": (func.strpos(func.lower(customers.c.name), _WANTED) > 0)
        | (func.strpos(func.lower(customers.c.email), _WANTED) > 0)
        | (func.strpos(customers.c.phone, bindparam("search")) > 0),
    },
)
EXPORT = select(customers).order_by(customers.c.name, customers.c.id)


@module.mutation(
    "POST /customers",
    Allow("customers:create"),
    RateLimit("writes"),
    Idempotent(),
    Audit("customer.created"),
    Invalidates("customers"),
    Created("/customers/{result.id}"),
)
async def create(ctx: OrgContext, data: NewCustomer) -> Customer:
    """Add a customer."""
    return await ctx.db.one(CREATE, Customer, data)


@module.query("GET /customers", Allow("customers:read"))
async def find(ctx: OrgContext, filter: CustomerFilter, page: Numbered) -> Slice[Customer]:
    """List customers by name; `search` looks into name, e-mail address and phone number."""
    return await ctx.db.page(LISTING, Customer, page, filter)


@module.export("GET /customers/export", Allow("customers:export"), Audit("customers.exported"))
async def export(ctx: OrgContext) -> AsyncIterator[Customer]:
    """Export all customers."""
    return ctx.db.stream(EXPORT, Customer)


@module.query("GET /customers/{id}", Allow("customers:read"))
async def get(ctx: OrgContext, id: UUID) -> Customer:
    """Read one customer."""
    return await ctx.db.one(GET, Customer, id=id)


@module.mutation(
    "PATCH /customers/{id}",
    Allow("customers:update"),
    RateLimit("writes"),
    Versioned("customers"),
    Audit("customer.updated", target="{id}"),
    Invalidates("customers", "customer:{id}"),
)
async def update(ctx: OrgContext, id: UUID, data: CustomerChanges, version: int | None = None) -> Customer:
    """Change a customer: absent members stay, null clears."""
    changes = data.model_dump(mode="json", exclude_unset=True)
    return await ctx.db.one(UPDATE, Customer, id=id, changes=changes)


@module.mutation(
    "DELETE /customers/{id}",
    Allow("customers:delete"),
    RateLimit("writes"),
    Audit("customer.deleted", target="{id}"),
    Invalidates("customers", "customer:{id}"),
    Raises(CustomerHasAppointments, on="appointments_customer_id_fkey"),
)
async def delete(ctx: OrgContext, id: UUID) -> None:
    """Delete a customer who never had an appointment."""
    await ctx.db.one(DELETE, UUID, id=id)
