"""What every policy at once costs: the server's CPU per booking with all of them, over the contestant's own booking.

`all_policies_overhead` is the median, over interleaved rounds on one server, of the one over the other, less one.
"""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import median

from benchmarks.apps import guarded
from benchmarks.beside import pages_of, started
from benchmarks.figures import Ground, Most
from benchmarks.load import write_people
from benchmarks.race import PATHS, Contestant, Course, race
from benchmarks.servers import Kind

WANTED = {"all_policies_overhead": Most(0.25)}
DATABASE = "bench_guarded"
ROUNDS, SECONDS = 15, 3.0
COMMAND = (sys.executable, "-m", "portico.cli", "serve", "benchmarks.apps.guarded:app", "--port", "{port}")
SERVER = Kind("portico-guarded", COMMAND, Path(__file__).parents[2], {})


async def measure(ground: Ground) -> dict[str, float]:
    """Seed a database, start one server, book on both paths in turns."""
    await ground.cluster.drop(DATABASE)  # what an interrupted run has left
    urls = await ground.cluster.database(DATABASE)
    try:
        await guarded.seed(urls)
        with started(SERVER, guarded.environment(urls)) as running:
            await running.ready()
            async with running.client() as client:
                write_people(ground.folder / "guarded.tsv", await pages_of(client))
            course = Course(ROUNDS, SECONDS, lambda _: ground.folder / "guarded.tsv", ground.say)
            contestants = [Contestant("core", running, PATHS["mutation"]), Contestant("all", running, guarded.PATH)]
            outcome = await race("mutation", contestants, course)
            running.resume()
    finally:
        await ground.cluster.drop(DATABASE)
    if outcome.errors():
        message = f"bookings failed, so that the figure would mean nothing: {outcome.errors()}"
        raise ValueError(message)
    pairs = zip(outcome.laps["all"], outcome.laps["core"], strict=True)
    return {
        "all_policies_overhead": median((one.cpu_per_1000 or 0) / (two.cpu_per_1000 or 1) for one, two in pairs) - 1
    }
