"""The embedded server as its users see it."""

import contextlib
import hashlib
import hmac
import re
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import anyio
import asyncpg

from portico.adapters.postgres.bootstrap import ROLES, create_roles, prepare_database
from portico.adapters.postgres.embedded import cluster
from portico.adapters.postgres.embedded.faults import DiskFull, NotSupported, StartFailed
from portico.adapters.postgres.embedded.launcher import Door, Wanted, answering, door, launch, stopped_on_failure
from portico.adapters.postgres.embedded.locks import Lock, locked, try_lock
from portico.adapters.postgres.embedded.place import Place, fault, settle
from portico.adapters.postgres.embedded.postmaster import Postmaster
from portico.adapters.postgres.servers import Urls

NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")


class Embedded:
    """A PostgreSQL server in a folder, shared by every process that started it and has not stopped it.

    Made by `start`. A holder that is killed lets go by dying, and the server runs on for the others; the last one that
    stops it stops it cleanly.
    """

    def __init__(self, place: Place, running: Postmaster, *, at: Door, hold: Lock) -> None:
        self.log = place.log
        self._place, self._running, self._door = place, running, at
        self._secret = place.secret()
        self._hold: Lock | None = hold

    @classmethod
    async def start(cls, folder: Path, *, port: int | None = None, durable: bool = True) -> Self:
        """Hold the server of a folder: the running one, or a new start of it, or a new one.

        It listens on a Unix socket; with `port` also on 127.0.0.1 (0: any free port), which its addresses then name.
        `durable=False` is for tests, whose data may go with the machine: a server that starts then waits for no disk.
        Raises `ServerUnusable`.
        """
        if sys.platform == "win32":
            raise NotSupported("it needs Linux or macOS")
        place = settle(folder)
        with explained(place):
            async with locked(place.gate):
                running = await brought_up(place, Wanted(port, durable))
                hold = share(place)
        return cls(place, running, at=door(running, port), hold=hold)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        await self.stop()

    async def stop(self) -> None:
        """Let go of the server; the last one out stops it."""
        if self._hold is None:
            return
        hold, self._hold = self._hold, None
        with anyio.CancelScope(shield=True):
            try:
                async with locked(self._place.gate):
                    hold.close()
                    if is_free(self._place):
                        # Not always the one that we started: it may have crashed and another holder have come.
                        current = Postmaster.of(self._place.data) or self._running
                        await anyio.to_thread.run_sync(current.stop)
            except FileNotFoundError:  # the folder was deleted: nobody can come to this server any more
                await anyio.to_thread.run_sync(self._running.stop)

    async def database(self, name: str, *, template: str | None = None) -> Urls:
        """The addresses of a database, made if missing: empty and prepared, or a copy of `template`.

        Nobody may be connected to the template while it is copied.
        """
        identifier(name)
        async with session(self.admin_url("postgres")) as admin:
            if not await admin.fetchval("select true from pg_database where datname = $1", name):
                await create_database(admin, name, template)
            if template:  # the rest came with the copy
                await admin.execute(f"revoke temporary on database {name} from public")
        if not template:
            async with session(self.admin_url(name)) as admin:
                await prepare_database(admin)
        return Urls.of(lambda role: self._door.url(role, password_of(role, self._secret), name))

    async def drop(self, name: str) -> None:
        """Remove a database, with the sessions in it, if it is there."""
        async with session(self.admin_url("postgres")) as admin:
            await admin.execute(f"drop database if exists {identifier(name)} with (force)")

    def admin_url(self, name: str) -> str:
        """The address of a database as the superuser, for tests and maintenance only."""
        return self._door.url(cluster.SUPERUSER, password_of(cluster.SUPERUSER, self._secret), name)


def identifier(name: str) -> str:
    """The name, if it is one that needs no quotes."""
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} cannot name a database: use lower-case letters, digits and _, at most 63.")
    return name


def password_of(role: str, secret: str) -> str:
    """Every role's own password, derived so that only one secret is kept."""
    return hmac.digest(secret.encode(), role.encode(), hashlib.sha256).hex()


@contextlib.contextmanager
def explained(place: Place) -> Iterator[None]:
    """Errors of the driver and of the file system, said as what they mean for the server."""
    try:
        yield
    except asyncpg.DiskFullError as error:
        raise DiskFull(place.home) from error
    except (asyncpg.PostgresError, asyncpg.InterfaceError, ConnectionError, TimeoutError) as error:
        raise StartFailed(place.folder, str(error), f"see {place.log}") from error
    except OSError as error:
        raise fault(error, place.folder) from error


@contextlib.asynccontextmanager
async def session(url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection for a moment, every wait of it bounded."""
    connection = await asyncpg.connect(url, timeout=10, command_timeout=60)
    try:
        yield connection
    finally:
        await connection.close(timeout=10)


async def create_database(admin: asyncpg.Connection, name: str, template: str | None) -> None:
    """Create a database of the owner's, from scratch or as a copy."""
    source = f"template {identifier(template)}" if template else ""
    with contextlib.suppress(asyncpg.DuplicateDatabaseError, asyncpg.UniqueViolationError):  # another was faster
        await admin.execute(f"create database {name} owner portico_owner {source}")


def share(place: Place) -> Lock:
    """Be one of the server's holders: only whoever has the gate asks for this lock alone, and we have it."""
    hold = try_lock(place.holders, shared=True)
    if hold is None:
        raise StartFailed(place.folder, "holders.lock is taken by a foreign program", "end that program")
    return hold


async def brought_up(place: Place, wanted: Wanted) -> Postmaster:
    """The running server, started if it does not run, or if it runs for nobody and without the port."""
    password = password_of(cluster.SUPERUSER, place.secret())
    running = await answering(place, password)
    if running and not running.listens(wanted.port):
        if not is_free(place):
            mend = "stop the other processes that use it, or leave the port out"
            raise StartFailed(place.folder, f"it runs without port {wanted.port}", mend)
        await anyio.to_thread.run_sync(running.stop)
        running = None
    if running is None:
        running = await launch(place, password, wanted)
    if is_free(place):
        async with stopped_on_failure(place):
            await provide_roles(running, place.secret())
    return running


def is_free(place: Place) -> bool:
    """Whether nobody holds the server."""
    alone = try_lock(place.holders)
    if alone is not None:
        alone.close()
    return alone is not None


async def provide_roles(running: Postmaster, secret: str) -> None:
    """Create the four roles, for the first holder each time: one before may have died between start and creation."""
    url = door(running, None).url(cluster.SUPERUSER, password_of(cluster.SUPERUSER, secret), "postgres")
    async with session(url) as admin:
        await create_roles(admin, passwords={role: password_of(role, secret) for role in ROLES})
