"""What streams cost: the memory of five thousand that are idle, and how long one event takes to reach a thousand."""

from __future__ import annotations

import asyncio
import os
import resource
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter

from benchmarks.figures import Ground, Most
from portico import Anyone, App, Event, Module, OrgContext
from portico.adapters.postgres.servers import Urls
from portico.app.migrating import migrate
from portico.cli.addresses import free_address, until_open
from portico.testing import Harness, open_harness
from portico.testing.harness import SIGNING, settings_for

WANTED: Mapping[str, Most] = {"sse_5000_streams_mb": Most(150), "fanout_1000_p99_ms": Most(250)}
IDLE, LISTENERS, EVENTS, AT_ONCE = 5000, 1000, 10, 50
MANY = "100000"
module = Module("live")


class Rang(Event, name="bell.rang"):
    """A bell rang."""

    number: int


@module.mutation("POST /bells", Anyone("a benchmark"))
async def ring(ctx: OrgContext, number: int) -> None:
    """Ring a bell."""
    ctx.emit(Rang(number=number))


@module.subscription("GET /bells/live", Anyone("a benchmark"))
async def live(ctx: OrgContext) -> AsyncIterator[Rang]:
    """Tell of each."""
    return ctx.events(Rang)


app = App("live", modules=[module])


Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def measure(ground: Ground) -> dict[str, float]:
    """One process of granian; its clients are in this one."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4 * IDLE) if hard > 0 else 4 * IDLE, hard))
    await ground.cluster.drop("figures_live")
    urls = await ground.cluster.database("figures_live")
    await migrate(app, urls, settings_for(urls), report=lambda _: None)
    async with (
        open_harness(app, urls, portico_folder=ground.folder, portico_wake_seconds=0.02) as harness,
        serving(urls, ground.folder) as (port, process),
    ):
        figures = await _measured(harness, port, process)
    await ground.cluster.drop("figures_live")
    return figures


async def _measured(harness: Harness, port: int, process: int) -> dict[str, float]:
    org = await harness.organization("Figures")
    ann = await harness.member("ann@example.com", org=org.id)
    request = (
        f"GET /api/v1/bells/live HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\nX-Org-Id: {org.id}\r\n"
        f"Authorization: Bearer {harness.token(ann)}\r\n\r\n"
    ).encode()
    lines = await listen(port, request, AT_ONCE)
    base = memory(process)
    lines += await listen(port, request, LISTENERS - len(lines))
    waits = []
    for number in range(EVENTS + 1):
        (await harness.app.as_(ann, org=org.id).call(ring, number=number)).unwrap()
        began = perf_counter()
        found = await asyncio.gather(*(_heard(line, number, began) for line in lines))
        waits += found if number else []  # the first one warms all up
    waits.sort()
    lines += await listen(port, request, IDLE + AT_ONCE - len(lines))
    grown = memory(process) - base
    for _, writer in lines:
        writer.close()
    return {"sse_5000_streams_mb": grown, "fanout_1000_p99_ms": waits[len(waits) * 99 // 100] * 1000}


async def listen(port: int, request: bytes, many: int) -> list[Line]:
    """So many streams, each of which has said that it is ready."""
    lines: list[Line] = []
    while len(lines) < many:
        some = min(AT_ONCE, many - len(lines))
        lines += await asyncio.gather(*(_opened(port, request) for _ in range(some)))
    return lines


async def _opened(port: int, request: bytes) -> Line:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    await reader.readuntil(b"event: ready\n")
    await reader.readuntil(b"\n\n")
    return reader, writer


async def _heard(line: Line, number: int, began: float) -> float:
    """Seconds until the line has the event."""
    await line[0].readuntil(b'"number":%d}' % number)
    return perf_counter() - began


def memory(process: int) -> float:
    """MB that a process has in memory."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    kib = next(line for line in status.splitlines() if line.startswith("VmRSS:")).split()[1]
    return int(kib) * 1024 / 1e6


@asynccontextmanager
async def serving(urls: Urls, folder: Path) -> AsyncIterator[tuple[int, int]]:
    """A server in a process of its own: its port, and which process it is."""
    address = free_address("127.0.0.1", 0)
    settings = {
        "DATABASE_URL": urls.app,
        "SECRET_KEY": SIGNING,
        "PORTICO_FOLDER": str(folder),
        "PORTICO_RATE_LIMIT_FACTOR": "1000000",
        "PORTICO_STREAMS_PER_USER": MANY,
        "PORTICO_STREAMS_PER_ORG": MANY,
        "PORTICO_ACCESS_LOG": "false",
        "PORTICO_MAIL": "mailbox",
        "PORTICO_URL": "http://127.0.0.1",
    }
    arguments = ("-m", "portico.cli", "serve", "benchmarks.figures.realtime:app", "--port", str(address.port))
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, env={**os.environ, **settings})
    try:
        await asyncio.wait_for(until_open(address), 60)
        yield address.port, process.pid
    finally:
        process.terminate()
        await process.wait()
