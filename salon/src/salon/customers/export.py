"""All customers, for spreadsheets and other programs."""

from collections.abc import AsyncIterator

from sqlalchemy import select

from portico import Allow, Audit, OrgContext
from salon.customers.actions import module
from salon.customers.models import Customer
from salon.customers.tables import customers

EXPORT = select(customers).order_by(customers.c.name, customers.c.id)


@module.export("GET /customers/export", Allow("customers:export"), Audit("customers.exported"))
async def export(ctx: OrgContext) -> AsyncIterator[Customer]:
    """Export all customers."""
    return ctx.db.stream(EXPORT, Customer)
