"""The export of 200,000 rows: rows a second beside FastAPI's, and what it takes of memory.

- `export_vs_fastapi_ratio`: rows a second of Portico's NDJSON export over those of FastAPI with SQLAlchemy's entities
  and a Pydantic model; the median of the rounds, in turns.
- `export_vs_hastened_ratio`: over those of the same peer without entities and model, written by orjson.
- `export_200k_extra_mb`: MiB that Portico's server holds at most while it sends them, above what it held before its
  first export.

All read one table under the same row level security, and must send the same bytes.
"""

from __future__ import annotations

import asyncio
import socket
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from statistics import median
from time import perf_counter

import asyncpg

from benchmarks.apps import exported
from benchmarks.apps.exported import PATH, ROWS
from benchmarks.beside import started
from benchmarks.databases import Dsn
from benchmarks.figures import Ground, Least, Most
from benchmarks.servers import Kind, Running, uvicorn
from benchmarks.world import WORLD

WANTED: Mapping[str, Most | Least] = {
    "export_200k_extra_mb": Most(20),
    "export_vs_fastapi_ratio": Least(3),
    "export_vs_hastened_ratio": Least(1.5),
}
DATABASE, ROLE, PASSWORD = "bench_export", "bench_export", "bench"
ROUNDS = 7
ROOT = Path(__file__).parents[2]
PORTICO = Kind(
    "portico-export",
    (sys.executable, "-m", "portico.cli", "serve", "benchmarks.apps.exported:app", "--port", "{port}"),
    ROOT,
    {},
)
FASTAPI = Kind("fastapi-export", uvicorn("benchmarks.apps.fastapi_export:app"), ROOT, {})
ADMIT = f"""
    do $$ begin
      if not exists (select from pg_roles where rolname = '{ROLE}') then
        create role {ROLE} login nosuperuser nobypassrls password '{PASSWORD}';
      end if;
    end $$;
    grant select on visits to {ROLE};
    grant execute on function pg_catalog.set_config(text, text, boolean) to {ROLE};
    create policy {ROLE} on visits to {ROLE}
      using (org_id = nullif((select current_setting('app.org', true)), '')::uuid)
"""
"""The peer as a role of its own, under the policy that Portico's role is under."""
TICK = 0.02
"""Seconds between two looks at the memory."""
LAST = b"0\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Took:
    """What one export took."""

    seconds: float
    digest: str
    """Of the body."""


async def measure(ground: Ground) -> Mapping[str, float]:
    """Seed a database, start both, export in turns."""
    await ground.cluster.drop(DATABASE)  # what an interrupted run has left
    urls = await ground.cluster.database(DATABASE)
    try:
        await exported.seed(urls)
        admin = Dsn(ground.cluster.admin_url(DATABASE))
        await _prepare(admin)
        peer = {"DATABASE_URL": admin.by(ROLE, PASSWORD).url}
        with started(PORTICO, exported.environment(urls)) as ours, started(FASTAPI, peer) as theirs:
            for running in (ours, theirs):
                await running.ready()
            extra = await asyncio.to_thread(_extra, ours)
            return {"export_200k_extra_mb": extra, **await asyncio.to_thread(_race, ground, ours, theirs)}
    finally:
        await ground.cluster.drop(DATABASE)


async def _prepare(admin: Dsn) -> None:
    connection = await asyncpg.connect(admin.url, timeout=10)
    try:
        await connection.execute(ADMIT)
        await connection.execute("vacuum analyze visits", timeout=300)
    finally:
        await connection.close()


def _race(ground: Ground, ours: Running, theirs: Running) -> dict[str, float]:
    """The ratios, the median of the rounds."""
    runners = {"portico": (ours, PATH), "fastapi": (theirs, PATH), "hastened": (theirs, f"{PATH}-hastened")}
    names, rounds, digests = [*runners], list[dict[str, float]](), set[str]()
    for runner in runners.values():
        _export(*runner)
    for number in range(ROUNDS):
        turn = number % len(names)
        took = {name: _export(*runners[name]) for name in (*names[turn:], *names[:turn])}
        digests |= {one.digest for one in took.values()}
        rounds.append({name: ROWS / one.seconds for name, one in took.items()})
        ground.say(f"  {number + 1}/{ROUNDS}  " + "  ".join(f"{name} {rounds[-1][name]:.0f} rows/s" for name in names))
    if len(digests) != 1:
        message = "the exports are not the same bytes, so that their ratios would mean nothing"
        raise ValueError(message)
    return {f"export_vs_{peer}_ratio": median(r["portico"] / r[peer] for r in rounds) for peer in names[1:]}


def _extra(running: Running) -> float:
    """MiB that the server holds at most while it sends, above what it held before."""
    before = running.memory()
    with _watched(running) as seen:
        _export(running, PATH)
    return max(seen) - before


def _export(running: Running, path: str) -> Took:
    """The whole export, read as fast as it comes; what it was is looked at when the clock has stopped."""
    member = WORLD.members[0]
    request = (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {member.token}\r\n"
        f"X-Org-Id: {member.org_id}\r\nConnection: close\r\n\r\n"
    )
    pieces = []
    with socket.create_connection(("127.0.0.1", running.port), timeout=60) as line:
        began = perf_counter()
        line.sendall(request.encode())
        while piece := line.recv(1 << 20):
            pieces.append(piece)
        seconds = perf_counter() - began
    head, _, body = b"".join(pieces).partition(b"\r\n\r\n")
    return Took(seconds, sha256(_rows(head, body)).hexdigest())


def _rows(head: bytes, body: bytes) -> bytes:
    """The body without its chunks; raises ValueError where it is not the whole export."""
    if b"transfer-encoding: chunked" in head.lower():
        body = b"".join(_chunks(body))
    rows = body.count(b"\n")
    if b" 200 " not in head[:20] or rows != ROWS:
        message = f"an export gave {rows} rows of {ROWS}: {head.decode()[:300]} {body.decode()[-300:]}"
        raise ValueError(message)
    return body


def _chunks(body: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(body):
        end = body.index(b"\r\n", at)
        size = int(body[at:end], 16)
        yield body[end + 2 : end + 2 + size]
        at = end + 2 + size + 2


@contextmanager
def _watched(running: Running) -> Iterator[list[float]]:
    """What the server holds, looked at again and again."""
    seen, over = [running.memory()], threading.Event()

    def look() -> None:
        while not over.wait(TICK):
            seen.append(running.memory())

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield seen
    finally:
        over.set()
        looking.join()
