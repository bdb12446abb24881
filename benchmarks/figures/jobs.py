"""What background work costs a call: round trips to the database, counted on the wire."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.databases import Dsn
from benchmarks.figures import Ground, Most
from benchmarks.trips import Proxy
from portico import Anyone, App, Event, Module, OrgContext, TenantContext
from portico.adapters.postgres.servers import Urls
from portico.app.migrating import migrate
from portico.testing import Harness, open_harness
from portico.testing.harness import settings_for

WANTED: Mapping[str, Most] = {"enqueue_extra_trips": Most(0)}
CALLS = 20
module = Module("work")


class Done(Event, name="work.done"):
    """Something was done."""

    number: int


@module.mutation("POST /plain", Anyone("a benchmark"))
async def plain(ctx: OrgContext, number: int) -> int:
    """One statement, and nothing for later."""
    return await ctx.db.one("select :number::int", int, number=number)


@module.mutation("POST /busy", Anyone("a benchmark"))
async def busy(ctx: OrgContext, number: int) -> int:
    """The same statement, an event, and two jobs."""
    found = await ctx.db.one("select :number::int", int, number=number)
    ctx.emit(Done(number=number))
    ctx.enqueue(work, number=number)
    ctx.enqueue(work.later(key=f"work {number}"), number=number)
    return found


@module.job()
async def work(ctx: TenantContext, number: int) -> None:
    """Never runs here."""


app = App("work", modules=[module])


async def measure(ground: Ground) -> dict[str, float]:
    """Trips of a mutation that emits and enqueues, less those of one that does not."""
    await ground.cluster.drop("figures_jobs")
    urls = await ground.cluster.database("figures_jobs")
    await migrate(app, urls, settings_for(urls), report=lambda _: None)
    proxy = Proxy(Dsn(urls.app))
    async with proxy.listening():
        through = Urls(proxy.through(Dsn(urls.app)).url, urls.owner, urls.worker, urls.reader)
        settings: dict[str, object] = {"portico_folder": ground.folder, "portico_rate_limit_factor": 1e6}
        async with open_harness(app, through, **settings) as harness:
            figure = await _extra(harness, proxy)
    await ground.cluster.drop("figures_jobs")
    return {"enqueue_extra_trips": figure}


async def _extra(harness: Harness, proxy: Proxy) -> float:
    org = await harness.organization("Figures")
    client = harness.client(await harness.member("ann@example.com", org=org.id), org=org.id)
    for path in ("plain", "busy") * 3:
        await client.post(f"/api/v1/{path}", {"number": 1})
    trips = {"plain": 0, "busy": 0}
    for number in range(CALLS):
        for path in trips:
            before = proxy.trips
            reply = await client.post(f"/api/v1/{path}", {"number": number})
            if reply.status != 200:
                raise RuntimeError(reply.text)
            trips[path] += proxy.trips - before
    return (trips["busy"] - trips["plain"]) / CALLS
