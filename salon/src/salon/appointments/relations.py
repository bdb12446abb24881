"""Whom and what an appointment names, and what a customer has ahead: many looked up at once."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from portico import OrgContext
from salon.appointments.actions import find, module
from salon.appointments.models import Appointment
from salon.customers.actions import get as get_customer
from salon.customers.models import Customer
from salon.services.actions import get as get_service
from salon.services.models import Service
from salon.staff.actions import get as get_staff
from salon.staff.models import StaffMember

__all__ = ["module"]

CUSTOMERS = "select * from customers where id = any(cast(:ids as uuid[]))"
SERVICES = "select * from services where id = any(cast(:ids as uuid[]))"
STAFF = """
    select id, name, email, title, active, version, created_at from staff where id = any(cast(:ids as uuid[]))
"""
UPCOMING = """
    select a.* from unnest(cast(:ids as uuid[])) as c(id)
     cross join lateral (
           select id, customer_id, service_id, staff_id, scheduled_at, ends_at,
                  status, notes, cancel_reason, version, created_at
             from appointments
            where customer_id = c.id and scheduled_at >= :now and status <> 'cancelled'
            order by scheduled_at limit 5) as a
"""


@module.relation(Appointment, "customer", by="customer_id", like=get_customer)
async def customers_of(ctx: OrgContext, ids: Sequence[UUID]) -> Mapping[UUID, Customer]:
    """Who comes."""
    return {row.id: row for row in await ctx.db.all(CUSTOMERS, Customer, ids=ids)}


@module.relation(Appointment, "service", by="service_id", like=get_service)
async def services_of(ctx: OrgContext, ids: Sequence[UUID]) -> Mapping[UUID, Service]:
    """What for."""
    return {row.id: row for row in await ctx.db.all(SERVICES, Service, ids=ids)}


@module.relation(Appointment, "staff", by="staff_id", like=get_staff)
async def staff_of(ctx: OrgContext, ids: Sequence[UUID]) -> Mapping[UUID, StaffMember]:
    """Who does it."""
    return {row.id: row for row in await ctx.db.all(STAFF, StaffMember, ids=ids)}


@module.relation(Customer, "upcoming", by="id", like=find)
async def upcoming_of(ctx: OrgContext, ids: Sequence[UUID]) -> Mapping[UUID, list[Appointment]]:
    """The customer's next five appointments."""
    found: dict[UUID, list[Appointment]] = {id: [] for id in ids}
    for row in await ctx.db.all(UPCOMING, Appointment, ids=ids, now=ctx.now):
        found[row.customer_id].append(row)
    return found
