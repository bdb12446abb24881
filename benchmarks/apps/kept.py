"""Two lists, each kept and not: what the cache is measured on. The rest is Portico's contestant as it is."""

from uuid import UUID

import asyncpg
from pydantic import BaseModel
from sqlalchemy import Column, Integer, Text, Uuid, select, text

from benchmarks.apps.portico_app import LIST, Appointment, bench, environment, metadata
from benchmarks.apps.portico_app import seed as seed_world
from portico import Allow, App, Cached, Keyset, Listing, Module, OrgContext, Public, PublicContext, Slice
from portico.adapters.postgres.servers import Urls
from portico.tables import open_table

__all__ = ["ENTRIES", "app", "environment", "seed"]
ENTRIES = 500
FILL = """
    insert into directory (name, city, street, services, rating, reviews)
    select 'Salon ' || n, 'City ' || n % 40, n % 90 || ' Long Street', 'Cut, color, blow-dry', n % 50, n % 700
      from generate_series(1, $1::integer) as n
"""
directory = open_table(
    "directory",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=text("portico.new_id()")),
    Column("name", Text, nullable=False, unique=True),
    Column("city", Text, nullable=False),
    Column("street", Text, nullable=False),
    Column("services", Text, nullable=False),
    Column("rating", Integer, nullable=False),
    Column("reviews", Integer, nullable=False),
    why="everybody may look for a business",
)


class Entry(BaseModel):
    """A business that anybody may find."""

    id: UUID
    name: str
    city: str
    street: str
    services: str
    rating: int
    reviews: int


ENTRIES_BY_NAME = Listing(select(directory), order=(directory.c.name,))
kept = Module("kept")
FREE, MEMBERS = Public("anybody may look"), Allow("appointments:read")


@kept.query("GET /directory", FREE)
async def directory_read(ctx: PublicContext, page: Keyset) -> Slice[Entry]:
    """A page of the directory."""
    return await ctx.db.page(ENTRIES_BY_NAME, Entry, page)


@kept.query("GET /directory-kept", FREE, Cached(tags="directory", shared=True))
async def directory_kept(ctx: PublicContext, page: Keyset) -> Slice[Entry]:
    """The same, kept."""
    return await ctx.db.page(ENTRIES_BY_NAME, Entry, page)


@kept.query("GET /appointments-kept", MEMBERS, Cached(tags="appointments", shared=True))
async def appointments_kept(ctx: OrgContext, page: Keyset) -> Slice[Appointment]:
    """The contestant's list, kept."""
    return await ctx.db.page(LIST, Appointment, page)


app = App(
    "bench", modules=[bench, kept], roles={"member": ("appointments:read", "appointments:create")}, metadata=metadata
)


async def seed(urls: Urls) -> None:
    """The world, and a directory beside it."""
    await seed_world(urls)
    connection = await asyncpg.connect(urls.owner, timeout=10)
    try:
        await connection.execute(FILL, ENTRIES)
    finally:
        await connection.close()
