"""What a Supabase database sends when a row of its table `customers` changes: the same customer here follows."""

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, StringConstraints
from sqlalchemy import bindparam, select

from portico import Module, Signature, SystemContext, TenantContext
from salon.crm.tables import customer_links
from salon.customers.models import Name

module = Module("crm")
supabase = module.webhook("POST /webhooks/supabase", Signature("supabase", "SUPABASE_WEBHOOK_SECRET", optional=True))

LINKED = (
    select(customer_links.c.customer_id, customer_links.c.source_at)
    .where(customer_links.c.source_id == bindparam("id"))
    .with_for_update()
)
CREATE = "insert into customers (name, email, phone) values (:name, :email, :phone) returning id"
LINK = """
    insert into customer_links (source_id, customer_id, source_at)
    values (:id, :customer, cast(:updated_at as timestamptz))
"""
UPDATE = """
    update customers set name = :name, email = :email, phone = :phone, version = version + 1
     where id = :customer and (name, email, phone) is distinct from (:name, :email, :phone)
"""
MOVE_ON = "update customer_links set source_at = cast(:updated_at as timestamptz) where source_id = :id"
UNLINK = "delete from customer_links where source_id = :id returning customer_id"
DELETE = """
    delete from customers
     where id = :customer and not exists (select from appointments where customer_id = :customer)
"""


class Row(BaseModel):
    """A row of the table elsewhere; `salon_id` says whose customer it is."""

    id: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    salon_id: UUID
    name: Name
    email: Annotated[str, StringConstraints(max_length=320)] | None = None
    phone: Annotated[str, StringConstraints(max_length=40)] | None = None
    updated_at: AwareDatetime


class Link(BaseModel):
    """Which customer a row is."""

    customer_id: UUID
    source_at: AwareDatetime


@supabase.on("INSERT:customers", "UPDATE:customers")
async def customer_changed(ctx: SystemContext, row: Row) -> None:
    """Add the customer, or bring it up to date; what is older than what is known changes nothing."""
    async with ctx.within(row.salon_id) as inside:
        link = await inside.db.maybe(LINKED, Link, id=row.id)
        if link is None:
            customer = await inside.db.one(CREATE, UUID, row)
            await inside.db.execute(LINK, row, customer=customer)
        elif link.source_at <= row.updated_at:
            await inside.db.execute(UPDATE, row, customer=link.customer_id)
            await inside.db.execute(MOVE_ON, row)


@supabase.on("DELETE:customers")
async def customer_gone(ctx: SystemContext, row: Row) -> None:
    """Remove the customer who never had an appointment; another one stays, and is the business's own from now on."""
    async with ctx.within(row.salon_id) as inside:
        await _forget(inside, row.id)


async def _forget(ctx: TenantContext, id: str) -> None:
    customer = await ctx.db.maybe(UNLINK, UUID, id=id)
    if customer is not None:
        await ctx.db.execute(DELETE, customer=customer)
