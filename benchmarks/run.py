"""`make bench`: starts PostgreSQL and the servers, proves them equal, races them, writes the results."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast, get_args

from benchmarks import beside as measured
from benchmarks import databases, figures, report
from benchmarks import portico as ours
from benchmarks.databases import Dsn, check_durability, clone, prepare_template, settle
from benchmarks.equivalence import Different, Subject, prove
from benchmarks.load import Kind, tool, write_people
from benchmarks.race import PATHS, Contestant, Course, Race, race
from benchmarks.servers import Host, Running, install_hono, peers
from benchmarks.servers import Kind as ServerKind
from benchmarks.trips import Proxy
from benchmarks.world import BOOKINGS, ORGANIZATIONS
from portico.adapters.postgres.embedded import Embedded

FOLDER = Path(__file__).parent.parent / ".portico" / "benchmarks"
KINDS: tuple[Kind, ...] = tuple(report.TITLES)
SEEDED = ORGANIZATIONS * BOOKINGS


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says."""

    only: tuple[Kind, ...]
    peers: tuple[str, ...]
    rounds: int
    seconds: float
    host: Host
    peers_host: Host
    without_portico: bool

    @property
    def hosts(self) -> tuple[Host, Host]:
        """What Portico and what the Python peers run under."""
        return self.host, self.peers_host

    @property
    def whole(self) -> bool:
        """Whether everything is measured."""
        return set(self.only) == set(KINDS) and set(self.peers) == set(peers()) and not self.without_portico


@dataclass(slots=True)
class Field:
    """Everything that stands ready: the started servers, their databases, the files of the load."""

    options: Options
    cluster: Embedded
    folder: Path
    stack: ExitStack
    running: dict[str, Running] = field(default_factory=dict)
    environments: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def admin(self) -> Dsn:
        """The superuser, on no server's database."""
        return Dsn(self.cluster.admin_url("postgres"))

    @property
    def course(self) -> Course:
        """How the races are run."""
        return Course(self.options.rounds, self.options.seconds, lambda name: self.folder / f"{name}.tsv", say)

    def subject(self, name: str, running: Running, **changes: str) -> Subject:
        """The server as the proof of equivalence sees it."""
        database = self.admin.to(database_of(running.kind.name))
        return Subject(name, running.client(), database, running.kind.tables, **changes)


def main() -> None:
    """The command."""
    options = parse(sys.argv[1:])
    try:
        sys.exit(asyncio.run(guarded(options)))
    except (KeyboardInterrupt, asyncio.CancelledError):
        sys.exit("Interrupted; every server that was started is stopped.")
    except Different as error:
        sys.exit(f"The servers do not do the same work, so nothing was measured. {error}")


