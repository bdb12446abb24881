"""What a nested list costs over GraphQL: round trips to the database, counted on the wire.

`graphql_nested_statements`: a list of fifty visits, the guest of each, that one's visits: trips of the request, less
the three that every request makes (BEGIN, the gate, ROLLBACK).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Integer, func, select

from benchmarks.databases import Dsn
from benchmarks.figures import Ground, Most
from benchmarks.trips import Proxy
from portico import Anyone, App, Keyset, Listing, Module, OrgContext, Slice
from portico.adapters.postgres.servers import Urls
from portico.app.migrating import migrate
from portico.testing import Client, open_harness
from portico.testing.harness import settings_for

WANTED: Mapping[str, Most] = {"graphql_nested_statements": Most(3)}
DATABASE = "figures_graphql"
LIST, GUESTS, ALWAYS = 50, 10, 3
DOCUMENT = "{ hotel(first: 50) { nodes { id guest { name visits { id } } } } }"
REHEARSALS, TRIES = 5, 10
NAMES = "select n as id, 'Guest ' || n as name from unnest(:ids::int[]) n"
OF_GUESTS = "select n as id, n % 10 as guest_id from generate_series(1, 50) n where n % 10 = any(:ids::int[])"
hotel = Module("hotel", Anyone("a benchmark"))
numbers = func.generate_series(1, 1000, type_=Integer).table_valued("n").render_derived()
VISITS = Listing(select(numbers.c.n.label("id"), (numbers.c.n % GUESTS).label("guest_id")), order=(numbers.c.n,))


class Visit(BaseModel):
    """A visit."""

    id: int
    guest_id: int


class Guest(BaseModel):
    """Who comes."""

    id: int
    name: str


@hotel.query("GET /visits")
async def find(ctx: OrgContext, page: Keyset) -> Slice[Visit]:
    """List the visits."""
    return await ctx.db.page(VISITS, Visit, page)


@hotel.query("GET /guests/{id}")
async def get(ctx: OrgContext, id: int) -> Guest:
    """Read a guest."""
    return await ctx.db.one(NAMES, Guest, ids=[id])


@hotel.relation(Visit, "guest", by="guest_id", like=get)
async def guests(ctx: OrgContext, ids: Sequence[int]) -> Mapping[int, Guest]:
    """Who came."""
    return {guest.id: guest for guest in await ctx.db.all(NAMES, Guest, ids=[*ids])}


@hotel.relation(Guest, "visits", by="id", like=find)
async def visits(ctx: OrgContext, ids: Sequence[int]) -> Mapping[int, list[Visit]]:
    """When they came."""
    found = await ctx.db.all(OF_GUESTS, Visit, ids=[*ids])
    return {id: [visit for visit in found if visit.guest_id == id] for id in ids}


app = App("hotel", modules=[hotel])


async def measure(ground: Ground) -> dict[str, float]:
    """Ask as a member, through a proxy that counts."""
    await ground.cluster.drop(DATABASE)
    urls = await ground.cluster.database(DATABASE)
    try:
        await migrate(app, urls, settings_for(urls), report=lambda _: None)
        proxy = Proxy(Dsn(urls.app))
        async with proxy.listening():
            through = Urls(proxy.through(Dsn(urls.app)).url, urls.owner, urls.worker, urls.reader)
            settings: dict[str, object] = {"portico_folder": ground.folder, "portico_rate_limit_factor": 1e6}
            async with open_harness(app, through, **settings) as harness:
                org = await harness.organization("Figures")
                client = harness.client(await harness.member("ann@example.com", org=org.id), org=org.id)
                return {"graphql_nested_statements": await _statements(client, proxy)}
    finally:
        await ground.cluster.drop(DATABASE)


async def _statements(client: Client, proxy: Proxy) -> float:
    """The fewest of some tries: the others prepare statements, or meet what runs beside."""
    fewest = float("inf")
    for number in range(REHEARSALS + TRIES):
        before = proxy.trips
        answer: Any = (await client.post("/api/graphql", {"query": DOCUMENT})).json
        if "errors" in answer:
            raise RuntimeError(str(answer)[:500])
        rows = answer["data"]["hotel"]["nodes"]
        if len(rows) != LIST or any(len(row["guest"]["visits"]) != LIST // GUESTS for row in rows):
            raise RuntimeError(str(answer)[:500])
        if number >= REHEARSALS:
            fewest = min(fewest, proxy.trips - before - ALWAYS)
    return fewest
