"""Staff: create, list, get, update."""

from uuid import UUID

from sqlalchemy import bindparam, select

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
    Quota,
    Raises,
    RateLimit,
    Releases,
    Slice,
    Versioned,
)
from salon.staff.errors import StaffBooked, StaffEmailTaken
from salon.staff.models import NewStaffMember, StaffChanges, StaffFilter, StaffMember
from salon.staff.tables import staff

module = Module("staff")

CREATE = """
    insert into staff (name, email, title, active) values (:name, :email, :title, :active)
    returning id, name, email, title, active, version, created_at
"""
GET = "select id, name, email, title, active, version, created_at from staff where id = :id"
UPDATE = """
    update staff as s
       set (name, email, title, active) = (
             select n.name, n.email, n.title, n.active from jsonb_populate_record(s, cast(:changes as jsonb)) as n),
           version = version + 1
     where id = :id
    returning id, name, email, title, active, version, created_at
"""
DELETE = "delete from staff where id = :id returning id"
LISTING = Listing(
    select(*(staff.c[name] for name in StaffMember.model_fields)),
    order=(staff.c.name, staff.c.id),
    where={"active": staff.c.active == bindparam("active")},
)


@module.mutation(
    "POST /staff",
    Allow("staff:create"),
    RateLimit("writes"),
    Idempotent(),
    Quota("staff"),
    Audit("staff.created"),
    Invalidates("staff"),
    Created("/staff/{result.id}"),
    Raises(StaffEmailTaken, on="staff_email_key"),
)
async def create(ctx: OrgContext, data: NewStaffMember) -> StaffMember:
    """Add somebody to the staff."""
    return await ctx.db.one(CREATE, StaffMember, data)


@module.query("GET /staff", Allow("staff:read"))
async def find(ctx: OrgContext, filter: StaffFilter, page: Numbered) -> Slice[StaffMember]:
    """List the staff by name."""
    return await ctx.db.page(LISTING, StaffMember, page, filter)


@module.query("GET /staff/{id}", Allow("staff:read"))
async def get(ctx: OrgContext, id: UUID) -> StaffMember:
    """Read one member of the staff."""
    return await ctx.db.one(GET, StaffMember, id=id)


@module.mutation(
    "PATCH /staff/{id}",
    Allow("staff:update"),
    RateLimit("writes"),
    Versioned("staff"),
    Audit("staff.updated", target="{id}"),
    Invalidates("staff", "staff:{id}"),
    Raises(StaffEmailTaken, on="staff_email_key"),
)
async def update(ctx: OrgContext, id: UUID, data: StaffChanges, version: int | None = None) -> StaffMember:
    """Change a member of the staff: absent members stay, null clears."""
    changes = data.model_dump(mode="json", exclude_unset=True)
    return await ctx.db.one(UPDATE, StaffMember, id=id, changes=changes)


@module.mutation(
    "DELETE /staff/{id}",
    Allow("staff:delete"),
    RateLimit("writes"),
    Releases("staff"),
    Audit("staff.deleted", target="{id}"),
    Invalidates("staff", "staff:{id}"),
    Raises(StaffBooked, on="appointments_staff_fkey"),
)
async def delete(ctx: OrgContext, id: UUID) -> None:
    """Remove somebody who has never had an appointment; the plan has room for another then."""
    await ctx.db.one(DELETE, UUID, id=id)