def parse(words: Sequence[str]) -> Options:
    """Reads the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", default=",".join(KINDS), help="of mutation,list,empty (default: all)")
    parser.add_argument("--peers", default=",".join(peers()), help="default: all")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5.0, help="of each round (default: 5)")
    parser.add_argument("--server", choices=get_args(Host), default="granian", help="what Portico runs under")
    parser.add_argument("--peers-server", choices=get_args(Host), default="uvicorn", help="what Python peers run under")
    parser.add_argument("--without-portico", action="store_true", help="the peers among themselves")
    given = parser.parse_args(words)
    only = tuple(kind for kind in KINDS if kind in given.only.split(","))
    chosen = tuple(name for name in peers() if name in given.peers.split(","))
    for what, names, known in (("--only", given.only, KINDS), ("--peers", given.peers, tuple(peers()))):
        if strange := [name for name in names.split(",") if name and name not in known]:
            parser.error(f"{what} knows {', '.join(known)}, not {', '.join(strange)}.")
    servers = cast("Host", given.server), cast("Host", given.peers_server)
    return Options(only, chosen, given.rounds, given.seconds, *servers, given.without_portico)


async def guarded(options: Options) -> int:
    """Runs so that SIGTERM ends like Ctrl-C: with nothing left behind."""
    task = asyncio.current_task()
    if task is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    async with await Embedded.start(FOLDER, port=0) as cluster:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            ground = Field(options, cluster, folder, stack)
            return await bench(ground)


async def bench(ground: Field) -> int:
    """The whole run; gives the exit code."""
    options = ground.options
    settings = await check_durability(ground.admin)
    say(f"PostgreSQL {settings['server_version']}, load by {tool()}. Seeding …")
    await prepare(ground)
    for name, running in ground.running.items():
        await prove_equal(ground, name, running)
    races = {kind: await one_race(ground, kind) for kind in options.only}
    await check_rows(ground)
    outcome = report.Outcome(races, options.peers, settings, options.hosts, options.rounds, options.seconds)
    await beside(ground, outcome)
    path = report.write(outcome, whole=options.whole)
    say(f"\n{report.as_markdown(outcome)}\nWritten to {path}.")
    if options.whole:
        await figures.measure([*figures.topics()], figures.Ground(ground.cluster, ground.folder, say))
    if outcome.errors():
        say(f"NOT VALID: failed requests {outcome.errors()}.")
    return 1 if outcome.errors() else 0


async def prepare(ground: Field) -> None:
    """Starts every server on a seeded database of its own, then pauses it."""
    if not ground.options.without_portico:
        name = database_of(ours.NAME)
        await ground.cluster.drop(name)
        urls = await ground.cluster.database(name)
        await ours.application().seed(urls)
        await start(ground, ours.kind(ground.options.host), ours.application().environment(urls))
    if "hono-pg" in ground.options.peers:
        install_hono()
    await prepare_template(ground.admin)
    for name in ground.options.peers:
        dsn = await clone(ground.admin, database_of(name))
        await start(ground, peers(ground.options.peers_host)[name], {"DATABASE_URL": dsn.url})


async def start(ground: Field, kind: ServerKind, environment: dict[str, str]) -> None:
    """Starts one server, learns the pages of its list, pauses it."""
    await settle(ground.admin, database_of(kind.name))
    running = Running(kind, environment)
    ground.stack.callback(running.stop)
    ground.running[kind.name], ground.environments[kind.name] = running, environment
    await running.ready()
    async with running.client() as client:
        write_people(ground.folder / f"{kind.name}.tsv", await measured.pages_of(client))
    running.pause()


async def prove_equal(ground: Field, name: str, running: Running) -> None:
    """Refuses to measure servers that do not do the same."""
    running.resume()
    subject = ground.subject(name, running)
    async with subject.client:
        await prove(subject)
        if name == ours.NAME:
            await prove(ground.subject(ours.ORM, running, path=ours.ORM_PATH), member=2)
    running.pause()
    say(f"  {name} does the work")


async def one_race(ground: Field, kind: Kind) -> Race:
    """One kind of request, all contestants."""
    say(f"\n{report.TITLES[kind]}")
    contestants = [Contestant(name, running, PATHS[kind]) for name, running in ground.running.items()]
    if kind == "mutation" and ours.NAME in ground.running:
        contestants.insert(1, Contestant(ours.ORM, ground.running[ours.NAME], ours.ORM_PATH))
    return await race(kind, contestants, ground.course)


async def check_rows(ground: Field) -> None:
    """Every booking has its audit row, its event and its remembered answer, after all that load too."""
    for name, running in ground.running.items():
        rows = await databases.count(ground.admin.to(database_of(name)), dict(running.kind.tables))
        rows["appointments"] -= SEEDED
        if len(set(rows.values())) != 1:
            raise Different(f"{name} wrote {rows}.")


async def beside(ground: Field, outcome: report.Outcome) -> None:
    """The figures that are no race."""
    for running in ground.running.values():
        running.stop()
    async with Proxy(ground.admin).listening() as proxy:
        for name, running in ground.running.items():
            outcome.trips[name] = await measured.trips(running.kind, through(proxy, ground.environments[name]), proxy)
    if ours.NAME in ground.running:
        kind, environment = ground.running[ours.NAME].kind, ground.environments[ours.NAME]
        for key in outcome.trips[ours.NAME]:
            outcome.trips[ours.NAME][key] -= ours.HANDLER_STATEMENTS
        outcome.extra["start_s"] = round(await measured.first_answer(kind, environment), 2)
        if ground.options.whole:
            outcome.extra["memory_growth_mb"] = round(await measured.growth(kind, environment, ground.course), 1)


def through(proxy: Proxy, environment: dict[str, str]) -> dict[str, str]:
    """The same environment, with every address of a database leading through the proxy."""
    address = "postgresql://"
    return {
        key: proxy.through(Dsn(value)).url if value.startswith(address) else value for key, value in environment.items()
    }


def database_of(name: str) -> str:
    """The database of a server."""
    return f"bench_{name.replace('-', '_')}"


def say(line: str) -> None:
    """Shows progress."""
    print(line, flush=True)
