"""The figures beside the races: round trips, memory after 50,000 requests, seconds to the first answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from statistics import median
from time import perf_counter

import httpx2

from benchmarks.load import Kind as LoadKind
from benchmarks.race import PATHS, Contestant, Course, lap
from benchmarks.servers import Kind, Running
from benchmarks.trips import Proxy
from benchmarks.world import WORLD

PAGES = 5
ENOUGH = 50_000
WINDOW = 65.0
"""Seconds, a little more than the window of the limits."""
REHEARSALS, TRIES = 48, 8


@contextmanager
def started(kind: Kind, environment: Mapping[str, str]) -> Iterator[Running]:
    """A server that is stopped whatever happens."""
    running = Running(kind, environment)
    try:
        yield running
    finally:
        running.stop()


async def pages_of(client: httpx2.AsyncClient) -> dict[str, list[str]]:
    """For every organization the paths of the first pages of its list, followed by the server's own cursors."""
    found = {}
    for organization in WORLD.organizations:
        who = next(member for member in WORLD.members if member.org_id == organization.id)
        headers = {"Authorization": f"Bearer {who.token}", "X-Org-Id": str(organization.id)}
        paths = [f"{PATHS['list']}?limit=20"]
        while len(paths) < PAGES:
            answer = (await client.get(paths[-1], headers=headers)).raise_for_status().json()
            paths.append(f"{paths[0]}&after={answer['meta']['after']}")
        found[str(organization.id)] = paths
    return found


async def first_answer(kind: Kind, environment: Mapping[str, str], *, times: int = 3) -> float:
    """Seconds from the start of the process to its first good answer on an existing database, the median."""
    seconds = []
    for _ in range(times):
        with started(kind, environment) as running:
            seconds.append(await running.ready())
    return median(seconds)


async def growth(kind: Kind, environment: Mapping[str, str], course: Course) -> float:
    """MiB by which a warm server grows over 50,000 requests of all three kinds.

    It is warm when a minute has passed, too: by then the windows are full in which it counts its 1,000 callers.
    """
    with started(kind, environment) as running:
        await running.ready()
        await _work(running, course, ENOUGH // 5, seconds=WINDOW)
        before = running.memory()
        await _work(running, course, ENOUGH)
        return running.memory() - before


async def _work(running: Running, course: Course, wanted: int, *, seconds: float = 0) -> None:
    """So many requests and for so long, each kind in turn."""
    rest: dict[LoadKind, int] = dict.fromkeys(("mutation", "list", "empty"), wanted // 3)
    until = perf_counter() + seconds
    while max(rest.values()) > 0 or perf_counter() < until:
        for kind in [kind for kind in rest if rest[kind] > 0] or rest:
            done = await lap(kind, Contestant(running.kind.name, running, PATHS[kind]), course, seconds=5)
            rest[kind] -= done.figures.requests
            course.say(f"  memory, {kind}: {max(rest[kind], 0)} requests to go, {running.memory():.1f} MiB")
    running.resume()


async def trips(kind: Kind, environment: Mapping[str, str], proxy: Proxy) -> dict[str, int]:
    """Round trips to PostgreSQL of one booking and of one page, once every connection is warm."""
    with started(kind, environment) as running:
        await running.ready()
        async with running.client() as client:
            who = WORLD.members[-1]
            headers = {"Authorization": f"Bearer {who.token}", "X-Org-Id": str(who.org_id)}

            async def book(number: int) -> httpx2.Response:
                ids = {"customer_id": who.customer_id, "service_id": who.service_id, "staff_id": who.staff_id}
                body = {name: str(value) for name, value in ids.items()}
                body |= {"scheduled_at": f"2049-01-{number // 24 + 1:02}T{number % 24:02}:00:00Z", "notes": ""}
                key = headers | {"Idempotency-Key": f"trip-{number}"}
                return await client.post(PATHS["mutation"], json=body, headers=key)

            async def page(number: int) -> httpx2.Response:
                return await client.get(f"{PATHS['list']}?limit=20", headers=headers)

            return {"mutation": await _fewest(book, proxy), "query": await _fewest(page, proxy)}


async def _fewest(ask: Callable[[int], Awaitable[httpx2.Response]], proxy: Proxy) -> int:
    fewest = 10**6
    for number in range(REHEARSALS + TRIES):
        before = proxy.trips
        (await ask(number)).raise_for_status()
        if number >= REHEARSALS:
            fewest = min(fewest, proxy.trips - before)
    return fewest
