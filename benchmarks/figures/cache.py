"""The cache: how many times as many answers a second a kept list gives, over HTTP, as the same list that is read.

One server answers both, in turns; the ratio is the median over the rounds.

- `cached_query_ratio`: a page of a hundred rows, the largest there is, that everybody may read. Kept, it takes no
  connection.
- `cached_rated_ratio`: the same page with each business's rating, which is worked out of its ten reviews. How much
  quicker a kept answer is depends on what it takes to make it; the page above is about the cheapest there is.
- `cached_org_query_ratio`: a page of twenty of an organization's appointments under row level security, asked for by
  all members in turn. Kept, it passes the gate, and saves the statement.
"""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import median

from benchmarks.apps import kept
from benchmarks.beside import started
from benchmarks.figures import Beside, Ground, Least
from benchmarks.load import Kind, Load, run, write_people
from benchmarks.servers import Kind as ServerKind
from benchmarks.servers import Running
from benchmarks.world import WORLD

WANTED = {"cached_query_ratio": Least(10), "cached_rated_ratio": Beside(), "cached_org_query_ratio": Least(1.4)}
DATABASE = "bench_kept"
ROUNDS, SECONDS, WARM_UP = 7, 3.0, 2.0
PAGES = {"get": "limit=100", "list": "limit=20"}
COMMAND = (sys.executable, "-m", "portico.cli", "serve", "benchmarks.apps.kept:app", "--port", "{port}")
SERVER = ServerKind("portico-kept", COMMAND, Path(__file__).parents[2], {})


async def measure(ground: Ground) -> dict[str, float]:
    """Seed a database, start one server, load its lists in turns."""
    await ground.cluster.drop(DATABASE)  # what an interrupted run has left
    urls = await ground.cluster.database(DATABASE)
    try:
        await kept.seed(urls)
        with started(SERVER, kept.environment(urls)) as running:
            await running.ready()
            return {
                "cached_query_ratio": await _ratio(ground, running, "get", "/api/v1/businesses"),
                "cached_rated_ratio": await _ratio(ground, running, "get", "/api/v1/directory"),
                "cached_org_query_ratio": await _ratio(ground, running, "list", "/api/v1/appointments"),
            }
    finally:
        await ground.cluster.drop(DATABASE)


async def _ratio(ground: Ground, running: Running, kind: Kind, path: str) -> float:
    """Answers a second from memory over those that are read, the median of the rounds."""
    read, from_memory = (_load(ground, running, kind, f"{path}{of}?{PAGES[kind]}") for of in ("", "-kept"))
    for load in (read, from_memory):
        await _rate(load, WARM_UP)
    ratios = []
    for number in range(ROUNDS):
        order = (read, from_memory) if number % 2 == 0 else (from_memory, read)
        rates = {load.path: await _rate(load, SECONDS) for load in order}
        ratios.append(rates[from_memory.path] / rates[read.path])
        ground.say("  " + "  ".join(f"{path} {rate:.0f}/s" for path, rate in sorted(rates.items())))
    return median(ratios)


async def _rate(load: Load, seconds: float) -> float:
    figures = await run(Load(load.kind, load.path, load.port, seconds, load.people))
    if figures.errors:
        message = f"{load.path} failed {figures.errors} times; its figure would mean nothing"
        raise ValueError(message)
    return figures.rate


def _load(ground: Ground, running: Running, kind: Kind, path: str) -> Load:
    """What is asked of the server; a list by every member for their own organization."""
    people = ground.folder / f"{path.partition('?')[0].rpartition('/')[2]}.tsv"
    write_people(people, {str(organization.id): [path] for organization in WORLD.organizations})
    return Load(kind, path, running.port, SECONDS, people)
