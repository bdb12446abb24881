"""The export of 200,000 rows: the table that both contestants read, and Portico's export of it."""

from uuid import UUID

import asyncpg
from pydantic import AwareDatetime, BaseModel
from sqlalchemy import BigInteger, Boolean, Column, DateTime, Index, Text, select

from benchmarks.apps.portico_app import bench, environment, metadata
from benchmarks.apps.portico_app import seed as seed_world
from benchmarks.world import WORLD
from portico import Allow, App, Module, OrgContext
from portico.adapters.postgres.servers import Urls
from portico.ports.streams import Rows
from portico.tables import tenant_table

__all__ = ["PATH", "ROWS", "app", "environment", "seed"]
PATH = "/api/v1/visits/export"
ROWS, OTHERS = 200_000, 2_000
"""Of the first organization, which is exported, and of each other one."""
FILL = """
    insert into visits (org_id, number, guest, room, notes, paid, came_at)
    select $1, n, 'Guest ' || n, nullif(n % 7, 0), 'Prefers the window seat, "if there is one".', n % 3 = 0,
           timestamptz '2024-01-01' + n * interval '1 minute'
      from generate_series(1, $2::bigint) as n
"""
visits = tenant_table(
    "visits",
    metadata,
    Column("number", BigInteger, nullable=False),
    Column("guest", Text, nullable=False),
    Column("room", BigInteger),
    Column("notes", Text, nullable=False),
    Column("paid", Boolean, nullable=False),
    Column("came_at", DateTime(timezone=True), nullable=False),
)
Index("visits_export_idx", visits.c.org_id, visits.c.number)


class Visit(BaseModel):
    """A visit as it leaves."""

    id: UUID
    number: int
    guest: str
    room: int | None
    notes: str
    paid: bool
    came_at: AwareDatetime


ALL = select(*(visits.c[name] for name in Visit.model_fields)).order_by(visits.c.number)
exported = Module("visits")


@exported.export("GET /visits/export", Allow("appointments:read"))
async def export(ctx: OrgContext) -> Rows[Visit]:
    """Export the visits."""
    return ctx.db.stream(ALL, Visit)


app = App(
    "bench",
    modules=[bench, exported],
    roles={"member": ("appointments:read", "appointments:create")},
    metadata=metadata,
)


async def seed(urls: Urls) -> None:
    """The world, and its visits."""
    await seed_world(urls)
    connection = await asyncpg.connect(urls.owner, timeout=10)
    try:
        first, *others = WORLD.organizations
        await connection.execute(FILL, first.id, ROWS, timeout=120)
        for other in others:
            await connection.execute(FILL, other.id, OTHERS, timeout=120)
    finally:
        await connection.close()
