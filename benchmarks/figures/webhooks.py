"""How fast one worker delivers webhooks, and what a hanging endpoint costs the others.

The receiver is a small server in this process; the worker is `portico worker` in a process of its own. The hanging
endpoint takes a request and answers after 30 s; rounds with it and without take turns, and in those without it nothing
hangs.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pydantic_core import from_json

from benchmarks.figures import Ground, Least, Most
from portico import Anyone, App, Event, Module, Org, OrgContext, User
from portico.adapters.postgres.doorbell import CHANNEL
from portico.adapters.postgres.servers import Urls
from portico.app.migrating import migrate
from portico.modules import identity, organizations, webhooks
from portico.modules.webhooks import NewEndpoint, create_endpoint
from portico.testing import Harness, open_harness
from portico.testing.harness import settings_for

WANTED: Mapping[str, Most | Least] = {"deliveries_per_second": Least(300), "hanging_endpoint_p99_ratio": Most(1.5)}
ENDPOINTS, EVENTS = 20, 200
"""Of the rate."""
ROUNDS, BEATS, BEAT = 3, 100, 0.05
"""Of the ratio: rounds of each kind, events in one, seconds between two."""
HANG, PATIENCE = 30.0, 120.0
NAME = "figures_webhooks"
EMIT = """
insert into portico.outbox (org_id, name, data) select $1, 'bench.done', jsonb_build_object('number', n)
  from generate_series(1, $2::int) n
"""
SWITCH = "update portico.webhook_endpoints set enabled = $1 where url like '%/hang'"
module = Module("bench")


class Done(Event, name="bench.done"):
    """Something was done."""

    number: int


@module.mutation("POST /done", Anyone("a benchmark"))
async def done(ctx: OrgContext, number: int) -> None:
    """Do something."""
    ctx.emit(Done(number=number))


app = App("bench", modules=[module, identity, organizations, webhooks])


@dataclass
class Receiver:
    """Takes deliveries, and notes when each came and how old it was."""

    arrivals: list[float] = field(default_factory=list)
    ages: list[float] = field(default_factory=list)
    wanted: int = 0
    full: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    hanging: int = 0
    port: int = 0

    def expect(self, deliveries: int) -> None:
        """Begin anew, and be full after so many."""
        self.arrivals, self.ages, self.wanted = [], [], deliveries
        self.full.clear()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, kept for as long as the worker wants."""
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
                body = await reader.readexactly(length)
                if b" /hang " in head:
                    self.hanging += 1
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self.released.wait(), HANG)
                    self.hanging -= 1
                else:
                    self.note(body)
                writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        writer.close()

    def note(self, body: bytes) -> None:
        """A delivery has come."""
        now = time.time()
        self.arrivals.append(now)
        self.ages.append(now - datetime.fromisoformat(from_json(body)["timestamp"]).timestamp())
        if len(self.arrivals) >= self.wanted:
            self.full.set()


@dataclass
class Bench:
    """The application on a database of its own, and the receiver."""

    harness: Harness
    receiver: Receiver
    org: Org
    owner: User

    async def endpoint(self, path: str) -> None:
        """One more endpoint at the receiver."""
        data = NewEndpoint(url=f"http://127.0.0.1:{self.receiver.port}{path}", events=["*"])
        (await app.as_(self.owner, org=self.org.id).call(create_endpoint, data=data)).unwrap()

    async def emit(self, events: int) -> None:
        """Emit, and wake the worker, as calls would have done it."""
        await self.harness.rows(EMIT, self.org.id, events)
        await self.harness.rows(f"notify {CHANNEL}")


async def measure(ground: Ground) -> dict[str, float]:
    """The rate first; then the rounds."""
    figures = {}
    async with prepared(ground) as bench:
        for number in range(ENDPOINTS):
            await bench.endpoint(f"/{number}")
        figures["deliveries_per_second"] = await rate(bench, ground.folder)
        await bench.harness.rows("delete from portico.webhook_endpoints where url not like '%/0'")
        for path in ("/1", "/2", "/hang"):
            await bench.endpoint(path)
        figures["hanging_endpoint_p99_ratio"] = await ratio(bench, ground)
    return figures


@asynccontextmanager
async def prepared(ground: Ground) -> AsyncIterator[Bench]:
    """A database, an organization, a receiver that listens."""
    await ground.cluster.drop(NAME)
    urls = await ground.cluster.database(NAME)
    await migrate(app, urls, settings_for(urls), report=lambda _: None)
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    receiver.port = server.sockets[0].getsockname()[1]
    settings: dict[str, object] = {"portico_folder": ground.folder, "portico_rate_limit_factor": 1e6}
    async with open_harness(app, urls, portico_reach_private=True, **settings) as harness:
        org = await harness.organization("Bench")
        yield Bench(harness, receiver, org, await harness.member("ann@example.com", org=org.id, role="owner"))
    server.close()
    await ground.cluster.drop(NAME)


async def rate(bench: Bench, folder: Path) -> float:
    """Deliveries a second from the first arrival to the last, with all of them emitted before the worker starts."""
    receiver = bench.receiver
    receiver.expect(ENDPOINTS * EVENTS)
    await bench.emit(EVENTS)
    async with working(bench.harness.urls, folder):
        await asyncio.wait_for(receiver.full.wait(), PATIENCE)
    return (len(receiver.arrivals) - 1) / (receiver.arrivals[-1] - receiver.arrivals[0])


async def ratio(bench: Bench, ground: Ground) -> float:
    """The 99th percentile of the others' ages while one endpoint hangs, over that while none does."""
    ages: dict[bool, list[float]] = {True: [], False: []}
    async with working(bench.harness.urls, ground.folder):
        await one_round(bench, hangs=False)  # what is slow the first time is nobody's fault
        for _ in range(ROUNDS):
            for hangs in ages:
                ages[hangs] += await one_round(bench, hangs=hangs)
    p99 = {hangs: sorted(found)[int(len(found) * 0.99)] for hangs, found in ages.items()}
    ground.say(f"  p99 {p99[True] * 1000:.0f} ms while one hangs, {p99[False] * 1000:.0f} ms while none does")
    return p99[True] / p99[False]


async def one_round(bench: Bench, *, hangs: bool) -> list[float]:
    """How old deliveries were on arrival at the endpoints that do not hang."""
    receiver = bench.receiver
    await bench.harness.rows(SWITCH, hangs)
    if hangs:
        receiver.released.clear()
    else:
        receiver.released.set()
    receiver.expect(3 * BEATS)
    for beat in range(BEATS):
        await bench.emit(1)
        await asyncio.sleep(BEAT)
        if hangs and beat == BEATS // 2 and not receiver.hanging:
            raise RuntimeError("nothing hangs: the figure would say nothing")
    await asyncio.wait_for(receiver.full.wait(), PATIENCE)
    return receiver.ages


@asynccontextmanager
async def working(urls: Urls, folder: Path) -> AsyncIterator[None]:
    """One worker process."""
    secret = settings_for(urls).secret_key
    environment = {
        **os.environ,
        "DATABASE_URL": urls.app,
        "DATABASE_WORKER_URL": urls.worker,
        "SECRET_KEY": secret.get_secret_value() if secret else "",
        "PORTICO_FOLDER": str(folder),
        "PORTICO_MAIL": "mailbox",
        "PORTICO_URL": "https://bench.example.com",
        "PORTICO_REACH_PRIVATE": "true",
        "PORTICO_GRACE": "1",
    }
    command = (sys.executable, "-m", "portico.cli", "worker", f"{__name__}:app")
    process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        await asyncio.wait_for(process.wait(), 30)
