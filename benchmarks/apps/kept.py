"""Lists, each kept and not: what the cache is measured on. The rest is Portico's contestant as it is."""

from uuid import UUID

import asyncpg
from pydantic import BaseModel
from sqlalchemy import Column, Float, ForeignKey, Integer, Text, Uuid, cast, func, select, text, true

from benchmarks.apps.portico_app import LIST, Appointment, bench, environment, metadata
from benchmarks.apps.portico_app import seed as seed_world
from portico import Allow, App, Cached, Keyset, Listing, Module, OrgContext, Public, PublicContext, Slice
from portico.adapters.postgres.servers import Urls
from portico.tables import open_table

__all__ = ["ENTRIES", "app", "environment", "seed"]
ENTRIES, REVIEWS = 500, 10
FILL = """
    insert into directory (name, city, street, services)
    select 'Salon ' || n, 'City ' || n % 40, n % 90 || ' Long Street', 'Cut, color, blow-dry'
      from generate_series(1, $1::integer) as n
"""
RATE = """
    insert into reviews (business_id, stars, words)
    select d.id, 1 + (n * 7 + length(d.name)) % 5, 'Prompt, friendly, and not too dear'
      from directory d, generate_series(1, $1::integer) as n
"""
directory = open_table(
    "directory",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=text("portico.new_id()")),
    Column("name", Text, nullable=False, unique=True),
    Column("city", Text, nullable=False),
    Column("street", Text, nullable=False),
    Column("services", Text, nullable=False),
    why="everybody may look for a business",
)
reviews = open_table(
    "reviews",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=text("portico.new_id()")),
    Column("business_id", Uuid, ForeignKey("directory.id"), nullable=False, index=True),
    Column("stars", Integer, nullable=False),
    Column("words", Text, nullable=False),
    why="everybody may read what others think",
)
of_one = (
    select(cast(func.coalesce(func.avg(reviews.c.stars), 0), Float).label("rating"), func.count().label("reviews"))
    .where(reviews.c.business_id == directory.c.id)
    .lateral()
)


class Business(BaseModel):
    """A business that anybody may find."""

    id: UUID
    name: str
    city: str
    street: str
    services: str


class Rated(Business):
    """What others think of it."""

    rating: float
    reviews: int


BUSINESSES = Listing(select(directory), order=(directory.c.name,))
DIRECTORY = Listing(
    select(directory, of_one.c.rating, of_one.c.reviews).join(of_one, true()), order=(directory.c.name,)
)
kept = Module("kept")
FREE, MEMBERS = Public("anybody may look"), Allow("appointments:read")


@kept.query("GET /directory", FREE)
async def directory_read(ctx: PublicContext, page: Keyset) -> Slice[Rated]:
    """A page of the directory."""
    return await ctx.db.page(DIRECTORY, Rated, page)


@kept.query("GET /directory-kept", FREE, Cached(tags="directory", shared=True))
async def directory_kept(ctx: PublicContext, page: Keyset) -> Slice[Rated]:
    """The same, kept."""
    return await ctx.db.page(DIRECTORY, Rated, page)


@kept.query("GET /businesses", FREE)
async def businesses_read(ctx: PublicContext, page: Keyset) -> Slice[Business]:
    """A page of the businesses themselves."""
    return await ctx.db.page(BUSINESSES, Business, page)


@kept.query("GET /businesses-kept", FREE, Cached(tags="directory", shared=True))
async def businesses_kept(ctx: PublicContext, page: Keyset) -> Slice[Business]:
    """The same, kept."""
    return await ctx.db.page(BUSINESSES, Business, page)


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
        await connection.execute(RATE, REVIEWS)
        await connection.execute("analyze")
    finally:
        await connection.close()
