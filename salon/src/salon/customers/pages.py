"""The page of customers: a frame for what runs in the browser."""

from portico import Allow, Html, Module, OrgContext
from salon.frame import framed

pages = Module("customer_pages", prefix="")


@pages.query("GET /customers", Allow("customers:read"))
async def show(ctx: OrgContext) -> Html:
    """Show the customers: search, add, rename."""
    return await framed(ctx, "customers.html", {})
