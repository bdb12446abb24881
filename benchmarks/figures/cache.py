"""The cache: how many times as many answers a second a kept list gives, over HTTP, as the same list that is read.

One server answers both, in turns; the ratio is the median over the rounds.

- `cached_query_ratio`: a page of a hundred rows, the largest there is, that everybody may read. Kept, it takes no
  connection.
- `cached_ceiling_ratio`: the very bytes of that answer, given by granian alone, over the same list that is read. No
  framework on this server can give more; what a machine lets through hides what a cache saves.
- `cached_rated_ratio`: the same page with each business's rating, which is worked out of its ten reviews. How much
  quicker a kept answer is depends on what it takes to make it; the page above is about the cheapest there is.
- `cached_org_query_ratio`: a page of twenty of an organization's appointments under row level security, asked for by
  all members in turn. Kept, it passes the gate, and saves the statement.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks.apps import kept
from benchmarks.beside import started
from benchmarks.figures import Beside, Ground, Least
from benchmarks.load import Kind, Load, run, write_people
from benchmarks.servers import Kind as ServerKind
from benchmarks.servers import Running
from benchmarks.world import WORLD

WANTED = {
    "cached_query_ratio": Least(10),
    "cached_ceiling_ratio": Beside(),
    "cached_rated_ratio": Beside(),
    "cached_org_query_ratio": Least(1.4),
}
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
            read, from_memory = _loads(ground, running, "get", "/api/v1/businesses")
            file = await _answer(ground, running, from_memory[0].path)
            with started(_constant(file), {}) as bare:
                await bare.ready()
                alone = Load("get", "/constant", bare.port, SECONDS, read.people)
                query, ceiling = await _ratios(ground, read, [*from_memory, alone])
            [rated] = await _ratios(ground, *_loads(ground, running, "get", "/api/v1/directory"))
            [of_org] = await _ratios(ground, *_loads(ground, running, "list", "/api/v1/appointments"))
    finally:
        await ground.cluster.drop(DATABASE)
    return {
        "cached_query_ratio": query,
        "cached_ceiling_ratio": ceiling,
        "cached_rated_ratio": rated,
        "cached_org_query_ratio": of_org,
    }


async def _ratios(ground: Ground, read: Load, others: Sequence[Load]) -> list[float]:
    """How many times as many answers a second as the list that is read each other one gives: medians of the rounds."""
    for load in (read, *others):
        await _rate(load, WARM_UP)
    ratios: list[list[float]] = [[] for _ in others]
    for number in range(ROUNDS):
        order = (read, *others) if number % 2 == 0 else (*reversed(others), read)
        rates = {load.path: await _rate(load, SECONDS) for load in order}
        for found, load in zip(ratios, others, strict=True):
            found.append(rates[load.path] / rates[read.path])
        ground.say("  " + "  ".join(f"{path} {rate:.0f}/s" for path, rate in sorted(rates.items())))
    return [median(found) for found in ratios]


async def _rate(load: Load, seconds: float) -> float:
    figures = await run(Load(load.kind, load.path, load.port, seconds, load.people))
    if figures.errors:
        message = f"{load.path} failed {figures.errors} times; its figure would mean nothing"
        raise ValueError(message)
    return figures.rate


def _loads(ground: Ground, running: Running, kind: Kind, path: str) -> tuple[Load, list[Load]]:
    """What is asked of the server: the list, and the same list kept; of an organization's, by every member in turn."""
    read, from_memory = (f"{path}{of}?{PAGES[kind]}" for of in ("", "-kept"))
    loads = []
    for asked in (read, from_memory):
        people = ground.folder / f"{asked.partition('?')[0].rpartition('/')[2]}.tsv"
        write_people(people, {str(organization.id): [asked] for organization in WORLD.organizations})
        loads.append(Load(kind, asked, running.port, SECONDS, people))
    return loads[0], loads[1:]


async def _answer(ground: Ground, running: Running, path: str) -> Path:
    """One of the server's answers, as `benchmarks.apps.constant` reads it."""
    async with running.client() as client:
        answer = (await client.get(path)).raise_for_status()
    headers = [pair for pair in answer.headers.multi_items() if pair[0] not in {"date", "server"}]
    file = ground.folder / "answer.json"
    file.write_text(json.dumps({"headers": headers, "body": answer.text}))
    return file


def _constant(file: Path) -> ServerKind:
    """The server that gives nothing else."""
    command = (sys.executable, "-m", "benchmarks.apps.constant", "{port}", str(file))
    return ServerKind("constant", command, SERVER.folder, {})
