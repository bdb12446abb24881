"""Bring the server up, or find it up: alive means that a connection succeeds."""

import contextlib
import socket
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote

import anyio
import asyncpg

from portico.adapters.postgres.embedded import binaries as programs
from portico.adapters.postgres.embedded import cluster
from portico.adapters.postgres.embedded.faults import PortInUse, ServerUnusable, StartFailed
from portico.adapters.postgres.embedded.log import ServerLog
from portico.adapters.postgres.embedded.place import Place
from portico.adapters.postgres.embedded.postmaster import Postmaster

PATIENCE = 120.0  # seconds until a server that recovers from a crash must answer
PATIENCE_WHEN_READY = 15.0  # seconds, where the server itself says that it is
SOCKET_PORT = 5432  # with a Unix socket only a part of its name
HASTY = {"fsync": "off", "full_page_writes": "off", "scram_iterations": "1"}
"""What spares the disk, and each connection the 2 ms in which its password, random as it is, would be stretched.

A server that is killed alone still loses nothing, for the system has its pages."""
LEFT = ("already exists", "pre-existing shared memory block")  # what a server's dying processes leave for a moment
LEFT_FOR = 15.0  # seconds, above the application's statement timeout


class Wanted(NamedTuple):
    """How a server is wanted that is not running yet."""

    port: int | None = None
    durable: bool = True
    """Whether what is committed outlasts a crash of the machine, not only one of the server."""


@dataclass(frozen=True)
class Door:
    """Where a server listens, for the addresses of its databases."""

    host: str
    port: int

    def url(self, role: str, password: str, database: str) -> str:
        """The address of a database as one role."""
        if self.host.startswith("/"):
            return f"postgresql://{role}:{password}@/{database}?host={quote(self.host)}&port={self.port}"
        return f"postgresql://{role}:{password}@{self.host}:{self.port}/{database}"


def door(running: Postmaster, port: int | None) -> Door:
    """The TCP port if one was asked for, else the socket."""
    return Door(running.socket if port is None else "127.0.0.1", running.port)


async def answering(place: Place, password: str) -> Postmaster | None:
    """The server of the place if it lives and answers, waiting while it starts or stops."""
    began = time.monotonic()
    while running := Postmaster.of(place.data):
        # The connection first: in another container the number of the process means nothing.
        if await connects(place, running, password):
            return running
        if not running.lives():
            running.forget()
            return None
        if time.monotonic() - began > (patience := PATIENCE_WHEN_READY if running.ready else PATIENCE):
            reason = f"process {running.pid} does not answer for {patience:.0f} s"
            raise StartFailed(place.folder, reason, f"see {place.log}, or end that process and start again")
        await anyio.sleep(0.02)
    return None


async def connects(place: Place, running: Postmaster, password: str) -> bool:
    """Whether a connection succeeds; a wrong password is an error, as no waiting mends it."""
    if not running.socket:  # it only begins to start
        return False
    url = door(running, None).url(cluster.SUPERUSER, password, "postgres")
    try:
        connection = await asyncpg.connect(url, timeout=10)
    except asyncpg.TooManyConnectionsError:
        return True
    except asyncpg.InvalidPasswordError:
        mend = f"bring back the old {place.own / 'secret'}, or move {place.own} away for an empty database"
        raise StartFailed(place.folder, "its secret does not open it", mend) from None
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False
    await connection.close(timeout=10)
    return True


async def launch(place: Place, password: str, wanted: Wanted) -> Postmaster:
    """Start the server, making its cluster if there is none, and wait until it answers."""
    installed = await anyio.to_thread.run_sync(programs.within_reach, programs.find(), place.account)
    if not cluster.check(place, installed):
        await anyio.to_thread.run_sync(cluster.create, place, installed, password)
    deadline = time.monotonic() + LEFT_FOR
    while True:
        said, error = await anyio.to_thread.run_sync(
            start, place, installed, wanted._replace(port=free_port(wanted.port))
        )
        async with stopped_on_failure(place):
            running = await answering(place, password)
        if running:
            return running
        if time.monotonic() > deadline or not any(word in said for word in LEFT):
            raise error
        await anyio.sleep(0.1)


@contextlib.asynccontextmanager
async def stopped_on_failure(place: Place) -> AsyncIterator[None]:
    """A server that turns out to be of no use is not left behind."""
    try:
        yield
    except BaseException:
        if running := Postmaster.of(place.data):
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(running.stop)
        raise


def start(place: Place, installed: programs.Binaries, wanted: Wanted) -> tuple[str, ServerUnusable]:
    """Start the server once; what it said, and what that means if it failed."""
    command = [installed.program("pg_ctl"), "start", "--silent", "--wait", f"--timeout={PATIENCE:.0f}"]
    for stale in place.socket().glob(".s.PGSQL.*"):  # a killed server's; its number may be a zombie's
        stale.unlink()
    with ServerLog(place) as log:
        place.account.run(
            # pg_ctl quotes paths badly: a name without a path needs no quotes.
            [*command, f"--pgdata={place.data.name}", f"--options={options(place, wanted)}"],
            within=place.home,
            output=log.descriptor,
        )
        return log.said(), log.explain("it did not start")


def options(place: Place, wanted: Wanted) -> str:
    """The server's options: always a socket, a port of this machine only if one was asked for."""
    chosen = {
        "unix_socket_directories": str(place.socket()),
        "listen_addresses": "" if wanted.port is None else "127.0.0.1",
        "port": str(SOCKET_PORT if wanted.port is None else wanted.port),
        **({} if wanted.durable else HASTY),
    }
    return " ".join(f"-c {name}={shell_word(value)}" for name, value in chosen.items())


def shell_word(value: str) -> str:
    """The value as `pg_ctl` hands it to a shell."""
    return "'" + value.replace("'", "'\\''") + "'"


def free_port(port: int | None) -> int | None:
    """The port, if nobody has it; one that nobody has, for 0."""
    if port is None:
        return None
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise PortInUse(port) from None
        return int(probe.getsockname()[1])
